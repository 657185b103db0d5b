/*
 * snapshot.c - the command `memview PID`: one snapshot, by area
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio_ext.h>
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

/* A recording of one step */
static struct trace *trace_of(const struct space *space, struct trace *t, const struct areas *areas)
{
	struct step *s = trace_step(t);

	t->spaces = 1;
	s->pid = s->tid = space->pid;
	s->why = WHY_SNAPSHOT;
	s->born = SPACE_EMPTY;
	step_paint_all(s, areas);
	return t;
}

/* Show areas, and write the files that were asked for. */
static void show_areas(const struct options *o, const struct space *space, struct trace *t,
		       const struct areas *areas)
{
	static char buffer[1 << 16]; /* until the end: exit() writes what is left of it */

	if (!areas->n)
		warnx("%d: has no memory of its own (a kernel thread, or it has ended)",
		      space->pid);
	if (o->json || o->svg || o->html)
		write_files(o, trace_of(space, t, areas));
	if (!areas->n || quiet(o))
		return;
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	__fsetlocking(stdout, FSETLOCKING_BYCALLER); /* there is but one thread */
	puts(t->command[0]);
	view_areas(areas, NULL, t->page, &o->view, stdout);
}

int snapshot_command(struct options *o, int argc, char **argv)
{
	char name[32];
	char *command[] = {name, NULL};
	pid_t pid = read_pid(argv[0]);
	struct trace *t = trace_new();
	struct space space = {.maps = -1, .pagemap = -1};
	struct areas areas = {0};
	int status = pid ? 0 : 2;

	(void)argc;
	snprintf(name, sizeof(name), "PID %d", pid);
	trace_begin(t, command, o->view.resident);
	if (pid && (space_open(&space, pid) || space_areas(&space, t, o->view.resident, &areas))) {
		say_why_not(pid, errno);
		status = 1;
	} else if (pid) {
		show_areas(o, &space, t, &areas);
	}
	areas_free(&areas);
	space_close(&space);
	trace_free(t);
	finish();
	return status;
}
