/*
 * watch.c - the command watch: a process that runs anyway, drawn again when it changes
 *
 * Nothing tells when another process changes its memory, so its maps are read some times a second.
 * On a terminal the picture is redrawn; elsewhere each difference is printed.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"
#include "options.h"
#include "record.h"

#define INTERVAL 50 /* milliseconds */

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* Wait for a while, or until the process ends. */
static bool still_there(int pidfd)
{
	struct pollfd p = {.fd = pidfd, .events = POLLIN};

	return poll(&p, 1, INTERVAL) == 0 || (errno == EINTR && !interrupted && !p.revents);
}

static void draw(struct recorder *r, const struct areas *before, const struct areas *after,
		 const struct view_options *o)
{
	struct changes c = {0};

	areas_changes(before, after, &c);
	printf("\033[H\033[2J%s\n", r->t->command[0]);
	view_areas(after, before->n ? &c : NULL, r->t->page, o, stdout);
	changes_free(&c);
	fflush(stdout);
}

static bool same(const struct areas *a, const struct areas *b)
{
	size_t i = 0;

	while (i < a->n && i < b->n && a->v[i].start == b->v[i].start &&
	       a->v[i].end == b->v[i].end && a->v[i].resident == b->v[i].resident &&
	       area_alike(&a->v[i], &b->v[i]))
		i++;
	return i == a->n && i == b->n;
}

/* What is there now. After an exec the maps that were open are empty: open the new image's. */
static bool look(struct space *space, struct recorder *r, bool resident, struct step *s,
		 struct areas *now)
{
	pid_t pid = space->pid;

	if (space_areas(space, r->t, resident, now))
		return false;
	if (now->n)
		return true;
	space_close(space);
	if (space_open(space, pid) || space_areas(space, r->t, resident, now) || !now->n)
		return false;
	s->space += s->why == WHY_SEEN;
	s->born = SPACE_EMPTY;
	return true;
}

static void watch(struct space *space, int pidfd, struct recorder *r, const struct options *o)
{
	struct step s = {.why = WHY_SNAPSHOT, .born = SPACE_EMPTY, .pid = space->pid};
	struct areas before = {0}, now = {0};
	bool terminal = isatty(STDOUT_FILENO);

	s.tid = s.pid;
	r->live = terminal || quiet(o) ? NULL : stdout;
	do {
		if (!look(space, r, o->view.resident, &s, &now))
			break;
		if (same(&before, &now))
			continue;
		recorder_step(r, s, &now, 0, 0);
		fflush(stdout);
		if (terminal && !quiet(o))
			draw(r, &before, &now, &o->view);
		areas_copy(&before, &now);
		s.why = WHY_SEEN;
		s.born = SPACE_NOT_NEW;
	} while (!ferror(stdout) && still_there(pidfd) && !interrupted);
	areas_free(&before);
	areas_free(&now);
}

int watch_command(struct options *o, int argc, char **argv)
{
	char name[32];
	char *command[] = {name, NULL};
	pid_t pid = read_pid(argv[0]);
	struct recorder r = {.view = &o->view, .keep = o->svg || o->html || o->json};
	struct space space;
	int pidfd;

	(void)argc;
	if (!pid)
		return 2;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0 || space_open(&space, pid)) {
		say_why_not(pid, errno);
		return 1;
	}
	sigaction(SIGINT, &(struct sigaction){.sa_handler = interrupt}, NULL);
	snprintf(name, sizeof(name), "PID %d", pid);
	recorder_begin(&r, command, o->view.resident);
	watch(&space, pidfd, &r, o);
	if (r.t->n && r.keep)
		write_files(o, r.t);
	else if (!r.t->n && !r.t->dropped)
		warnx("%d: has no memory of its own (a kernel thread, or it has ended)", pid);
	if (!quiet(o) && !interrupted)
		puts("the process has ended");
	recorder_free(&r);
	space_close(&space);
	close(pidfd);
	finish();
	return 0;
}
