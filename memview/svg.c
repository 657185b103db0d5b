/*
 * svg.c - a picture of one step, or of two side by side, for a screen or a sheet of paper
 *
 * High addresses on top. What overlaps between before and after stands at one height, so that
 * an area that grew is seen to grow. Each kind has a pattern and a letter beside its colour.
 */
#include <stdarg.h>

#include "json.h"
#include "memory.h"
#include "pattern.h"
#include "views.h"

#define MARGIN	  24
#define ADDRESS	  112 /* the column of addresses */
#define BOX	  480 /* how wide an area is drawn */
#define BOX_PAIR  400 /* … with two of them side by side */
#define STRIP	  26  /* its coloured end */
#define LINE	  18
#define MOST_ROWS 300 /* more than that are drawn as crowds */

/* Drawn in a tile of PATTERN_SIZE; pairs of kinds that share a colour differ most. */
const char *const kind_patterns[KINDS] = {
	[KIND_HEADER] = "M1 4h2M5 8h2M5 0h2",
	[KIND_TEXT] = "M0 8 8 0M-1 1 1-1M7 9 9 7",
	[KIND_RODATA] = "M0 2h8M0 6h8",
	[KIND_RELRO] = "M0 2h5M4 6h5M0 6h1",
	[KIND_DATA] = "M2 0v8M6 0v8",
	[KIND_BSS] = "M2 0v5M6 4v5M6 0v1",
	[KIND_HEAP] = "M0 0 8 8M-1 7 1 9M7-1 9 1",
	[KIND_ARENA] = "M0 0 4 4M8 0v0M6 6 8 8",
	[KIND_ANON] = "M4 2v4M2 4h4",
	[KIND_RESERVED] = "",
	[KIND_FILE] = "M0 4h8",
	[KIND_SHARED] = "M4 0 8 4 4 8 0 4Z",
	[KIND_LIBRARY] = "M0 0h8M0 4h8M2 0v4M6 4v4",
	[KIND_THREAD] = "M2 1v2M1 2h2M6 5v2M5 6h2",
	[KIND_STACK] = "M0 6 4 2 8 6",
	[KIND_GUARD] = "M0 0 8 8M8 0 0 8",
	[KIND_KERNEL] = "M0 0h4v4h4v4h-4v-4h-4Z",
};

const char *pattern_ink(enum kind kind)
{
	return kind == KIND_GUARD ? "#ffffff" : "#000000";
}

/* A box: an area, all neighbouring parts of a library, or what is gone. */
struct row {
	struct area area; /* the whole interval */
	enum kind kind;
	uint64_t bytes; /* without the holes in it */
	size_t parts;	/* of a library, or areas of a crowd */
	bool crowd;	/* neighbours of one kind, drawn as one */
	char sign;	/* ' ' if nothing changed */
	uint64_t changed;
	bool ghost;
};

struct side {
	struct row *v; /* by address, upwards */
	size_t n, room;
	int x, y;     /* where it stands, and where its last row ended */
	uint64_t low; /* the address there */
};

struct picture {
	const struct trace *t;
	const struct view_options *o;
	const struct step *step;
	FILE *out;
	struct side before, after; /* before is empty unless pair */
	bool pair, resident;
	struct sizes sizes;
	size_t areas;
	struct changes changes;
	int box; /* width */
	int y;
};

/* ---- Text ---- */

/* Does a character show as nothing, or turn the direction of what follows? */
static bool unseen(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

static uint32_t decode(const char *c, size_t length)
{
	uint32_t code = length == 1 ? (unsigned char)*c : (unsigned char)*c & (0x7f >> length);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)c[i] & 0x3f);
	return code;
}

static void put_character(uint32_t code, FILE *out)
{
	if (unseen(code))
		fprintf(out, "\\u{%x}", code);
	else if (code == 0xfffe || code == 0xffff) /* no XML may hold them */
		fputs("&#xfffd;", out);
	else if (code >= 0x7f || strchr("<>&\"'", (int)code))
		fprintf(out, "&#x%x;", code);
	else
		putc((int)code, out);
}

/* Text as XML, pure ASCII; no wider than columns, the rest replaced by a mark. 0: all of it. */
static void put_text(const char *text, size_t columns, FILE *out)
{
	size_t left = strlen(text), used = 0, length;
	char c[4];

	while (left) {
		size_t taken = utf8_copy(text, left, c, &length);
		uint32_t code = decode(c, length);
		size_t width = unseen(code) ? 8 : code < 0x1100 ? 1 : 2;

		if (columns && used + width + (left > taken) > columns) {
			fputs("&#x2026;", out);
			return;
		}
		put_character(code, out);
		used += width;
		text += taken;
		left -= taken;
	}
}

/* A <text> element of class style (see put_style) at x, y. */
static void put_label(const struct picture *p, int x, int y, const char *style, size_t columns,
		      const char *text)
{
	if (!*text)
		return;
	fprintf(p->out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, style);
	put_text(text, columns, p->out);
	fputs("</text>\n", p->out);
}

__attribute__((format(printf, 3, 4))) static char *print(char *text, size_t size,
							 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, size, format, args);
	va_end(args);
	return text;
}
#define PRINT(text, ...) print(text, sizeof(text), __VA_ARGS__)

/* What an area is, in a few words: "heap", "text of hello", "stack of thread 4712". */
static void name_of(const struct area *a, enum kind kind, char *text, size_t size)
{
	const char *name = last_part(a->name), *what = kinds[kind].name;
	size_t length = strlen(what);
	bool same = *name == '[' && !strncmp(name + 1, what, length) && name[length + 1] == ']';

	if (kind == KIND_LIBRARY && *name)
		snprintf(text, size, "%s", name);
	else if (kind == KIND_THREAD && a->tid)
		snprintf(text, size, "stack of thread %d", a->tid);
	else if (kind == KIND_GUARD && a->tid)
		snprintf(text, size, "guard of thread %d", a->tid);
	else if (!*name || same || kind == KIND_GUARD)
		snprintf(text, size, "%s", kind == KIND_THREAD ? "stack of a thread" : what);
	else if (kind == KIND_FILE)
		snprintf(text, size, "%s", name);
	else
		snprintf(text, size, "%s %s%s", what, kind <= KIND_BSS ? "of " : "", name);
}

/* What made the step: "munmap(0x7f…, 4096) = 0", "mark: after free". */
static char *cause_of(const struct step *s)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		err(EXIT_OWN, "a line");
	if (*s->mark)
		fprintf(out, "mark: %s", s->mark);
	else if (s->why == WHY_FAULTS)
		fputs("the stack grew by page faults, without a call", out);
	else if (s->why == WHY_SNAPSHOT)
		fputs("as found", out);
	else if (s->why == WHY_SEEN)
		fputs("a change was seen", out);
	else if (s->why == WHY_EXIT && strncmp(s->result, "the ", 4) != 0)
		fprintf(out, "process %d %s", s->pid, s->result);
	else
		fprintf(out, "%s%s%s", s->call, *s->call && *s->result ? " = " : "", s->result);
	fclose(out);
	return text;
}

/* ---- What is to be drawn ---- */

static struct row *side_add(struct side *s, const struct area *a)
{
	s->v = grow(s->v, &s->room, s->n + 1, sizeof(*s->v));
	s->v[s->n] = (struct row){.area = *a, .kind = area_group(a), .sign = ' ', .parts = 1};
	s->v[s->n].bytes = a->end - a->start;
	return &s->v[s->n++];
}

static void side_fill(struct side *s, const struct areas *a, bool all)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct area *one = &a->v[i];
		struct row *last = s->n ? &s->v[s->n - 1] : NULL;

		if (!all && one->lib && last && last->area.lib && last->area.name == one->name) {
			last->area.end = one->end;
			last->area.resident += one->resident;
			last->bytes += one->end - one->start;
			last->parts++;
		} else {
			struct row *row = side_add(s, one);

			row->kind = all ? one->kind : row->kind;
		}
	}
}

static int by_address(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->area.start > y->area.start) - (x->area.start < y->area.start);
}

/* What one step takes away stays in its picture, crossed out. */
static void side_add_ghosts(struct side *s, const struct changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].sign == '-')
			side_add(s, &c->v[i].before)->ghost = true;
	qsort(s->v, s->n, sizeof(*s->v), by_address);
}

/* Give each row the changes in it: gone ones to what is gone or was before, others to the rest. */
static void side_mark(struct side *s, const struct changes *c, bool before)
{
	for (size_t i = 0, first = 0; i < s->n; i++) {
		struct row *row = &s->v[i];

		while (first < c->n && c->v[first].after.end <= row->area.start)
			first++;
		for (size_t k = first; k < c->n && c->v[k].after.start < row->area.end; k++) {
			const struct area *at = &c->v[k].after;
			uint64_t from = at->start > row->area.start ? at->start : row->area.start;
			uint64_t to = at->end < row->area.end ? at->end : row->area.end;
			bool gone = c->v[k].sign == '-';

			if (gone != (row->ghost || (before && gone)) ||
			    (before && c->v[k].sign != '-' && c->v[k].sign != '~'))
				continue;
			row->sign = c->v[k].sign;
			if (row->sign == '+' || row->sign == '-')
				row->changed += to - from;
		}
	}
}

/* Too much for any sheet: unchanged neighbours of one kind become one box, with what is between. */
static void side_condense(struct side *s)
{
	size_t n = 0;

	for (size_t i = 0; s->n > MOST_ROWS && i < s->n; i++) {
		struct row *last = n ? &s->v[n - 1] : NULL, *row = &s->v[i];

		if (last && last->sign == ' ' && row->sign == ' ' && last->kind == row->kind) {
			last->area.end = row->area.end;
			last->area.resident += row->area.resident;
			last->bytes += row->bytes;
			last->parts = last->crowd ? last->parts + 1 : 2;
			last->crowd = true;
		} else {
			s->v[n++] = *row;
		}
	}
	s->n = n ? n : s->n;
}

static void gather(struct picture *p)
{
	size_t step = p->o->step < p->t->n ? p->o->step : p->t->n - 1;
	size_t first = p->pair ? p->o->before : step - 1;
	struct replay r = {0};
	struct areas before = {0};
	const struct areas *after;

	p->step = &p->t->steps[step];
	if (p->pair || step) {
		replay_to(&r, p->t, first);
		areas_copy(&before, replay_areas(&r, p->step->space));
	}
	replay_to(&r, p->t, step);
	after = replay_areas(&r, p->step->space);
	if (p->pair) {
		areas_changes(&before, after, &p->changes);
		side_fill(&p->before, &before, p->o->all);
		side_mark(&p->before, &p->changes, true);
	} else if (step && p->step->born == SPACE_NOT_NEW) {
		step_changes(&before, p->step, &p->changes);
	}
	side_fill(&p->after, after, p->o->all);
	if (!p->pair)
		side_add_ghosts(&p->after, &p->changes);
	side_mark(&p->after, &p->changes, false);
	side_condense(&p->before);
	side_condense(&p->after);
	areas_sizes(after, &p->sizes);
	p->areas = after->n;
	areas_free(&before);
	replay_free(&r);
}

/* ---- Drawing ---- */

static void put_style(const struct picture *p)
{
	fputs("<style>\n"
	      "text{font:13px 'DejaVu Sans',Verdana,Helvetica,Arial,sans-serif;fill:#111}\n"
	      ".h{font-size:17px;font-weight:bold}.b{font-weight:bold}\n"
	      ".m,.a,.l{font-family:'DejaVu Sans "
	      "Mono',Menlo,Consolas,monospace;font-size:12px}\n"
	      ".a{font-size:11px;fill:#444;text-anchor:end}.r{text-anchor:end}\n"
	      ".l{font-weight:bold;text-anchor:middle}\n"
	      ".s,.sr{font-size:11px;fill:#444}.sr{text-anchor:end}\n"
	      ".g{text-decoration:line-through;fill:#444}\n"
	      ".box{fill:#fff;stroke:#555}.new{fill:#fff;stroke:#000;stroke-width:2.5}\n"
	      ".gone{fill:#fff;stroke:#000;stroke-width:2;stroke-dasharray:6 4}\n"
	      ".zig{fill:none;stroke:#555;stroke-width:1.5}\n"
	      "</style>\n<defs>\n",
	      p->out);
	for (enum kind k = 0; k < KINDS; k++)
		fprintf(p->out,
			"<pattern id=\"%s\" width=\"%d\" height=\"%d\" "
			"patternUnits=\"userSpaceOnUse\"><rect width=\"%d\" height=\"%d\" "
			"fill=\"%s\"/><path d=\"%s\" fill=\"none\" stroke=\"%s\" "
			"stroke-width=\"1.2\"/></pattern>\n",
			kinds[k].name, PATTERN_SIZE, PATTERN_SIZE, PATTERN_SIZE, PATTERN_SIZE,
			kinds[k].colour, kind_patterns[k], pattern_ink(k));
	fputs("</defs>\n", p->out);
}

/* A doubling is 5 units more, whatever the size; between two powers of 2 a straight line will do. */
static int height_of(const struct picture *p, const struct row *row)
{
	uint64_t pages = row->bytes / (p->t->page ? p->t->page : 1);
	int log = pages ? 63 - __builtin_clzll(pages) : 0;

	return (p->resident ? 36 : 28) + 5 * log +
	       (log ? (int)(5 * (double)(pages - (1ULL << log)) / (1ULL << log)) : 0);
}

static void put_strip(const struct picture *p, int x, int y, int height, enum kind kind)
{
	const char letter[] = {kinds[kind].letter, '\0'};
	int middle = y + height / 2;

	fprintf(p->out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"url(#%s)\" "
		"stroke=\"#555\"/><rect x=\"%d\" y=\"%d\" width=\"16\" height=\"17\" "
		"rx=\"3\" "
		"fill=\"#fff\"/>",
		x, y, STRIP, height, kinds[kind].name, x + 5, middle - 9);
	put_label(p, x + STRIP / 2, middle + 4, "l", 0, letter);
}

static char *badge_of(const struct row *row, char *text, size_t size)
{
	char amount[SIZE_TEXT];

	size_text(amount, row->changed);
	if (row->sign == ' ')
		*text = '\0';
	else if (row->sign == '+')
		print(text, size, row->changed == row->bytes ? "+ new" : "+%s", amount);
	else if (row->sign == '-')
		print(text, size, row->changed == row->bytes ? "\u2212 gone" : "\u2212%s", amount);
	else
		print(text, size, row->sign == '~' ? "~ changed" : "= replaced");
	return text;
}

static void put_box(const struct picture *p, const struct row *row, int x, int y, int height)
{
	bool gone = row->ghost || (row->sign == '-' && row->changed == row->bytes);
	double part = (double)row->area.resident / (double)row->bytes;

	fprintf(p->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>",
		x + ADDRESS, y, p->box, height,
		gone		   ? "gone"
		: row->sign != ' ' ? "new"
				   : "box");
	put_strip(p, x + ADDRESS, y, height, row->kind);
	if (p->resident && row->area.resident)
		fprintf(p->out,
			"<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"4\" "
			"fill=\"#333\"/>",
			x + ADDRESS + STRIP, y + height - 4,
			(p->box - STRIP) * (part < 1 ? part : 1));
}

/* An area: its box, what it is, what changed, permissions, size; its first address beside it. */
static void put_row(const struct picture *p, const struct row *row, int x, int y, int height)
{
	char name[300], text[64], size[SIZE_TEXT], resident[SIZE_TEXT];
	int right = x + ADDRESS + p->box - 8, base = y + height / 2 + (p->resident ? -3 : 5);
	int columns = (p->box - STRIP - 190) / 7;

	put_box(p, row, x, y, height);
	put_label(p, x + ADDRESS - 6, y + height - 3, "a", 0,
		  PRINT(text, "%jx", (uintmax_t)row->area.start));
	if (row->crowd)
		PRINT(name, "%zu areas: %s", row->parts, kinds[row->kind].name);
	else
		name_of(&row->area, row->kind, name, sizeof(name));
	badge_of(row, text, sizeof(text));
	put_label(p, x + ADDRESS + STRIP + 8, base, row->ghost ? "g" : "",
		  (size_t)columns + (*text ? 0 : 9), name);
	put_label(p, right - 120, base, "m b r", 0, text);
	put_label(p, right - 82, base, "m r", 0, row->parts > 1 ? "" : row->area.perms);
	put_label(p, right, base, row->ghost ? "r g" : "r", 0, size_text(size, row->bytes));
	if (p->resident)
		put_label(p, right, base + 12, "sr", 0,
			  PRINT(text, "%s resident", size_text(resident, row->area.resident)));
}

/* What could grow into the addresses between two rows. */
static const char *hint_of(const struct row *below, const struct row *above)
{
	if (above->area.start >> 63 && !(below->area.end >> 63))
		return " \u00b7 the kernel's half";
	if (above->kind == KIND_STACK && !above->ghost)
		return " \u00b7 the stack grows down \u2193";
	if (below->kind == KIND_HEAP && !below->ghost)
		return " \u00b7 the heap grows up \u2191";
	return "";
}

/* Unused addresses above row i of a side: a zigzag from where the row above it ended down to y. */
static void put_gap(const struct picture *p, const struct side *s, size_t i, int y)
{
	uint64_t end = s->v[i].area.end;
	int height = y - s->y, x = s->x + ADDRESS;
	char text[SIZE_TEXT], all[128];

	fprintf(p->out, "<path class=\"zig\" d=\"M%d %dv%dl6 4 6-10 6 14 6-8v%d\"/>", x + 1, s->y,
		height / 2, height - height / 2);
	put_label(p, x + STRIP + 8, s->y + height / 2 + 4, "s", 0,
		  PRINT(all, "%s unused%s", rough_text(text, s->low - end),
			hint_of(&s->v[i], &s->v[i + 1])));
	put_label(p, x - 6, y - 3, "a", 0, PRINT(text, "%jx", (uintmax_t)end));
}

/* How high a gap is drawn: a small one lower, and none if there is none. */
static int gap_height(uint64_t bytes)
{
	return !bytes ? 0 : bytes < (uint64_t)1 << 20 ? 24 : 34;
}

/* The rows [from, to) of a side, downwards from y. */
static void put_stack(const struct picture *p, struct side *s, size_t from, size_t to, int y)
{
	for (size_t i = to; i-- > from;) {
		const struct row *row = &s->v[i];

		if (i + 1 < to)
			y += gap_height(s->low - row->area.end);
		if (i + 1 < s->n && s->low > row->area.end)
			put_gap(p, s, i, y);
		put_row(p, row, s->x, y, height_of(p, row));
		y += height_of(p, row);
		s->y = y;
		s->low = row->area.start;
	}
}

static int stack_height(const struct picture *p, const struct side *s, size_t from, size_t to)
{
	int height = 0;

	for (size_t i = from; i < to; i++) {
		height += height_of(p, &s->v[i]);
		if (i > from)
			height += gap_height(s->v[i].area.start - s->v[i - 1].area.end);
	}
	return height;
}

static uint64_t top_of(const struct side *s, size_t n)
{
	return n ? s->v[n - 1].area.end : 0;
}

static uint64_t highest(const struct picture *p, size_t before, size_t after)
{
	uint64_t b = top_of(&p->before, before), a = top_of(&p->after, after);

	return b > a ? b : a;
}

/* Take rows off the top of a side that overlap [*low, …), and lower *low to where they begin. */
static bool take(const struct side *s, size_t *n, uint64_t *low)
{
	bool any = false;

	for (; *n && top_of(s, *n) > *low; (*n)--, any = true)
		if (s->v[*n - 1].area.start < *low)
			*low = s->v[*n - 1].area.start;
	return any;
}

/* The top address of all, above the first row. */
static void put_top(struct picture *p)
{
	const struct side *sides[] = {&p->before, &p->after};
	char text[32];

	for (int i = 0; i < 2; i++)
		if (sides[i]->n)
			put_label(p, sides[i]->x + ADDRESS - 6, p->y + 10, "a", 0,
				  PRINT(text, "%jx", (uintmax_t)top_of(sides[i], sides[i]->n)));
	p->y += 12;
}

/*
 * Groups of rows that overlap, from the top down, each at one height on both sides: their tops
 * meet if they end at one address, else their bottoms do.
 */
static void put_areas(struct picture *p)
{
	size_t b = p->before.n, a = p->after.n;

	put_top(p);
	while (b || a) {
		size_t b_end = b, a_end = a;
		bool level = top_of(&p->before, b) == top_of(&p->after, a);
		uint64_t low = highest(p, b, a) - 1;
		int b_height, a_height, height;

		while (take(&p->before, &b, &low) || take(&p->after, &a, &low))
			;
		b_height = stack_height(p, &p->before, b, b_end);
		a_height = stack_height(p, &p->after, a, a_end);
		height = b_height > a_height ? b_height : a_height;
		put_stack(p, &p->before, b, b_end, p->y + (level ? 0 : height - b_height));
		put_stack(p, &p->after, a, a_end, p->y + (level ? 0 : height - a_height));
		p->y += height;
		if (a || b)
			p->y += gap_height(low - highest(p, b, a));
	}
}

static void put_legend(struct picture *p, int width)
{
	bool used[KINDS] = {0};
	int columns = width > 800 ? 3 : 2, n = 0;
	const struct side *sides[] = {&p->before, &p->after};

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < sides[i]->n; k++)
			used[sides[i]->v[k].kind] = true;
	p->y += 26;
	for (enum kind k = 0; k < KINDS; k++) {
		int x = MARGIN + n % columns * ((width - 2 * MARGIN) / columns);
		int y = p->y + n / columns * 36;

		if (!used[k])
			continue;
		put_strip(p, x, y, 30, k);
		put_label(p, x + STRIP + 8, y + 12, "b", 0, kinds[k].name);
		put_label(p, x + STRIP + 8, y + 27, "s", 0, kinds[k].says);
		n++;
	}
	p->y += (n + columns - 1) / columns * 36 + 16;
	put_label(p, MARGIN, p->y, "s", 0,
		  "High addresses on top. Heights are logarithmic: 5 units more are a "
		  "doubling.");
	put_label(p, MARGIN, p->y + 15, "s", 0,
		  "+ new   \u2212 gone   ~ changed   = replaced in place");
	p->y += 15 + MARGIN;
}

static void put_command(const struct picture *p)
{
	for (char **c = p->t->command; c && *c; c++) {
		put_text(*c, 40, p->out);
		if (c[1])
			putc(' ', p->out);
	}
}

static void put_summary(const struct picture *p)
{
	char total[SIZE_TEXT], resident[SIZE_TEXT];

	fprintf(p->out, "%zu area%s, %s", p->areas, p->areas == 1 ? "" : "s",
		size_text(total, p->sizes.total));
	if (p->resident)
		fprintf(p->out, ", %s resident", size_text(resident, p->sizes.total_resident));
}

/* For those who do not see the picture: cause, total, and the changes in words. */
static void put_description(const struct picture *p, const char *cause)
{
	static const char *const words[] = {"new", "gone", "changed", "replaced in place"};
	char name[300], size[SIZE_TEXT];

	fputs("<title id=\"title\">Address space of ", p->out);
	put_command(p);
	fprintf(p->out, ", step %zu</title>\n<desc id=\"desc\">", (size_t)(p->step - p->t->steps));
	put_text(cause, 0, p->out);
	fputs(". ", p->out);
	put_summary(p);
	putc('.', p->out);
	for (size_t i = 0; i < p->changes.n && i < 100; i++) {
		const struct change *c = &p->changes.v[i];
		const struct area *a = c->sign == '-' ? &c->before : &c->after;

		name_of(a, a->kind, name, sizeof(name));
		fprintf(p->out, " %s: %s ", words[strchr("+-~=", c->sign) - "+-~="],
			size_text(size, a->end - a->start));
		put_text(name, 0, p->out);
		fprintf(p->out, " at %jx.", (uintmax_t)a->start);
	}
	fputs("</desc>\n", p->out);
}

static void put_place(const struct picture *p)
{
	if (!*p->step->at)
		return;
	put_text(p->step->in, 40, p->out);
	fputs(*p->step->in ? " at " : "at ", p->out);
	put_text(p->step->at, 60, p->out);
	fputs(" &#xb7; ", p->out);
}

/* The cause on at most two lines of fixed-width letters, broken at a blank. */
static void put_cause(struct picture *p, const char *cause, int width)
{
	size_t columns = (size_t)(width - 2 * MARGIN) * 10 / 73, first = strlen(cause);

	if (first > columns)
		for (first = columns; first && cause[first] != ' ';)
			first--;
	if (first) {
		char *line = fresh(cause, first + 1);

		line[first] = '\0';
		put_label(p, MARGIN, p->y += LINE, "m", columns, line);
		free(line);
	}
	if (cause[first])
		put_label(p, MARGIN, p->y += LINE, "m", columns, cause + first + !!first);
}

static void put_head(struct picture *p, const char *cause, int width)
{
	size_t step = p->step - p->t->steps;
	char text[64];

	p->y = MARGIN + 14;
	fprintf(p->out, "<text x=\"%d\" y=\"%d\" class=\"h\">", MARGIN, p->y);
	put_command(p);
	fputs("</text>\n", p->out);
	p->y += 4;
	put_cause(p, cause, width);
	p->y += LINE;
	fprintf(p->out, "<text x=\"%d\" y=\"%d\" class=\"s\">step %zu of %zu &#xb7; ", MARGIN, p->y,
		step, p->t->n - 1);
	put_place(p);
	put_summary(p);
	fputs("</text>\n", p->out);
	p->y += LINE;
	if (!p->pair)
		return;
	p->y += 8;
	put_label(p, p->before.x + ADDRESS, p->y, "b", 0,
		  PRINT(text, "before: after step %zu", p->o->before));
	put_label(p, p->after.x + ADDRESS, p->y, "b", 0, PRINT(text, "now: after step %zu", step));
	p->y += 8;
}

/* The body goes to memory first: only then is its height known. */
static int put_picture(struct picture *p, FILE *out)
{
	int width = 2 * MARGIN + (ADDRESS + p->box) * (p->pair ? 2 : 1) + (p->pair ? 16 : 0);
	char *body = NULL, *cause = cause_of(p->step);
	size_t size;

	p->out = open_memstream(&body, &size);
	if (!p->out)
		return -1;
	put_description(p, cause);
	put_style(p);
	fputs("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n", p->out);
	put_head(p, cause, width);
	put_areas(p);
	put_legend(p, width);
	fclose(p->out);
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title "
		"desc\">\n%s</svg>\n",
		width, p->y, width, p->y, body);
	free(body);
	free(cause);
	return ferror(out) ? -1 : 0;
}

int view_svg(const struct trace *t, const struct view_options *o, FILE *out)
{
	struct picture p = {.t = t, .o = o, .pair = o->before != NO_STEP};
	int result;

	p.resident = o->resident && t->resident;
	p.box = p.pair ? BOX_PAIR : BOX;
	p.before.x = MARGIN;
	p.after.x = MARGIN + (p.pair ? ADDRESS + p.box + 16 : 0);
	gather(&p);
	result = put_picture(&p, out);
	free(p.before.v);
	free(p.after.v);
	changes_free(&p.changes);
	return result;
}
