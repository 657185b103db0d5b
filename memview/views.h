/*
 * views.h - the pictures of a trace: each a function that writes to a stream
 *
 * All return 0, or -1 with errno set if the stream could not be written.
 */
#ifndef VIEWS_H
#define VIEWS_H

#include "trace.h"

#define NO_STEP SIZE_MAX

struct view_options {
	size_t step;   /* the step to show; NO_STEP: the last */
	size_t before; /* show what changed since this step; NO_STEP: since the one before */
	bool resident; /* resident beside virtual (only if the trace has it) */
	bool all;      /* libraries unfolded */
	bool ascii;    /* no characters beyond ASCII */
	bool colour;   /* terminal only */
	int width;     /* columns, terminal only */
};

/* One step; or before and after side by side, if options.before is not NO_STEP. */
int view_svg(const struct trace *t, const struct view_options *o, FILE *out);
/* The whole trace in one self-contained page. */
int view_html(const struct trace *t, const struct view_options *o, FILE *out);
/* The areas of one step, changed rows marked. */
int view_terminal(const struct trace *t, const struct view_options *o, FILE *out);
/* The same of any areas; rows that c (or NULL) changed are marked. page: bytes in one. */
int view_areas(const struct areas *a, const struct changes *c, uint64_t page,
	       const struct view_options *o, FILE *out);
/* Only what the step changed, and why: some lines. r stands before the step. */
int view_step(const struct trace *t, size_t step, const struct replay *r,
	      const struct view_options *o, FILE *out);

#endif
