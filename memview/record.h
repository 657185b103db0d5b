/*
 * record.h - from a living process to steps: shown, written, kept
 */
#ifndef RECORD_H
#define RECORD_H

#include "space.h"
#include "trace.h"
#include "views.h"

/* Fill in what all recordings of this machine begin with. */
void trace_begin(struct trace *t, char *const *command, bool resident);
/* The step paints all of a into an empty space. */
void step_paint_all(struct step *s, const struct areas *a);
/* One line on stderr: why pid cannot be looked at. */
void say_why_not(pid_t pid, int error);

/*
 * Steps go, as they come, to the recording (json) and to the terminal (live); they stay in memory
 * only if keep is set. So a recording of any length takes no more memory than the states of the
 * address spaces that are alive.
 */
struct recorder {
	struct trace *t;
	FILE *json, *live; /* or NULL */
	const struct view_options *view;
	bool keep;
	struct replay now;	   /* every space as after the last step */
	struct step last;	   /* what the step before had, for the writer */
	uint64_t began;		   /* microseconds */
	struct areas was, painted; /* scratch */
	struct changes changes;
};

void recorder_begin(struct recorder *r, char *const *command, bool resident);
/*
 * One step: space s->space is now as after says (NULL: unchanged). What lies in [from, to) was
 * replaced, even if it looks the same. The time is filled in.
 */
void recorder_step(struct recorder *r, struct step s, const struct areas *after, uint64_t from,
		   uint64_t to);
const struct areas *recorder_areas(const struct recorder *r, uint32_t space);
/* Writes the end of the recording; ends memview (err) if it could not be written. */
void recorder_end(struct recorder *r, const char *path);
void recorder_free(struct recorder *r);

#endif
