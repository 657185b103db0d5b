/* init.h - what the parts of confine-init share */
#ifndef INIT_H
#define INIT_H

#include "protocol.h"
#include <signal.h>

struct job {
	pid_t pid;     /* 0: the place is free */
	int status_fd; /* -1 once exec has happened or failed */
	int maps_fd;
	bool light, frozen;
	siginfo_t fault; /* the last fatal-looking signal; si_signo 0: none */
	pid_t fault_task;
	bool has_maps;
	int execs; /* by it and its descendants, its own start included */
};

extern struct job jobs[MAX_JOBS];
extern const char *level;

/* child.c: runs in the new process; never returns */
_Noreturn void become_job(int job, const struct spawn *spawn, const char *strings, size_t size,
			  const int fds[SPAWN_FDS], int status_fd);
void keep_filter(const void *program, size_t size);

/* follow.c: ptrace of a job and all its descendants, to see the signals that they get */
bool follow(pid_t pid);
void followed_stop(pid_t task, int status);

/* landlock.c: a rule set for the jobs, as a descriptor; one for init itself; -1 with errno */
int landlock_rules(char *const writable[]);
int landlock_enter(int rules);
int landlock_scope(void);
extern int rules_fd;

#endif
