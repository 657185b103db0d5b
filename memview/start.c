/*
 * start.c - start a program, traced from its first instruction on
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "memory.h"
#include "tracer.h"

/* In the child: wait until traced, then become the program. Only a failure comes back, as errno. */
static _Noreturn void become(int ready, int failed, const char *path, char *const *argv)
{
	struct sock_fprog filter = calls_filter();
	char byte;
	int error;

	/* The same addresses each time, if that is allowed (in a container it may not be). */
	personality(ADDR_NO_RANDOMIZE);
	if (read(ready, &byte, 1) == 1 && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	    !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		execv(path, argv);
	error = errno;
	if (write(failed, &error, sizeof(error)) < 0)
		_exit(EXIT_OWN);
	_exit(EXIT_OWN);
}

static pid_t root;

static void pass_on(int signal)
{
	kill(root, signal);
}

static int say_not_started(const char *path, int error)
{
	warnx("%s: %s", path, strerror(error));
	return error == ENOENT ? 127 : 126;
}

static int say_not_traced(int error)
{
	warnx("tracing is not permitted (%s): %s", strerror(error),
	      "a container needs Linux 4.8 or --cap-add=SYS_PTRACE, Yama a ptrace_scope below 3");
	return EXIT_OWN;
}

int trace_program(struct recorder *r, const char *path, char *const *argv, int *error)
{
	int ready[2], failed[2], why = 0, status;

	if (pipe2(ready, O_CLOEXEC) || pipe2(failed, O_CLOEXEC))
		err(EXIT_OWN, "pipe");
	fflush(NULL);
	root = fork();
	if (root < 0)
		err(EXIT_OWN, "fork");
	if (!root)
		become(ready[0], failed[1], path, argv);
	close(failed[1]);
	signal(SIGINT,
	       SIG_IGN); /* the terminal sends these two to the program too, which decides */
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTERM, pass_on);
	signal(SIGHUP, pass_on);
	if (!tracer_seize(root)) {
		*error = say_not_traced(errno);
		kill(root, SIGKILL);
		waitpid(root, NULL, 0);
		return -1;
	}
	if (write(ready[1], "", 1) != 1)
		err(EXIT_OWN, "pipe");
	status = tracer_follow(r, root);
	if (read(failed[0], &why, sizeof(why)) == sizeof(why)) {
		*error = say_not_started(path, why);
		status = -1;
	}
	close(ready[0]);
	close(ready[1]);
	close(failed[0]);
	return status;
}
