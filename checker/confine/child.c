/* child.c - what a job's process does between fork and exec: give up everything it does not need */
#include "init.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum { STATUS_FD = 4, SPARE_FD = 16 };

static struct sock_fprog filter;

void keep_filter(const void *program, size_t size)
{
	filter.filter = malloc(size);
	filter.len = size / sizeof(struct sock_filter);
	if (filter.filter)
		memcpy(filter.filter, program, size);
}

static _Noreturn void refuse(int error)
{
	send(STATUS_FD, &error, sizeof(error), MSG_NOSIGNAL);
	_exit(127);
}

static void check(int result)
{
	if (result < 0)
		refuse(errno);
}

/* Descriptors 0 to 2 are the job's, 3 and 4 ours until exec closes them; nothing else lives on. */
static void keep_files(const int fds[SPAWN_FDS], int status_fd)
{
	int high[3];

	status_fd = fcntl(status_fd, F_DUPFD, SPARE_FD);
	for (int i = 0; i < 3; i++)
		high[i] = fcntl(fds[i], F_DUPFD, SPARE_FD);
	for (int i = 0; i < 3; i++)
		dup2(high[i], i);
	dup2(status_fd, STATUS_FD);
	fcntl(STATUS_FD, F_SETFD, FD_CLOEXEC);
	if (rules_fd >= 0)
		rules_fd = dup2(rules_fd, STATUS_FD + 1);
	if (syscall(SYS_close_range, STATUS_FD + 2, ~0U, 0) < 0)
		for (int fd = sysconf(_SC_OPEN_MAX); fd > STATUS_FD + 1; fd--)
			close(fd);
	if (rules_fd >= 0)
		fcntl(rules_fd, F_SETFD, FD_CLOEXEC);
	else
		close(STATUS_FD + 1);
}

static void reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * A limit binds as soft and hard, but for two: the hard stack limit stays, as a login shell has
 * it (a thread's default stack is the soft one), and the hard CPU limit is a second later, so
 * that SIGXCPU comes first. What is already lower stays lower.
 */
static void set_limits(const rlim_t limit[LIMITS])
{
	static const int resources[LIMITS] = {RLIMIT_AS,    RLIMIT_DATA,    RLIMIT_FSIZE,
					      RLIMIT_STACK, RLIMIT_NOFILE,  RLIMIT_NPROC,
					      RLIMIT_CPU,   RLIMIT_MSGQUEUE};
	struct rlimit none = {0, 0}, now;

	for (int i = 0; i < LIMITS; i++) {
		rlim_t hard = limit[i];

		check(getrlimit(resources[i], &now));
		if (i == LIMIT_CPU && hard != RLIM_INFINITY)
			hard++;
		if (i == LIMIT_STACK || hard > now.rlim_max)
			hard = now.rlim_max;
		now.rlim_max = hard;
		now.rlim_cur = limit[i] < hard ? limit[i] : hard;
		check(setrlimit(resources[i], &now));
	}
	check(setrlimit(RLIMIT_CORE, &none));
}

static void confine_itself(void)
{
	check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	if (rules_fd >= 0)
		check(landlock_enter(rules_fd));
	if (filter.filter)
		check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter));
}

/*
 * The message shows confine this process's PID, the byte tells init to follow it. Then freeze
 * until a byte comes: until a tracer is there, say. It is left unread, so a trace shows no read()
 * that is not the program's own.
 */
static void wait_for_go(int job)
{
	struct tell hello = {.what = TELL_HELLO, .job = job};
	struct pollfd go = {STATUS_FD, POLLIN, 0};

	if (send(CONTROL_FD, &hello, sizeof(hello), MSG_NOSIGNAL) < 0 ||
	    send(STATUS_FD, "", 1, MSG_NOSIGNAL) < 0)
		refuse(errno);
	while (poll(&go, 1, -1) < 0 && errno == EINTR)
		;
	if (go.revents & POLLHUP)
		_exit(127);
}

static const char *path_of(char *const environment[])
{
	const char *path = "";

	for (; *environment; environment++)
		if (strncmp(*environment, "PATH=", 5) == 0)
			path = *environment + 5;
	return path;
}

/* A name without a slash is looked for in the job's own PATH. */
static void execute(char *argv[], char *environment[])
{
	const char *path = path_of(environment);
	char file[4100];
	int error = ENOENT;

	if (strchr(argv[0], '/')) {
		execve(argv[0], argv, environment);
		refuse(errno);
	}
	while (*path) {
		size_t length = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)length, path, argv[0]);
		execve(file, argv, environment);
		if (errno != ENOENT && errno != ENOTDIR)
			error = errno;
		path += length + (path[length] == ':');
	}
	refuse(error);
}

/* The COUNT strings at *NEXT, as an array with a NULL at the end. */
static char **string_array(const char **next, const char *end, int count)
{
	char **array = calloc(count + 1, sizeof(*array));

	for (int i = 0; array && i < count && *next < end; i++) {
		array[i] = (char *)*next;
		*next += strlen(*next) + 1;
	}
	if (!array)
		refuse(ENOMEM);
	return array;
}

_Noreturn void become_job(int job, const struct spawn *spawn, const char *strings, size_t size,
			  const int fds[SPAWN_FDS], int status_fd)
{
	const char *end = strings + size, *cwd = strings;
	char **argv, **environment;

	keep_files(fds, status_fd);
	reset_signals();
	strings += strlen(strings) + 1;
	argv = string_array(&strings, end, spawn->argc);
	environment = string_array(&strings, end, spawn->envc);
	setsid();
	umask(spawn->umask);
	check(chdir(cwd));
	prctl(PR_SET_DUMPABLE, 1);
	if (spawn->frozen)
		prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	confine_itself();
	set_limits(spawn->limit);
	wait_for_go(job);
	execute(argv, environment);
	_exit(127);
}
