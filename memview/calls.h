/*
 * calls.h - the system calls that change memory: which they are, and their arguments as text
 */
#ifndef CALLS_H
#define CALLS_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CALL_TEXT 512

struct call {
	long nr;
	uint64_t args[6];
	uint64_t ip, sp;
	char text[CALL_TEXT];
};

/* Fill in c->text; strings are read from the thread's memory. */
void call_decode(struct call *c, pid_t tid);
/* What it returned: an address, a number, or "-1 ENOMEM". */
void call_result(const struct call *c, int64_t value, bool failed, char *text, size_t size);
/* The label of a mark, write(-1, "mv:LABEL", n), into label. False if it is none. */
bool call_label(const struct call *c, pid_t tid, char *label, size_t size);

/* Of a call that makes a thread or a process: */
struct clone {
	uint64_t flags;
	uint64_t stack, size; /* size 0 if only its end is known, which stack is then */
};
bool call_clone(const struct call *c, pid_t tid, struct clone *to); /* false: another call */

/* The addresses where a successful call may have made a mapping: [*start, *end), or one from *start on
 * if *end is UINT64_MAX */
bool call_makes(const struct call *c, int64_t value, uint64_t page, uint64_t *start, uint64_t *end);
/* The addresses whose mappings a successful call has removed or replaced */
bool call_removes(const struct call *c, int64_t value, uint64_t page, uint64_t *start,
		  uint64_t *end);
/* The only addresses where a successful call may have changed mappings; false: it may be anywhere */
bool call_keeps_to(const struct call *c, int64_t value, uint64_t page, uint64_t *start,
		   uint64_t *end);
bool call_is_exec(const struct call *c);
bool call_is_brk(const struct call *c);
bool call_maps_stack(const struct call *c); /* mmap(MAP_STACK) */
bool call_is_fixed(const struct call *c);   /* takes the place of what is there */
bool call_maps_file(const struct call *c);  /* mmap() of a file */
/* madvise() that installs (+1) or removes (-1) guards; else 0 */
int call_guards(const struct call *c);
/* May there be guards after it? Even if it fails: then it went as far as it could. */
bool call_may_guard(const struct call *c);

/* A seccomp filter that stops these calls for the tracer, and lets all others run freely. */
struct sock_fprog calls_filter(void);

#endif
