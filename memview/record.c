/*
 * record.c - from a living process to steps: shown, written, kept
 */
#include <errno.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"
#include "record.h"

static uint64_t microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void trace_begin(struct trace *t, char *const *command, bool resident)
{
	struct utsname u;
	char text[sizeof(u)];
	size_t n = 0;

	uname(&u);
	snprintf(text, sizeof(text), "%s %s %s", u.machine, u.sysname, u.release);
	t->machine = fresh(text, strlen(text) + 1);
	t->page = (uint64_t)sysconf(_SC_PAGESIZE);
	t->resident = resident;
	while (command[n])
		n++;
	t->command = fresh(NULL, (n + 1) * sizeof(*t->command));
	while (n--)
		t->command[n] = fresh(command[n], strlen(command[n]) + 1);
}

void step_paint_all(struct step *s, const struct areas *a)
{
	s->paint = fresh(a->v, a->n * sizeof(*a->v));
	s->paints = a->n;
	for (size_t i = 0; i < a->n; i++)
		s->paint[i].resident = 0;
	s->rss = fresh(NULL, a->n * sizeof(*a->v));
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].resident)
			s->rss[s->rsses++] = a->v[i];
}

void recorder_begin(struct recorder *r, char *const *command, bool resident)
{
	r->t = trace_new();
	trace_begin(r->t, command, resident);
	r->began = microseconds();
	if (r->json)
		trace_write_head(r->t, r->json);
}

const struct areas *recorder_areas(const struct recorder *r, uint32_t space)
{
	return replay_areas(&r->now, space);
}

/* What the space was before the step: nothing, a copy, or itself; without [from, to). */
static void state_before(struct recorder *r, const struct step *s, uint64_t from, uint64_t to)
{
	const struct area hole = {.start = from, .end = to, .name = ""};

	r->was.n = 0;
	if (s->born != SPACE_EMPTY)
		areas_copy(&r->was, recorder_areas(r, s->born >= 0 ? (uint32_t)s->born : s->space));
	if (r->t->resident)
		areas_copy(&r->painted, &r->was);
	if (from < to)
		areas_paint(&r->was, &hole);
}

static void step_paints(struct recorder *r, struct step *s, const struct areas *after)
{
	areas_changes(&r->was, after, &r->changes);
	s->paint = fresh(NULL, r->changes.n * sizeof(*s->paint));
	s->paints = 0;
	for (size_t i = 0; i < r->changes.n; i++) {
		struct area one = r->changes.v[i].after;
		struct area *last = s->paints ? &s->paint[s->paints - 1] : NULL;

		one.resident = 0;
		if (last && last->end == one.start && area_alike(last, &one))
			last->end = one.end;
		else
			s->paint[s->paints++] = one;
	}
}

/* Both lists have the same areas now: only their residents differ. */
static void step_residents(struct recorder *r, struct step *s, const struct areas *after)
{
	for (size_t i = 0; i < s->paints; i++)
		areas_paint(&r->painted, &s->paint[i]);
	s->rss = fresh(NULL, after->n * sizeof(*s->rss));
	for (size_t i = 0; i < after->n && i < r->painted.n; i++)
		if (after->v[i].resident != r->painted.v[i].resident)
			s->rss[s->rsses++] = after->v[i];
}

static void keep(struct recorder *r, struct step *s)
{
	if (!r->keep && r->t->n) {
		free(r->t->steps[0].paint);
		free(r->t->steps[0].rss);
		r->t->n = 0;
		r->t->dropped++;
	}
	if (r->keep) {
		s->call = trace_name(r->t, s->call);
		s->result = trace_name(r->t, s->result);
		s->mark = trace_name(r->t, s->mark);
	}
	*trace_step(r->t) = *s;
}

void recorder_step(struct recorder *r, struct step s, const struct areas *after, uint64_t from,
		   uint64_t to)
{
	bool first = !r->t->n && !r->t->dropped;

	s.us = microseconds() - r->began;
	s.call = s.call ? s.call : "";
	s.result = s.result ? s.result : "";
	s.mark = s.mark ? s.mark : "";
	s.at = s.at ? s.at : "";
	s.in = s.in ? s.in : "";
	if (s.space >= r->t->spaces)
		r->t->spaces = s.space + 1;
	if (after) {
		state_before(r, &s, from, to);
		step_paints(r, &s, after);
		if (r->t->resident)
			step_residents(r, &s, after);
	}
	keep(r, &s);
	if (r->json)
		trace_write_step(&s, first ? NULL : &r->last, r->json);
	if (r->live)
		view_step(r->t, r->t->n - 1, &r->now, r->view, r->live);
	r->last = s;
	r->now.next = r->t->n - 1;
	replay_to(&r->now, r->t, r->t->n - 1);
}

void recorder_end(struct recorder *r, const char *path)
{
	if (r->json && trace_write_tail(r->json))
		err(EXIT_OWN, "%s", path);
}

void recorder_free(struct recorder *r)
{
	replay_free(&r->now);
	areas_free(&r->was);
	areas_free(&r->painted);
	changes_free(&r->changes);
	trace_free(r->t);
}
