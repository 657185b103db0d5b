/*
 * snapshot.c - the command `memview PID`: one snapshot, by area
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include "memory.h"
#include "options.h"
#include "record.h"

pid_t read_pid(const char *text)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(text, &end, 10);
	if (errno || *end || end == text || pid < 1 || pid > INT_MAX) {
		warnx("%s: not a process ID", text);
		return 0;
	}
	return (pid_t)pid;
}

void say_why_not(pid_t pid, int error)
{
	if (error == ENOENT || error == ESRCH)
		warnx("%d: no such process", pid);
	else if (error == EACCES || error == EPERM)
		warnx("%d: not permitted: it takes the user who owns the process, or root "
		      "(CAP_SYS_PTRACE)",
		      pid);
	else
		warnx("%d: %s", pid, strerror(error));
}

int snapshot_command(struct options *o, int argc, char **argv)
{
	char name[32];
	char *command[] = {name, NULL};
	pid_t pid = read_pid(argv[0]);
	struct trace *t;
	struct space space;
	struct areas areas = {0};
	struct step *s;

	(void)argc;
	if (!pid)
		return 2;
	if (space_open(&space, pid)) {
		say_why_not(pid, errno);
		return 1;
	}
	snprintf(name, sizeof(name), "PID %d", pid);
	t = trace_new();
	trace_begin(t, command, o->view.resident);
	if (space_areas(&space, t, o->view.resident, &areas)) {
		say_why_not(pid, errno);
		return 1;
	}
	s = trace_step(t);
	t->spaces = 1;
	s->pid = s->tid = pid;
	s->why = WHY_SNAPSHOT;
	s->born = SPACE_EMPTY;
	step_paint_all(s, &areas);
	if (!areas.n)
		warnx("%d: has no memory of its own (a kernel thread, or it has ended)", pid);
	write_files(o, t);
	if (areas.n && !quiet(o))
		view_terminal(t, &o->view, stdout);
	areas_free(&areas);
	space_close(&space);
	trace_free(t);
	finish();
	return 0;
}
