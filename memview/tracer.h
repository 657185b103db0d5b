/*
 * tracer.h - follow a program, its threads and children, from memory call to memory call
 */
#ifndef TRACER_H
#define TRACER_H

#include <signal.h>

#include "record.h"

/*
 * Start argv[0] (found at path) and record its steps until it and all that it started have ended.
 * Returns the wait status of the program, or -1 after one line on stderr if it could not be
 * started or traced; *error is then the exit status to give: 125, 126 or 127.
 */
int trace_program(struct recorder *r, const char *path, char *const *argv, int *error);

/* Attach to pid, which ends if memview does. False with errno set if that is not permitted. */
bool tracer_seize(pid_t pid);
/* Record all that root, which is seized, and its children do, until they end: root's status. */
int tracer_follow(struct recorder *r, pid_t root);

/* From now on the signal ends a call that blocks, with EINTR, and does nothing else; *was as before, if not NULL. */
void interrupted_by(int signal, struct sigaction *was);

/* Called at each mark, before the program goes on. */
extern void (*trace_at_mark)(struct recorder *r, uint32_t space, const char *label);

#endif
