/*
 * options.h - the command line, read once
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "views.h"

#define VERSION "1.0"

struct options {
	const char *svg, *html, *json; /* files to write, or NULL */
	const char *out;	       /* record -o */
	bool predict;
	bool step_given;
	struct view_options view;
};

/* Each command gets the operands that follow it and returns memview's exit status. */
int snapshot_command(struct options *o, int argc, char **argv);
int run_command(struct options *o, int argc, char **argv);
int record_command(struct options *o, int argc, char **argv);
int show_command(struct options *o, int argc, char **argv);
int diff_command(struct options *o, int argc, char **argv);
int watch_command(struct options *o, int argc, char **argv);

/* Ends memview (err) if one of the files that the options name cannot be written: before a run. */
void check_files(const struct options *o);
/* Write t to the files that the options name; ends memview (err) if one cannot be written. */
void write_files(const struct options *o, const struct trace *t);
/* One of those files is standard output: nothing else must go there. */
bool quiet(const struct options *o);
/* Ends memview (err) if standard output could not be written. */
void finish(void);
/* The PID that text is, or 0 after a line on stderr. */
pid_t read_pid(const char *text);

#endif
