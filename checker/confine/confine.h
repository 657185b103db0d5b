/* confine.h - what the parts of confine share */
#ifndef CONFINE_H
#define CONFINE_H

#include "protocol.h"
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

#define POLL_MS	    50		  /* how often running jobs are looked at */
#define TRACE_LIMIT (256LL << 20) /* bytes that strace may write for a job */

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
long long now_ms(void);
void *resize(void *old, size_t size);

/* ---- box.c: the sandbox ---- */

struct folder {
	const char *outside, *inside;
	bool writable;
};

struct box {
	const char *level, *init, *work;
	struct folder *folders;
	size_t folder_count;
	long tmp_kb, shm_kb, small_kb;
	char *tmp;   /* the private folder where there are no namespaces */
	pid_t child; /* bwrap, or init itself; 0 once it has ended */
	bool started;
	pid_t init_pid;
	int control;
	int complaints; /* reads what bwrap wrote on standard error */
};

void start_box(struct box *box);
int box_says(struct box *box, struct tell *tell, pid_t *sender);
void stop_box(struct box *box);
_Noreturn void box_failed(struct box *box, const char *what);
bool has_namespaces(const struct box *box);

/* ---- filter.c: the system calls that a job may not make ---- */

void *seccomp_program(pid_t init, size_t *size);
const char *call_name(long number, char text[32]);

/* ---- proc.c: the processes of the sandbox, as /proc shows them ---- */

struct process {
	pid_t pid;
	unsigned long long started;  /* with the PID: which process it is */
	unsigned long long switches; /* context switches of all its tasks */
	unsigned long long ticks;    /* CPU time, its reaped children's too */
	long memory_kb;		     /* RssAnon + RssShmem */
	bool alive;		     /* has a task that is not a zombie */
	bool asleep;		     /* all its tasks are blocked, interruptibly */
	int job;		     /* its index, or one of those below */
};

enum { UNKNOWN_JOB = -1, FORMER_JOB = -2 }; /* the latter's place has been taken by another */

struct processes {
	struct process *list;
	size_t count, room;
};

void scan_processes(struct processes *found, pid_t init_pid);
bool reads_pipe(pid_t pid, unsigned long pipe_inode);
long blocked_call(pid_t pid);
pid_t tracer_of(pid_t pid);
char state_of(pid_t pid, unsigned long long *switches);
long tasks_of_user(void);
/*
 * KiB of the kernel's memory that may be filled by what was sent over Unix sockets, in the network
 * namespace of the process: for each socket what may be under way, net.core.wmem_default (socket(7)).
 */
long socket_kb(pid_t pid);
bool shared_memory_flooded(void);

/* ---- job.c: one program run ---- */

enum phase {
	FREE,
	STARTING, /* init has been asked */
	FREEZING, /* waits for its tracer */
	RUNNING,
	ENDING, /* the main process has ended: tidy up */
	ENDED,	/* `line` says how */
};

struct output {
	int fd, file;		 /* -1 once closed */
	unsigned long long left; /* bytes until the limit */
};

struct job {
	enum phase phase;
	char *name;
	pid_t pid;
	unsigned long long mark; /* a limit by which its processes are known */
	struct output out, err;
	unsigned long long cap;
	int in; /* we write here: the job's standard input; -1: no pipe, or closed */
	unsigned long in_inode;
	bool closing_in;
	char *input; /* not yet written */
	size_t input_size;
	int maps; /* what init copied at a fault, and where it goes */
	char *maps_path;
	bool flooded; /* wrote more than its limit */
	long rss_kb, cpu_seconds, wall_ms, idle_ms;
	long long started, deadline, idle_since, ended_at;
	const char *limit; /* why we killed it */
	char blocked[32];  /* for the limit idle: in which system call */
	struct tell end;
	int leftover;
	bool swept; /* what was left behind has been dealt with */
	/* the tracer */
	char **strace;
	char *trace_path;
	pid_t tracer;
	bool tracer_lost, tracer_told;
	unsigned long long frozen_switches;
	char *line;
};

extern struct job jobs[MAX_JOBS];

struct request {
	int count;
	char **words;
};

const char *new_job(struct box *box, struct job *job, const struct request *request);
void drop_job(struct job *job);
void check_job_files(const struct job *job);
void close_job_files(struct job *job);
void drain(struct job *job);
void feed(struct job *job);
bool input_taken(const struct job *job);
void write_line(struct job *job);

/* ---- probe.c: which levels work here ---- */

int probe(const struct box *box);

/* ---- trace.c: strace, outside the sandbox ---- */

void start_tracer(struct job *job);
bool tracer_ready(struct job *job);
void tracer_ended(pid_t pid, int status);

#endif
