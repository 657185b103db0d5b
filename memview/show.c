/*
 * show.c - the commands on recordings: show and diff; and the files that all commands can write
 */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "memory.h"
#include "options.h"

static struct trace *must_read(const char *path)
{
	char why[200];
	struct trace *t = trace_read(path, why, sizeof(why));

	if (!t)
		errx(1, "%s: %s", path, why);
	return t;
}

static int write_json(const struct trace *t, const struct view_options *view, FILE *out)
{
	(void)view;
	return trace_write(t, out);
}

static void write_file(const char *path, const struct options *o, const struct trace *t,
		       int (*view)(const struct trace *, const struct view_options *, FILE *))
{
	bool is_stdout = path && !strcmp(path, "-");
	FILE *out;

	if (!path)
		return;
	out = is_stdout ? stdout : fopen(path, "we");
	if (!out || view(t, &o->view, out) || fflush(out) || (!is_stdout && fclose(out)))
		err(EXIT_OWN, "%s", path);
}

void check_files(const struct options *o)
{
	const char *const files[] = {o->json, o->svg, o->html};

	for (size_t i = 0; i < 3; i++) {
		FILE *f;

		if (!files[i] || !strcmp(files[i], "-"))
			continue;
		f = fopen(files[i], "ae");
		if (f)
			fclose(f);
		else
			err(EXIT_OWN, "%s", files[i]);
	}
}

void write_files(const struct options *o, const struct trace *t)
{
	write_file(o->json, o, t, write_json);
	write_file(o->svg, o, t, view_svg);
	write_file(o->html, o, t, view_html);
}

bool quiet(const struct options *o)
{
	const char *const files[] = {o->json, o->svg, o->html};

	for (size_t i = 0; i < 3; i++)
		if (files[i] && !strcmp(files[i], "-"))
			return true;
	return false;
}

static void show_steps(const struct trace *t, const struct view_options *view, size_t from,
		       size_t to)
{
	struct replay r = {0};

	for (size_t i = 0; i <= to; i++) {
		if (i >= from && view_step(t, i, &r, view, stdout))
			break;
		replay_to(&r, t, i);
	}
	replay_free(&r);
}

void finish(void)
{
	if (fflush(stdout) || ferror(stdout))
		err(1, "standard output");
}

int show_command(struct options *o, int argc, char **argv)
{
	struct trace *t = must_read(argv[0]);

	(void)argc;
	if (o->step_given && o->view.step >= t->n)
		errx(1, "%s: no step %zu: the last is %zu", argv[0], o->view.step, t->n - 1);
	if (o->view.resident && !t->resident)
		warnx("%s: recorded without --resident", argv[0]);
	write_files(o, t);
	if (!quiet(o) && o->step_given) {
		show_steps(t, &o->view, o->view.step, o->view.step);
		putchar('\n');
		view_terminal(t, &o->view, stdout);
	} else if (!quiet(o)) {
		if (t->n > 1) {
			show_steps(t, &o->view, 0, t->n - 1);
			putchar('\n');
		}
		view_terminal(t, &o->view, stdout);
	}
	trace_free(t);
	finish();
	return 0;
}

/* The areas at the end of a recording, of the space of its last step. */
static void last_areas(const struct trace *t, struct trace *to, struct areas *out)
{
	struct replay r = {0};
	const struct areas *a;

	replay_to(&r, t, t->n - 1);
	a = replay_areas(&r, t->steps[t->n - 1].space);
	for (size_t i = 0; i < a->n; i++) {
		struct area one = a->v[i];

		one.name = trace_name(to, one.name);
		areas_add(out, &one);
	}
	replay_free(&r);
}

static void step_of_areas(struct step *s, const struct areas *a)
{
	s->paint = fresh(a->v, a->n * sizeof(*a->v));
	s->paints = a->n;
	s->rss = fresh(a->v, a->n * sizeof(*a->v));
	s->rsses = a->n;
}

/* A step that turns a into b. */
static void step_of_changes(struct step *s, const struct areas *a, const struct areas *b)
{
	struct changes c = {0};

	areas_changes(a, b, &c);
	s->paint = fresh(NULL, c.n * sizeof(*s->paint));
	s->paints = c.n;
	for (size_t i = 0; i < c.n; i++) {
		s->paint[i] = c.v[i].after;
		s->paint[i].resident = 0;
	}
	s->rss = fresh(b->v, b->n * sizeof(*b->v));
	s->rsses = b->n;
	changes_free(&c);
}

static uint64_t stack_end(const struct areas *a)
{
	for (size_t i = a->n; i-- > 0;)
		if (a->v[i].kind == KIND_STACK)
			return a->v[i].end;
	return 0;
}

/* Is it one program in both lists, with its first area and its stack at the same places? */
static bool same_place(const struct areas *a, const struct areas *b)
{
	return a->n && b->n && a->v[0].start == b->v[0].start && a->v[0].name == b->v[0].name &&
	       stack_end(a) == stack_end(b);
}

static void print_sizes(const struct areas *a, const struct areas *b)
{
	struct sizes before, after;
	char x[SIZE_TEXT], y[SIZE_TEXT];

	areas_sizes(a, &before);
	areas_sizes(b, &after);
	puts("  two runs, at different addresses: sizes by kind");
	for (int k = 0; k < KINDS; k++)
		if (before.bytes[k] || after.bytes[k])
			printf("%c %c %-8s %12s -> %12s\n",
			       before.bytes[k] == after.bytes[k] ? ' '
			       : !before.bytes[k]		 ? '+'
			       : !after.bytes[k]		 ? '-'
								 : '~',
			       kinds[k].letter, kinds[k].name, size_text(x, before.bytes[k]),
			       size_text(y, after.bytes[k]));
	printf("    total    %12s -> %12s\n", size_text(x, before.total),
	       size_text(y, after.total));
}

int diff_command(struct options *o, int argc, char **argv)
{
	struct trace *a = must_read(argv[0]), *b = must_read(argv[1]), *t = trace_new();
	struct areas before = {0}, after = {0};
	struct step *s = trace_step(t);
	char *command[] = {"diff", argv[0], argv[1], NULL};

	(void)argc;
	t->page = b->page;
	t->machine = fresh(b->machine, strlen(b->machine) + 1);
	t->resident = a->resident && b->resident;
	t->spaces = 1;
	t->command = fresh(NULL, sizeof(command));
	for (int i = 0; i < 3; i++)
		t->command[i] = fresh(command[i], strlen(command[i]) + 1);
	last_areas(a, t, &before);
	last_areas(b, t, &after);
	s->why = WHY_SNAPSHOT;
	s->born = SPACE_EMPTY;
	step_of_areas(s, &before);
	s = trace_step(t);
	s->why = WHY_SEEN;
	step_of_changes(s, &before, &after);
	o->view.before = 0;
	o->view.step = 1;
	write_files(o, t);
	if (!quiet(o) && !same_place(&before, &after))
		print_sizes(&before, &after);
	else if (!quiet(o))
		show_steps(t, &o->view, 1, 1);
	areas_free(&before);
	areas_free(&after);
	trace_free(a);
	trace_free(b);
	trace_free(t);
	finish();
	return 0;
}
