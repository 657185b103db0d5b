/*
 * trace.c - strace for a job: outside the sandbox, where the job cannot reach it
 *
 * The job is frozen in poll() before its exec. It may go on when strace has seized it, stopped it
 * and let it run into the same poll() again: each of the two shows as a context switch.
 */
#include "confine.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void become_strace(struct job *job)
{
	char pid[16], *argv[64] = {"strace", "-f", "-o", job->trace_path};
	sigset_t none;
	int count = 4;

	for (char **word = job->strace; word && *word && count < 60; word++)
		argv[count++] = *word;
	snprintf(pid, sizeof(pid), "%d", job->pid);
	argv[count++] = "-p";
	argv[count++] = pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(2, 1);
	execvp("strace", argv);
	dprintf(2, "confine: strace: %s\n", strerror(errno));
	_exit(127);
}

void start_tracer(struct job *job)
{
	if (state_of(job->pid, &job->frozen_switches) != 'S')
		return; /* not in poll() yet: again in a moment */
	job->tracer = fork();
	if (job->tracer == 0)
		become_strace(job);
	if (job->tracer < 0) {
		job->tracer = 0;
		job->tracer_lost = true;
	}
}

bool tracer_ready(struct job *job)
{
	unsigned long long switches;

	return job->tracer && tracer_of(job->pid) == job->tracer &&
	       state_of(job->pid, &switches) == 'S' && switches >= job->frozen_switches + 2;
}

/*
 * strace ends by itself, with status 0, when the last process that it traces has ended. It can give
 * up when many are killed at once: once they are, by a limit, nothing more was to be traced.
 */
void tracer_ended(pid_t pid, int status)
{
	for (int i = 0; i < MAX_JOBS; i++) {
		if (jobs[i].phase == FREE || jobs[i].tracer != pid)
			continue;
		jobs[i].tracer = 0;
		if (!jobs[i].tracer_told && !jobs[i].limit &&
		    (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
			jobs[i].tracer_lost = true;
	}
}
