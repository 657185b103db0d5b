/*
 * protocol.h - what confine and confine-init say to each other
 *
 * They talk over one SOCK_SEQPACKET socket, the only descriptor that reaches into the sandbox. A
 * message is a struct ask or a struct tell; the kernel adds the sender's PID, as the receiver
 * sees it.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define CONTROL_FD  3
#define MAX_JOBS    32
#define MAX_MESSAGE (160 * 1024)

/* The limits that the kernel keeps for each process, by index in struct spawn. */
enum {
	LIMIT_AS,
	LIMIT_DATA,
	LIMIT_FSIZE,
	LIMIT_STACK,
	LIMIT_NOFILE,
	LIMIT_NPROC,
	LIMIT_CPU,
	LIMIT_MSGQUEUE,
	LIMITS
};

enum ask_what {
	ASK_FILTER,   /* the seccomp program: it follows the struct */
	ASK_SPAWN,    /* struct spawn and its strings follow; four descriptors come along */
	ASK_GO,	      /* let a job that is frozen for its tracer run */
	ASK_SIGNAL,   /* to a job's main process */
	ASK_KILL_ALL, /* everything in the sandbox, then TELL_CLEAN */
};

struct ask {
	int what, job, number;
};

struct spawn {
	rlim_t limit[LIMITS];
	mode_t umask;
	bool light;	/* followed by init, to see faults */
	bool frozen;	/* waits for ASK_GO: a tracer comes first */
	int argc, envc; /* strings: cwd, argv, environment, each ended by a NUL */
};

/* What comes along with ASK_SPAWN; the last receives a copy of /proc/PID/maps at a fault. */
enum { FD_IN, FD_OUT, FD_ERR, FD_MAPS, SPAWN_FDS };

enum tell_what {
	TELL_READY,	  /* init is up */
	TELL_HELLO,	  /* from the job itself before exec: shows its PID */
	TELL_STARTED,	  /* exec has happened */
	TELL_UNSTARTABLE, /* number: errno */
	TELL_ENDED,	  /* the main process; number: its wait status */
	TELL_SIGNALLED,	  /* number: 0, or errno */
	TELL_CLEAN,	  /* nothing is left in the sandbox */
	TELL_FAILED,	  /* init cannot work; number: errno */
};

struct tell {
	int what, job, number;
	int code;	/* TELL_ENDED by a signal: si_code, if has_fault */
	bool has_fault; /* the signal's delivery was seen */
	bool has_maps;
	uint64_t address; /* si_addr */
	uint64_t cpu_us;
	int execs; /* seen while it was followed */
};

/* ending.c */
void kill_children(void);
void end_children(void);
void remove_folder(const char *path);

#endif
