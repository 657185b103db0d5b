/*
 * confine-init - PID 1 of a sandbox: starts jobs, reaps them, kills what they leave behind
 *
 * usage: confine-init namespaces
 *        confine-init landlock|none TMP WORK [PATH...]
 *
 * Only confine starts it, with the control socket as descriptor 3. It is not dumpable: its memory
 * and descriptors are closed to the jobs, which have its uid. When the socket closes, the sandbox
 * ends.
 */
#include "init.h"
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct job jobs[MAX_JOBS];
const char *level;
int rules_fd = -1;
static bool clearing;
static const char *private_tmp;

static void say(const struct tell *tell)
{
	if (send(CONTROL_FD, tell, sizeof(*tell), MSG_NOSIGNAL) < 0)
		exit(EXIT_FAILURE); /* confine is gone: so is the sandbox */
}

static void say_number(int what, int job, int number)
{
	struct tell tell = {.what = what, .job = job, .number = number};

	say(&tell);
}

/* ---- the end of jobs ---- */

/* Without a PID namespace kill(-1) would reach too far. */
static void kill_all(void)
{
	clearing = true;
	if (strcmp(level, "namespaces") == 0)
		kill(-1, SIGKILL);
	else
		kill_children();
}

static struct job *job_of(pid_t pid)
{
	for (int i = 0; i < MAX_JOBS; i++)
		if (jobs[i].pid == pid)
			return &jobs[i];
	return NULL;
}

static uint64_t microseconds(const struct rusage *used)
{
	return (used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000 + used->ru_utime.tv_usec +
	       used->ru_stime.tv_usec;
}

static void job_ended(struct job *job, int status, const struct rusage *used)
{
	struct tell tell = {.what = TELL_ENDED,
			    .job = job - jobs,
			    .number = status,
			    .cpu_us = microseconds(used),
			    .execs = job->execs};

	if (WIFSIGNALED(status) && job->fault.si_signo == WTERMSIG(status)) {
		tell.has_fault = true;
		tell.code = job->fault.si_code;
		tell.address = (uintptr_t)job->fault.si_addr;
		tell.has_maps = job->has_maps;
	}
	close(job->maps_fd);
	job->pid = 0;
	say(&tell);
}

/* The child is dumpable by now, which it was not when it was forked: only that can be seized. */
static void child_ready(struct job *job)
{
	job->light = job->light && follow(job->pid);
	if (!job->frozen)
		send(job->status_fd, "", 1, MSG_NOSIGNAL);
}

/*
 * What comes from the child: a byte when it is ready for exec; an errno when exec failed; the end
 * when exec (or its death) has closed its side.
 */
static void child_says(struct job *job)
{
	int error = 0;
	ssize_t n = recv(job->status_fd, &error, sizeof(error), MSG_DONTWAIT);

	/* The byte that it never reads shows as an error, ahead of what it has sent: ask again. */
	if (n < 0 && errno == ECONNRESET)
		n = recv(job->status_fd, &error, sizeof(error), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == 1) {
		child_ready(job);
		return;
	}
	close(job->status_fd);
	job->status_fd = -1;
	if (n != sizeof(error)) {
		say_number(TELL_STARTED, job - jobs, 0);
		return;
	}
	close(job->maps_fd);
	job->pid = 0; /* reaped without a word */
	say_number(TELL_UNSTARTABLE, job - jobs, error);
}

static void reap(void)
{
	struct rusage used;
	struct job *job;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, __WALL | WNOHANG, &used)) > 0) {
		if (WIFSTOPPED(status)) {
			followed_stop(pid, status);
			continue;
		}
		job = job_of(pid);
		while (job && job->pid && job->status_fd >= 0)
			child_says(job);
		if (job && job->pid)
			job_ended(job, status, &used);
	}
	if (clearing && pid < 0 && errno == ECHILD) {
		clearing = false;
		say_number(TELL_CLEAN, 0, 0);
	} else if (clearing) {
		kill_all();
	}
}

/* ---- requests ---- */

static void spawn_job(int number, const struct spawn *spawn, const char *strings, size_t size,
		      const int fds[])
{
	struct job *job = &jobs[number];
	int pair[2];

	memset(job, 0, sizeof(*job));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		say_number(TELL_UNSTARTABLE, number, errno);
		return;
	}
	job->pid = fork();
	if (job->pid == 0)
		become_job(number, spawn, strings, size, fds, pair[1]);
	close(pair[1]);
	if (job->pid < 0) {
		say_number(TELL_UNSTARTABLE, number, errno);
		close(pair[0]);
		job->pid = 0;
		return;
	}
	job->status_fd = pair[0];
	job->maps_fd = fcntl(fds[FD_MAPS], F_DUPFD_CLOEXEC, 0);
	job->light = spawn->light && !spawn->frozen;
	job->frozen = spawn->frozen;
}

static void signal_job(struct job *job, int number)
{
	int error = !job->pid ? ESRCH : kill(job->pid, number) < 0 ? errno : 0;

	say_number(TELL_SIGNALLED, job - jobs, error);
}

static void obey(const char *message, size_t size, const int fds[])
{
	const struct ask *ask = (const void *)message;
	const struct spawn *spawn = (const void *)(ask + 1);

	switch (ask->what) {
	case ASK_FILTER:
		keep_filter(ask + 1, size - sizeof(*ask));
		break;
	case ASK_SPAWN:
		spawn_job(ask->job, spawn, (const char *)(spawn + 1),
			  size - sizeof(*ask) - sizeof(*spawn), fds);
		break;
	case ASK_GO:
		send(jobs[ask->job].status_fd, "", 1, MSG_NOSIGNAL);
		break;
	case ASK_SIGNAL:
		signal_job(&jobs[ask->job], ask->number);
		break;
	case ASK_KILL_ALL:
		kill_all();
		reap();
		break;
	}
}

/* One request. Its descriptors are closed again here: a job has its own copies by then. */
static void take_request(void)
{
	static char message[MAX_MESSAGE] __attribute__((aligned(16)));
	char control[CMSG_SPACE(SPAWN_FDS * sizeof(int))] __attribute__((aligned(16)));
	struct iovec iov = {message, sizeof(message)};
	struct msghdr head = {.msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(CONTROL_FD, &head, MSG_CMSG_CLOEXEC);
	struct cmsghdr *first = n < 0 ? NULL : CMSG_FIRSTHDR(&head);
	int fds[SPAWN_FDS] = {-1, -1, -1, -1};

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0)
		exit(EXIT_SUCCESS);
	if (first)
		memcpy(fds, CMSG_DATA(first), sizeof(fds));
	obey(message, n, fds);
	for (int i = 0; i < SPAWN_FDS && fds[i] >= 0; i++)
		close(fds[i]);
}

/* ---- the loop ---- */

static int block_signals(void)
{
	sigset_t all, children;

	signal(SIGCHLD, SIG_DFL);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void serve(int children)
{
	struct pollfd fds[2 + MAX_JOBS] = {{children, POLLIN, 0}, {CONTROL_FD, POLLIN, 0}};
	struct signalfd_siginfo info;

	for (;;) {
		for (int i = 0; i < MAX_JOBS; i++)
			fds[2 + i] =
				(struct pollfd){jobs[i].pid ? jobs[i].status_fd : -1, POLLIN, 0};
		poll(fds, 2 + MAX_JOBS, clearing ? 5 : -1);
		for (int i = 0; i < MAX_JOBS; i++)
			if (fds[2 + i].revents)
				child_says(&jobs[i]);
		if (fds[0].revents || clearing) {
			while (read(children, &info, sizeof(info)) > 0)
				;
			reap();
		}
		if (fds[1].revents)
			take_request();
	}
}

static void close_standard_files(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	close(null);
}

/* Without namespaces: the socket's end, when confine has died, say. */
static void leave_nothing(void)
{
	end_children();
	remove_folder(private_tmp);
}

int main(int argc, char *argv[])
{
	int children = block_signals();

	if (argc < 2 || (argc < 4 && strcmp(argv[1], "namespaces") != 0) || children < 0 ||
	    fcntl(CONTROL_FD, F_SETFD, FD_CLOEXEC) < 0)
		errx(2, "usage: confine-init LEVEL [TMP WORK [PATH...]] 3<>CONTROL-SOCKET");
	level = argv[1];
	prctl(PR_SET_DUMPABLE, 0);
	setsid();
	for (int i = 0; i < MAX_JOBS; i++)
		jobs[i].status_fd = -1;
	if (strcmp(level, "namespaces") != 0) {
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		private_tmp = argv[2];
		atexit(leave_nothing);
	}
	if (strcmp(level, "landlock") == 0 &&
	    ((rules_fd = landlock_rules(argv + 2)) < 0 || landlock_scope() < 0)) {
		say_number(TELL_FAILED, 0, errno);
		return EXIT_FAILURE;
	}
	close_standard_files();
	say_number(TELL_READY, 0, 0);
	serve(children);
}
