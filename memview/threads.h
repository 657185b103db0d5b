/*
 * threads.h - whom the tracer follows: threads, and the address spaces that they share
 */
#ifndef THREADS_H
#define THREADS_H

#include "calls.h"
#include "lines.h"
#include "space.h"

/* An address space with its place in the recording. A vfork child shares its parent's. */
struct memory {
	struct space space;
	uint32_t index;
	int users; /* threads */
	struct lines *lines;
	struct thread *busy; /* whose call is under way: all others wait for it to be recorded */
	struct knowns gone;  /* threads that ended meanwhile, to be recorded */
};

struct thread {
	pid_t tid, pid;
	struct memory *memory; /* NULL before the first exec, or if it cannot be read */
	struct call call;
	struct place place;
	bool stopped; /* at its start, until its parent's call has told who it is */
	bool known;   /* the parent's call has told */
	bool held;    /* at a call, waiting for the busy one */
};

struct threads {
	struct thread **v;
	size_t n, room;
};

struct thread *threads_find(const struct threads *ts, pid_t tid);
struct thread *threads_add(struct threads *ts, pid_t tid);
void threads_remove(struct threads *ts, struct thread *t);

struct memory *memory_new(pid_t pid, uint32_t index, struct trace *names, bool *readable);
void memory_free(struct memory *m);
void memory_use(struct thread *t, struct memory *m); /* takes the place of the one before */

#endif
