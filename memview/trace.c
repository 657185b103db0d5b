/*
 * trace.c - a recording in memory: its names, its steps, and their replay
 */
#include "trace.h"
#include "memory.h"

const char *const why_names[WHYS] = {"call", "mark", "faults", "snapshot", "seen", "exit"};

/* Every name once: a hash table of pointers into the blocks that hold the letters. */
struct names {
	const char **table;
	size_t slots; /* a power of two */
	size_t used;
	struct block {
		struct block *next;
		char text[];
	} * blocks;
	size_t free; /* bytes left at the end of the first block */
	size_t size; /* of its text */
};

#define BLOCK_SIZE ((size_t)1 << 16)

static size_t hash(const char *text, size_t length)
{
	size_t h = 1469598103934665603u; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		h = (h ^ (unsigned char)text[i]) * 1099511628211u;
	return h ^ h >> 29;
}

static char *keep(struct names *n, const char *text, size_t length)
{
	char *place;

	if (n->free < length + 1) {
		size_t size = length + 1 > BLOCK_SIZE ? length + 1 : BLOCK_SIZE;
		struct block *b = fresh(NULL, sizeof(*b) + size);

		b->next = n->blocks;
		n->blocks = b;
		n->free = n->size = size;
	}
	place = n->blocks->text + (n->size - n->free);
	memcpy(place, text, length);
	place[length] = '\0';
	n->free -= length + 1;
	return place;
}

static const char **slot(const struct names *n, const char *text, size_t length)
{
	size_t i = hash(text, length);

	for (;; i++) {
		const char **s = &n->table[i & (n->slots - 1)];

		if (!*s || (!strncmp(*s, text, length) && !(*s)[length]))
			return s;
	}
}

static void enlarge(struct names *n)
{
	struct names old = *n;

	n->slots = old.slots ? old.slots * 2 : 256;
	n->table = fresh(NULL, n->slots * sizeof(*n->table));
	for (size_t i = 0; i < old.slots; i++)
		if (old.table[i])
			*slot(n, old.table[i], strlen(old.table[i])) = old.table[i];
	free(old.table);
}

const char *trace_name_n(struct trace *t, const char *text, size_t length)
{
	const char **s;

	if (!length)
		return "";
	if (t->names->used * 2 >= t->names->slots)
		enlarge(t->names);
	s = slot(t->names, text, length);
	if (!*s) {
		*s = keep(t->names, text, length);
		t->names->used++;
	}
	return *s;
}

const char *trace_name(struct trace *t, const char *text)
{
	return text ? trace_name_n(t, text, strlen(text)) : "";
}

struct trace *trace_new(void)
{
	struct trace *t = fresh(NULL, sizeof(*t));

	t->names = fresh(NULL, sizeof(*t->names));
	return t;
}

void trace_free(struct trace *t)
{
	if (!t)
		return;
	for (struct block *b = t->names->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(t->names->table);
	free(t->names);
	for (size_t i = 0; i < t->n; i++) {
		free(t->steps[i].paint);
		free(t->steps[i].rss);
	}
	free(t->steps);
	for (char **c = t->command; c && *c; c++)
		free(*c);
	free(t->command);
	free(t->machine);
	free(t);
}

struct step *trace_step(struct trace *t)
{
	struct step *s;

	t->steps = grow(t->steps, &t->room, t->n + 1, sizeof(*t->steps));
	s = &t->steps[t->n++];
	*s = (struct step){
		.born = SPACE_NOT_NEW, .call = "", .result = "", .at = "", .in = "", .mark = ""};
	return s;
}

static void set_resident(struct areas *a, const struct area *rss)
{
	for (size_t low = 0, high = a->n; low < high;) {
		size_t mid = low + (high - low) / 2;

		if (a->v[mid].start == rss->start) {
			a->v[mid].resident = rss->resident;
			return;
		}
		if (a->v[mid].start < rss->start)
			low = mid + 1;
		else
			high = mid;
	}
}

static void apply(struct replay *r, const struct trace *t, const struct step *s)
{
	struct areas *a;

	if (r->n < t->spaces) {
		r->spaces = realloc(r->spaces, t->spaces * sizeof(*r->spaces));
		if (!r->spaces)
			err(EXIT_OWN, "%u address spaces", t->spaces);
		memset(r->spaces + r->n, 0, (t->spaces - r->n) * sizeof(*r->spaces));
		r->n = t->spaces;
	}
	a = &r->spaces[s->space];
	if (s->born == SPACE_EMPTY)
		a->n = 0;
	else if (s->born >= 0 && (uint32_t)s->born != s->space)
		areas_copy(a, &r->spaces[s->born]);
	for (size_t i = 0; i < s->paints; i++)
		areas_paint(a, &s->paint[i]);
	for (size_t i = 0; i < s->rsses; i++)
		set_resident(a, &s->rss[i]);
	if (s->why == WHY_EXIT) /* the last state stays, in no more room than it needs */
		a->room = a->n;
	if (s->why == WHY_EXIT && a->n)
		a->v = reallocarray(a->v, a->n, sizeof(*a->v));
}

void replay_to(struct replay *r, const struct trace *t, size_t step)
{
	if (r->next > step + 1)
		replay_free(r);
	while (r->next <= step && r->next < t->n)
		apply(r, t, &t->steps[r->next++]);
}

const struct areas *replay_areas(const struct replay *r, uint32_t space)
{
	static const struct areas none;

	return space < r->n ? &r->spaces[space] : &none;
}

void replay_free(struct replay *r)
{
	for (size_t i = 0; i < r->n; i++)
		areas_free(&r->spaces[i]);
	free(r->spaces);
	*r = (struct replay){0};
}

char *size_text(char text[SIZE_TEXT], uint64_t bytes)
{
	static const char units[][5] = {" B", " KiB", " MiB", " GiB", " TiB"};
	char digits[32], *d = digits + sizeof(digits);
	size_t unit = 0;

	for (; unit < 4 && bytes && bytes % 1024 == 0; unit++)
		bytes /= 1024;
	d -= sizeof(*units);
	strcpy(d, units[unit]);
	do
		*--d = (char)('0' + bytes % 10);
	while (bytes /= 10);
	return strcpy(text, d);
}

char *rough_text(char text[SIZE_TEXT], uint64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double n = (double)bytes;
	int unit = 0;

	for (; n >= 1024; unit++)
		n /= 1024;
	snprintf(text, SIZE_TEXT, "%.4g %s", n, units[unit]);
	return text;
}

const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}
