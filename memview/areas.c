/*
 * areas.c - lists of areas: painting, differences, sizes
 *
 * A list is kept in normal form: sorted, without overlap, and with alike neighbours joined. So it
 * is a function from addresses to what lies there, whatever the kernel merged or split.
 */
#include "memory.h"
#include "trace.h"

/* Names, letters and colours; letters stay readable where colours do not. */
const struct kind_look kinds[KINDS] = {
	[KIND_HEADER] = {"header", 'E', "#999999", 247, "ELF header, symbols, relocations"},
	[KIND_TEXT] = {"text", 'T', "#0072b2", 25, "code"},
	[KIND_RODATA] = {"rodata", 'R', "#56b4e9", 74, "constants"},
	[KIND_RELRO] = {"relro", 'O', "#56b4e9", 74, "pointers set at start, then read-only"},
	[KIND_DATA] = {"data", 'D', "#e69f00", 178, "variables with a first value"},
	[KIND_BSS] = {"bss", 'B', "#e69f00", 178, "variables that begin as zero"},
	[KIND_HEAP] = {"heap", 'H', "#d55e00", 166, "up to the program break: brk"},
	[KIND_ARENA] = {"arena", 'A', "#d55e00", 166, "malloc's heap for other threads"},
	[KIND_ANON] = {"anon", 'N', "#009e73", 36, "anonymous private mapping"},
	[KIND_RESERVED] = {"reserved", 'X', "#999999", 247, "addresses taken, no access"},
	[KIND_FILE] = {"file", 'F', "#f0e442", 227, "mapping of a file"},
	[KIND_SHARED] = {"shared", 'P', "#f0e442", 227, "shared between processes"},
	[KIND_LIBRARY] = {"library", 'L', "#0072b2", 25, "shared libraries"},
	[KIND_THREAD] = {"thread", 's', "#cc79a7", 175, "stack of a thread"},
	[KIND_STACK] = {"stack", 'S', "#cc79a7", 175, "stack of the first thread"},
	[KIND_GUARD] = {"guard", 'G', "#000000", 244, "inaccessible, to catch overflow"},
	[KIND_KERNEL] = {"kernel", 'K', "#999999", 247, "vdso and friends"},
};

enum kind area_group(const struct area *a)
{
	return a->lib ? KIND_LIBRARY : (enum kind)a->kind;
}

bool area_alike(const struct area *a, const struct area *b)
{
	return a->kind == b->kind && a->lib == b->lib && a->tid == b->tid &&
	       !memcmp(a->perms, b->perms, sizeof(a->perms)) &&
	       (a->name == b->name || !strcmp(a->name, b->name));
}

void areas_add(struct areas *a, const struct area *one)
{
	struct area *last = a->n ? &a->v[a->n - 1] : NULL;

	if (one->start >= one->end)
		return;
	if (last && last->end == one->start && area_alike(last, one)) {
		last->end = one->end;
		last->resident += one->resident;
		return;
	}
	a->v = grow(a->v, &a->room, a->n + 1, sizeof(*a->v));
	a->v[a->n++] = *one;
}

size_t areas_find(const struct areas *a, uint64_t addr)
{
	size_t low = 0, high = a->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (a->v[mid].end > addr)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static struct area cut(const struct area *a, uint64_t start, uint64_t end)
{
	struct area part = *a;

	part.start = start;
	part.end = end;
	if (part.resident > end - start)
		part.resident = end - start;
	return part;
}

/* Replace v[from..to) by the n areas of with. */
static void splice(struct areas *a, size_t from, size_t to, const struct area *with, size_t n)
{
	if (from == to && !n)
		return;
	a->v = grow(a->v, &a->room, a->n - (to - from) + n, sizeof(*a->v));
	if (n != to - from)
		memmove(a->v + from + n, a->v + to, (a->n - to) * sizeof(*a->v));
	memcpy(a->v + from, with, n * sizeof(*with));
	a->n += n - (to - from);
}

/*
 * What remains of the neighbours, and the paint between them, go through areas_add(), which joins
 * what is alike.
 */
void areas_paint(struct areas *a, const struct area *paint)
{
	size_t from = areas_find(a, paint->start), to = from;
	struct area with[5];
	struct areas few = {.v = with, .room = 5};

	if (paint->start >= paint->end)
		return;
	while (to < a->n && a->v[to].start < paint->end)
		to++;
	if (from && a->v[from - 1].end == paint->start)
		from--;
	if (to < a->n && a->v[to].start == paint->end)
		to++;
	if (from < to && a->v[from].start < paint->start) {
		uint64_t end = a->v[from].end < paint->start ? a->v[from].end : paint->start;
		struct area left = cut(&a->v[from], a->v[from].start, end);

		areas_add(&few, &left);
	}
	if (*paint->perms)
		areas_add(&few, paint);
	if (from < to && a->v[to - 1].end > paint->end) {
		const struct area *last = &a->v[to - 1];
		uint64_t start = last->start > paint->end ? last->start : paint->end;
		struct area right = cut(last, start, last->end);

		areas_add(&few, &right);
	}
	splice(a, from, to, with, few.n);
}

void areas_copy(struct areas *to, const struct areas *from)
{
	to->v = grow(to->v, &to->room, from->n, sizeof(*to->v));
	if (from->n)
		memcpy(to->v, from->v, from->n * sizeof(*to->v));
	to->n = from->n;
}

void areas_free(struct areas *a)
{
	free(a->v);
	*a = (struct areas){0};
}

static const struct area nothing = {.name = ""};

/* Add a change of [start, end) from one area (or NULL) to another (or NULL). */
static void change_add(struct changes *c, char sign, uint64_t start, uint64_t end,
		       const struct area *from, const struct area *to)
{
	struct change *last = c->n ? &c->v[c->n - 1] : NULL;
	struct area before = cut(from ? from : &nothing, start, end);
	struct area after = cut(to ? to : &nothing, start, end);

	if (last && last->sign == sign && last->after.end == start &&
	    area_alike(&last->before, &before) && area_alike(&last->after, &after)) {
		last->before.end = last->after.end = end;
		return;
	}
	c->v = grow(c->v, &c->room, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = (struct change){.sign = sign, .before = before, .after = after};
}

/* What to (or nothing, if NULL) over [start, end) changes in a; same is the sign of no change. */
static void change_interval(struct changes *c, const struct areas *a, uint64_t start, uint64_t end,
			    const struct area *to, char same)
{
	for (size_t i = areas_find(a, start); start < end; i++) {
		const struct area *old = i < a->n && a->v[i].start < end ? &a->v[i] : NULL;
		uint64_t gap_end = old ? old->start : end;
		uint64_t old_end = old && old->end < end ? old->end : end;

		if (start < gap_end && to)
			change_add(c, '+', start, gap_end, NULL, to);
		if (start < gap_end)
			start = gap_end;
		if (!old)
			return;
		if (!to)
			change_add(c, '-', start, old_end, old, NULL);
		else if (!area_alike(old, to))
			change_add(c, '~', start, old_end, old, to);
		else if (same)
			change_add(c, same, start, old_end, old, to);
		start = old_end;
	}
}

void step_changes(const struct areas *before, const struct step *s, struct changes *out)
{
	out->n = 0;
	for (size_t i = 0; i < s->paints; i++) {
		const struct area *p = &s->paint[i];

		change_interval(out, before, p->start, p->end, *p->perms ? p : NULL, '=');
	}
}

/* Most areas are the same, at the same place: k is where the one of b is expected in a. */
static bool same_at(const struct areas *a, size_t k, const struct area *one)
{
	return k < a->n && a->v[k].start == one->start && a->v[k].end == one->end &&
	       area_alike(&a->v[k], one);
}

void areas_changes(const struct areas *a, const struct areas *b, struct changes *out)
{
	uint64_t at = 0;
	size_t k = 0;

	out->n = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct area *one = &b->v[i];

		if (!same_at(a, k, one)) { /* all before k end at `at` or below */
			change_interval(out, a, at, one->start, NULL, 0);
			change_interval(out, a, one->start, one->end, one, 0);
			k = areas_find(a, one->end);
		} else {
			k++;
		}
		at = one->end;
	}
	change_interval(out, a, at, UINT64_MAX, NULL, 0);
}

void changes_free(struct changes *c)
{
	free(c->v);
	*c = (struct changes){0};
}

int64_t changes_of_kind(const struct changes *c, enum kind kind)
{
	int64_t sum = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct change *one = &c->v[i];

		if (*one->after.perms && area_group(&one->after) == kind)
			sum += one->after.end - one->after.start;
		if (*one->before.perms && area_group(&one->before) == kind)
			sum -= one->before.end - one->before.start;
	}
	return sum;
}

void areas_sizes(const struct areas *a, struct sizes *out)
{
	*out = (struct sizes){0};
	for (size_t i = 0; i < a->n; i++) {
		enum kind kind = area_group(&a->v[i]);
		uint64_t size = a->v[i].end - a->v[i].start;

		out->bytes[kind] += size;
		out->total += size;
		out->resident[kind] += a->v[i].resident;
		out->total_resident += a->v[i].resident;
	}
}
