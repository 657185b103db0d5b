/* ending.c - for both programs: end all that one has started, remove a folder */
#include "protocol.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void let_fork_no_more(pid_t pid)
{
	struct rlimit none = {0, 0};

	prlimit(pid, RLIMIT_NPROC, &none, NULL);
}

static void end_now(pid_t pid)
{
	kill(pid, SIGKILL);
}

static void for_descendants(pid_t pid, void (*action)(pid_t))
{
	char path[64], line[4096], *p, *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	line[n > 0 ? n : 0] = '\0';
	for (p = line; (pid = strtol(p, &end, 10)) > 0; p = end) {
		for_descendants(pid, action);
		action(pid);
	}
}

/*
 * What forks faster than it is killed is first kept from it. By a limit: strace, which sees every
 * signal, gives up when a process that it has just seen stop is killed.
 */
void kill_children(void)
{
	for_descendants(getpid(), let_fork_no_more);
	for_descendants(getpid(), end_now);
}

/* A subreaper gets the orphans of those it kills: it is done when it has no child left. */
void end_children(void)
{
	for (;;) {
		pid_t pid = waitpid(-1, NULL, __WALL | WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return;
		if (pid > 0)
			continue;
		kill_children();
		waitpid(-1, NULL, __WALL);
	}
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	remove(path);
	return 0;
}

void remove_folder(const char *path)
{
	nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
