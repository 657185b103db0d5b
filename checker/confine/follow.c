/*
 * follow.c - see the signals that kill a job, without changing how it runs
 *
 * The tasks of a job are seized, not attached: no SIGSTOP, no SIGTRAP at exec, and group-stops
 * (SIGSTOP, SIGCONT) work as ever. Only a signal's delivery, a fork, a clone or an exec stops
 * a task, briefly.
 */
#include "init.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAPS_LIMIT (4 << 20)

bool follow(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, 0,
		      PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			      PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) == 0;
}

/* The value of a line of /proc/TASK/status, read with BASE. */
static unsigned long long status_value(pid_t task, const char *name, int base)
{
	char path[64], text[4096], *line;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", task);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	line = strstr(text, name);
	return line ? strtoull(line + strlen(name), NULL, base) : 0;
}

static void copy_maps(struct job *job, pid_t task)
{
	char path[64], text[65536];
	size_t total = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/maps", task);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	job->has_maps = ftruncate(job->maps_fd, 0) == 0;
	while (total < MAPS_LIMIT && (n = read(fd, text, sizeof(text))) > 0) {
		if (pwrite(job->maps_fd, text, n, total) != n)
			break;
		total += n;
	}
	close(fd);
}

static bool is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE ||
	       sig == SIGABRT || sig == SIGTRAP || sig == SIGSYS;
}

/*
 * A signal is about to be delivered to TASK. One that has a handler is seldom the end. But when
 * the handler finds no stack to run on, the kernel sends the signal again, without an address:
 * keep the first.
 */
static void note_signal(struct job *job, pid_t task, int sig)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, task, 0, &info) < 0)
		return;
	if (info.si_code != SI_KERNEL || job->fault.si_signo != sig || job->fault_task != task)
		job->fault = info;
	job->fault_task = task;
	if (!(status_value(task, "\nSigCgt:", 16) >> (sig - 1) & 1))
		copy_maps(job, task);
}

static struct job *job_of_task(pid_t task)
{
	pid_t main_task = status_value(task, "\nTgid:", 10);

	for (int i = 0; i < MAX_JOBS; i++)
		if (jobs[i].pid && jobs[i].pid == main_task && jobs[i].light)
			return &jobs[i];
	return NULL;
}

/* Who started what is not asked: where several jobs run, the exec counts for each. */
static void note_exec(void)
{
	for (int i = 0; i < MAX_JOBS; i++)
		if (jobs[i].pid && jobs[i].light)
			jobs[i].execs++;
}

static bool stops_a_group(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

void followed_stop(pid_t task, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16;
	struct job *job;

	if (event == PTRACE_EVENT_STOP && stops_a_group(sig)) {
		ptrace(PTRACE_LISTEN, task, 0, 0);
		return;
	}
	if (event == PTRACE_EVENT_EXEC)
		note_exec();
	if (event == 0 && is_fault(sig) && (job = job_of_task(task)))
		note_signal(job, task, sig);
	ptrace(PTRACE_CONT, task, 0, event ? 0 : sig);
}
