/*
 * terminal.c - areas and differences as lines of 80 columns, high addresses on top
 */
#include <inttypes.h>
#include <string.h>

#include "memory.h"
#include "text.h"
#include "views.h"

/* A line of the picture: an area, or all neighbouring parts of a library. */
struct row {
	struct area area; /* of a folded library: its whole interval */
	uint64_t bytes;	  /* without the holes in it */
	char sign;	  /* ' ' if nothing changed */
	bool folded;
};

struct rows {
	struct row *v;
	size_t n, room;
};

static void rows_add(struct rows *rows, const struct area *a, char sign, bool all)
{
	struct row *last = rows->n ? &rows->v[rows->n - 1] : NULL;

	if (a->lib && !all && last && last->area.lib && last->area.name == a->name &&
	    (last->area.end == a->start || last->folded)) {
		last->folded = true;
		last->area.end = a->end;
		last->area.resident += a->resident;
		last->bytes += a->end - a->start;
		if (sign != last->sign)
			last->sign = '~';
		return;
	}
	rows->v = grow(rows->v, &rows->room, rows->n + 1, sizeof(*rows->v));
	rows->v[rows->n++] = (struct row){*a, a->end - a->start, sign, a->lib && !all};
}

/* The sign of what changed in [start, end): '~' if several kinds of change did. */
static char sign_of(const struct changes *c, const struct area *a)
{
	char sign = ' ';

	for (size_t i = 0; i < c->n; i++) {
		const struct change *one = &c->v[i];

		if (one->after.end <= a->start || one->after.start >= a->end || one->sign == '-')
			continue;
		if (one->after.start > a->start || one->after.end < a->end)
			return '~'; /* a part of it: an area that grew is not a new one */
		sign = one->sign;
	}
	return sign;
}

/* Cells of a bar: one more for each factor of 2 (or of 4, 8… if the largest would not fit). */
static int cells(uint64_t bytes, uint64_t page, int per_cell)
{
	int log = 0;

	for (uint64_t n = bytes / page; n > 1; n >>= 1)
		log++;
	return bytes ? 1 + log / per_cell : 0;
}

static void put_kind(enum kind kind, const struct view_options *o, FILE *out)
{
	char text[] = "?         ";

	text[0] = kinds[kind].letter;
	memcpy(text + 2, kinds[kind].name, strlen(kinds[kind].name));
	put_colour(kinds[kind].ansi, o, out);
	fwrite(text, 1, sizeof(text) - 1, out);
	put_plain(o, out);
}

static void put_name(const struct area *a, int columns, bool pad, const struct view_options *o,
		     FILE *out)
{
	char thread[32];

	if (*a->name) {
		put_text(last_part(a->name), columns, pad, o, out);
	} else if (a->tid) {
		snprintf(thread, sizeof(thread), "thread %d", a->tid);
		put_text(thread, columns, pad, o, out);
	} else if (pad) {
		put_text("", columns, true, o, out);
	}
}

static void put_bar(int cells, const struct view_options *o, FILE *out)
{
	static const char many[] =
		"▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇";
	static const char ascii[] =
		"################################################################";
	size_t each = o->ascii ? 1 : (sizeof(many) - 1) / (sizeof(ascii) - 1);

	fwrite(o->ascii ? ascii : many, each, (size_t)cells < sizeof(ascii) ? cells : 64, out);
}

/* How the columns that are left are shared by the name and the bar */
static int name_columns(const struct view_options *o, int *bar)
{
	int left = o->width - 44 - (o->resident ? 12 : 0);
	int name = left < 24 ? left - 9 : left * 5 / 9;

	*bar = left - name - 1;
	return name;
}

/* What all rows begin with, without the cost of printf: there may be 30 000 of them. */
static void put_start(const struct row *r, const struct view_options *o, FILE *out)
{
	char line[64], size[SIZE_TEXT], *p = line;
	uint64_t sizes[] = {r->bytes, r->area.resident};

	*p++ = r->sign;
	*p++ = ' ';
	for (int shift = r->area.start >> 48 ? 60 : 44; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[r->area.start >> shift & 15];
	for (int i = 0; i < 1 + o->resident; i++) {
		size_t length = strlen(size_text(size, sizes[i]));

		*p++ = ' ';
		for (size_t n = length; n < 11; n++)
			*p++ = ' ';
		memcpy(p, size, length);
		p += length;
	}
	*p++ = ' ';
	memcpy(p, r->folded ? "    " : r->area.perms, 4);
	p[4] = ' ';
	fwrite(line, 1, (size_t)(p + 5 - line), out);
}

static void put_row(const struct row *r, int bar, const struct view_options *o, FILE *out)
{
	enum kind kind = r->folded ? KIND_LIBRARY : (enum kind)r->area.kind;
	int most, name = name_columns(o, &most);

	put_start(r, o, out);
	put_kind(kind, o, out);
	putc(' ', out);
	put_name(&r->area, name, bar > 0, o, out);
	if (bar > 0) {
		putc(' ', out);
		put_colour(kinds[kind].ansi, o, out);
		put_bar(bar < most ? bar : most, o, out);
		put_plain(o, out);
	}
	putc('\n', out);
}

static void put_gap(uint64_t bytes, const struct view_options *o, FILE *out)
{
	char text[SIZE_TEXT];

	fprintf(out, "  %s %s free\n", o->ascii ? "/\\/\\/\\/\\/\\/\\" : "╱╲╱╲╱╲╱╲╱╲╱╲",
		rough_text(text, bytes));
}

static void put_rows(const struct rows *rows, uint64_t page, const struct view_options *o,
		     FILE *out)
{
	uint64_t largest = 0;
	int per_cell = 1, most;

	name_columns(o, &most);
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].bytes > largest)
			largest = rows->v[i].bytes;
	while (cells(largest, page, per_cell) > most)
		per_cell++;
	for (size_t i = rows->n; i-- > 0;) {
		const struct row *r = &rows->v[i];

		put_row(r, cells(r->bytes, page, per_cell), o, out);
		if (i && r[-1].area.end < r->area.start)
			put_gap(r->area.start - r[-1].area.end, o, out);
	}
	fprintf(out, "  bars are logarithmic: one cell more is %d times as much\n", 1 << per_cell);
}

static void put_total(const struct areas *a, const struct view_options *o, FILE *out)
{
	struct sizes sizes;
	char text[SIZE_TEXT];

	areas_sizes(a, &sizes);
	fprintf(out, "  total        %11s", size_text(text, sizes.total));
	if (o->resident)
		fprintf(out, " %11s resident", size_text(text, sizes.total_resident));
	fprintf(out, " in %zu areas\n", a->n);
}

static void put_title(const struct trace *t, size_t step, const struct view_options *o, FILE *out)
{
	for (char **c = t->command; *c; c++) {
		put_text(*c, o->width / 2, false, o, out);
		putc(c[1] ? ' ' : '\n', out);
	}
	if (t->n > 1)
		fprintf(out, "step %zu of 0 to %zu\n", step, t->n - 1);
}

int view_areas(const struct areas *a, const struct changes *c, uint64_t page,
	       const struct view_options *o, FILE *out)
{
	struct rows rows = {0};

	for (size_t i = 0; i < a->n; i++)
		rows_add(&rows, &a->v[i], c ? sign_of(c, &a->v[i]) : ' ', o->all);
	put_rows(&rows, page, o, out);
	put_total(a, o, out);
	free(rows.v);
	return ferror(out) ? -1 : 0;
}

int view_terminal(const struct trace *t, const struct view_options *o, FILE *out)
{
	size_t step = o->step < t->n ? o->step : t->n - 1;
	uint32_t space = t->steps[step].space;
	struct view_options view = *o;
	struct replay r = {0};
	struct areas before = {0};
	struct changes c = {0};

	view.resident = o->resident && t->resident;
	if (o->before != NO_STEP || step) {
		replay_to(&r, t, o->before != NO_STEP ? o->before : step - 1);
		areas_copy(&before, replay_areas(&r, space));
	}
	replay_to(&r, t, step);
	if (o->before != NO_STEP)
		areas_changes(&before, replay_areas(&r, space), &c);
	else if (step && t->steps[step].born == SPACE_NOT_NEW)
		step_changes(&before, &t->steps[step], &c);
	put_title(t, step, &view, out);
	view_areas(replay_areas(&r, space), &c, t->page, &view, out);
	changes_free(&c);
	areas_free(&before);
	replay_free(&r);
	return ferror(out) ? -1 : 0;
}

/* What the area was before, if that is not plain from what it is now */
static void describe_past(const struct change *c, bool folded, char *text, size_t size)
{
	const struct area *was = &c->before, *is = &c->after;
	bool perms = !folded && strcmp(was->perms, is->perms) != 0;
	bool kind = area_group(was) != area_group(is);
	char thread[32] = "";

	*text = '\0';
	if (c->sign == '=')
		snprintf(text, size, " replaced");
	if (c->sign != '~')
		return;
	if (was->tid && was->tid != is->tid)
		snprintf(thread, sizeof(thread), " thread %d", was->tid);
	if (perms || kind || *thread)
		snprintf(text, size, " was%s%s%s%s%s", perms ? " " : "", perms ? was->perms : "",
			 kind ? " " : "", kind ? kinds[area_group(was)].name : "", thread);
}

/* One line of a difference: what is there now, or what was if nothing is. */
static void put_change(const struct change *c, uint64_t bytes, bool folded,
		       const struct view_options *o, FILE *out)
{
	const struct area *a = c->sign == '-' ? &c->before : &c->after;
	struct row row = {*a, bytes, c->sign, folded};
	struct view_options plain = *o;
	char past[80];

	plain.resident = false;
	describe_past(c, folded, past, sizeof(past));
	put_start(&row, &plain, out);
	put_kind(folded ? KIND_LIBRARY : (enum kind)a->kind, o, out);
	if (*a->name || a->tid) {
		putc(' ', out);
		put_name(a, o->width - 44 - (int)strlen(past), false, o, out);
	}
	fprintf(out, "%s\n", past);
}

/* Is b, the next change, a further part of the library that a is of? */
static bool folds(const struct change *a, const struct change *b, const struct view_options *o)
{
	const struct area *x = a->sign == '-' ? &a->before : &a->after;
	const struct area *y = b->sign == '-' ? &b->before : &b->after;

	return !o->all && a->sign == b->sign && x->lib && y->lib && !strcmp(x->name, y->name) &&
	       area_group(&a->before) == area_group(&b->before);
}

static void put_changes(const struct changes *c, const struct view_options *o, FILE *out)
{
	for (size_t i = c->n, first; i > 0; i = first) {
		uint64_t bytes = c->v[i - 1].after.end - c->v[i - 1].after.start;

		for (first = i - 1; first && folds(&c->v[first - 1], &c->v[first], o); first--)
			bytes += c->v[first - 1].after.end - c->v[first - 1].after.start;
		put_change(&c->v[first], bytes, first < i - 1, o, out);
	}
}

static void put_cause(const struct trace *t, size_t step, const struct view_options *o, FILE *out)
{
	const struct step *s = &t->steps[step];
	char *text = NULL;
	size_t size = 0;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		err(EXIT_OWN, "a line");
	if (s->tid != s->pid && s->born < 0)
		fprintf(line, "[%d thread %d] ", s->pid, s->tid);
	else if (t->spaces > 1 && s->tid)
		fprintf(line, "[%d] ", s->tid);
	if (*s->mark)
		fprintf(line, "mark: %s", s->mark);
	if (s->why == WHY_FAULTS)
		fputs("the stack grew by page faults, without a call", line);
	if (s->why == WHY_SNAPSHOT || s->why == WHY_SEEN)
		fputs(s->why == WHY_SEEN ? "changed" : "as found", line);
	fprintf(line, "%s%s%s", s->call, *s->call && *s->result ? " = " : "", s->result);
	if (*s->at)
		fprintf(line, "  at %s%s%s", s->at, *s->in ? " in " : "", s->in);
	fclose(line);
	fprintf(out, "%-3zu ", t->dropped + step);
	put_wrapped(text, 4, o, out);
	putc('\n', out);
	free(text);
}

int view_step(const struct trace *t, size_t step, const struct replay *r,
	      const struct view_options *o, FILE *out)
{
	const struct step *s = &t->steps[step];
	struct changes c = {0};
	static const struct areas empty;

	step_changes(s->born == SPACE_NOT_NEW ? replay_areas(r, s->space) : &empty, s, &c);
	put_cause(t, step, o, out);
	put_changes(&c, o, out);
	changes_free(&c);
	return ferror(out) ? -1 : 0;
}
