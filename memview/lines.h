/*
 * lines.h - which source line of the program made a call
 */
#ifndef LINES_H
#define LINES_H

#include "calls.h"
#include "trace.h"

struct lines;

struct place {
	const char *at, *in; /* "hello.c:12", "main"; names of the trace, "" if not known */
};

struct lines *lines_new(pid_t pid, struct trace *names);
void lines_free(struct lines *l);
/* Code was mapped or unmapped: look again at what is where, when next needed. */
void lines_stale(struct lines *l);
/* The innermost function on tid's stack that has debug information. tid must be stopped. */
struct place lines_find(struct lines *l, pid_t tid, const struct call *c);

#endif
