/*
 * predict.c - at every mark: which area will change, and by how much?
 *
 * An answer is a kind of area and a change of its size: `heap +132K`, `anon -316`, or `none`.
 * Numbers are KiB unless they end in B, K, M or G. The program waits at the mark meanwhile.
 */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "memory.h"
#include "predict.h"
#include "text.h"
#include "tracer.h"

struct answer {
	bool given, none;
	enum kind kind;
	int64_t bytes;
};

static FILE *in, *out;
static const struct view_options *view;
static struct areas at_last_mark;
static struct answer answer;
static char last_label[128];
static uint32_t last_space;
static int asked, right;

static bool read_kind(const char *word, size_t length, enum kind *kind)
{
	for (int k = 0; k < KINDS; k++)
		if ((length == 1 && *word == kinds[k].letter) ||
		    (strlen(kinds[k].name) == length && !strncmp(kinds[k].name, word, length))) {
			*kind = (enum kind)k;
			return true;
		}
	return false;
}

static bool read_bytes(const char *text, int64_t *bytes)
{
	static const char units[] = "BKMG";
	const char *unit;
	char *end;
	double n = strtod(text, &end);
	double factor = 1024;

	if (end == text)
		return false;
	while (isspace((unsigned char)*end))
		end++;
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (*end && !unit)
		return false;
	for (factor = unit ? 1 : 1024; unit && unit > units; unit--)
		factor *= 1024;
	n *= factor;
	if (!(n > -1e18 && n < 1e18))
		return false;
	*bytes = (int64_t)n;
	return true;
}

static bool read_answer(const char *line, struct answer *a)
{
	size_t n;

	line += strspn(line, " \t");
	n = strcspn(line, " \t\n+-0123456789");
	*a = (struct answer){.given = true};
	if (n == 4 && !strncmp(line, "none", 4)) {
		a->none = true;
		return true;
	}
	return read_kind(line, n, &a->kind) && read_bytes(line + n, &a->bytes);
}

/* The program may want the same input: take not a byte more than the line. */
static bool read_line(char *line, size_t size)
{
	size_t n = 0;
	ssize_t got = 0;

	while (n + 1 < size && (got = read(fileno(in), line + n, 1)) == 1 && line[n] != '\n')
		n++;
	line[n] = '\0';
	return got == 1 || n;
}

static void ask_once(const char *label)
{
	char line[128];

	answer.given = false;
	fprintf(out, "mark: ");
	put_text(label, 60, false, view, out);
	fprintf(out, "\nWhich area will change until the next mark, and by how much? "
		     "(heap +132, none)\n> ");
	fflush(out);
	while (read_line(line, sizeof(line))) {
		if (!*line)
			return;
		if (read_answer(line, &answer)) {
			asked++;
			return;
		}
		answer.given = false;
		fprintf(out, "A kind of area and KiB: text, data, bss, heap, anon, file, library, "
			     "stack, …\n> ");
		fflush(out);
	}
}

/* Ctrl-C reaches the program, too, as soon as it goes on: it ends the question. */
static void ask(const char *label)
{
	struct sigaction was;

	interrupted_by(SIGINT, &was);
	ask_once(label);
	sigaction(SIGINT, &was, NULL);
}

static void say_kind(enum kind kind, int64_t bytes)
{
	char size[SIZE_TEXT];

	fprintf(out, "  %c %c %-8s %s%s\n", bytes < 0 ? '-' : '+', kinds[kind].letter,
		kinds[kind].name, bytes < 0 ? "-" : "+",
		size_text(size, (uint64_t)(bytes < 0 ? -bytes : bytes)));
}

/* A mapping is a whole number of pages: an answer within one page of it is right. */
static void judge(const struct changes *c, uint64_t page)
{
	int64_t is = answer.none ? 0 : changes_of_kind(c, answer.kind);
	int64_t off = is > answer.bytes ? is - answer.bytes : answer.bytes - is;
	bool changed = false;

	for (int k = 0; k < KINDS; k++)
		changed = changed || changes_of_kind(c, (enum kind)k);
	if (!answer.given)
		return;
	if (answer.none ? !changed : is && (uint64_t)off < page) {
		right++;
		fprintf(out, "  right%s\n", off ? ", to the page" : "");
	} else if (!answer.none && is) {
		fprintf(out, (is < 0) == (answer.bytes < 0)
				     ? "  the right area, but not by as much\n"
				     : "  the right area, the other way\n");
	} else {
		fprintf(out, "  not so\n");
	}
}

/* What changed since the last mark, and was it foreseen? */
static void show(struct recorder *r)
{
	struct changes c = {0};
	int lines = 0;

	areas_changes(&at_last_mark, recorder_areas(r, last_space), &c);
	fprintf(out, "since \"");
	put_text(last_label, 60, false, view, out);
	fprintf(out, "\":\n");
	for (int k = 0; k < KINDS; k++)
		if (changes_of_kind(&c, (enum kind)k)) {
			say_kind((enum kind)k, changes_of_kind(&c, (enum kind)k));
			lines++;
		}
	if (!lines)
		fprintf(out, "  no area changed its size\n");
	judge(&c, r->t->page);
	changes_free(&c);
}

static void at_mark(struct recorder *r, uint32_t space, const char *label)
{
	if (*last_label)
		show(r);
	ask(label);
	snprintf(last_label, sizeof(last_label), "%s", *label ? label : "a mark");
	last_space = space;
	areas_copy(&at_last_mark, recorder_areas(r, space));
}

void predict_begin(const struct view_options *options)
{
	in = isatty(STDIN_FILENO) ? fopen("/dev/tty", "re") : NULL;
	if (!in)
		in = stdin;
	out = stderr;
	view = options;
	trace_at_mark = at_mark;
}

void predict_end(struct recorder *r)
{
	if (*last_label)
		show(r);
	else
		fprintf(out, "no mark was reached: mark(\"label\") of lab.h makes one\n");
	if (asked)
		fprintf(out, "%d of %d right\n", right, asked);
	areas_free(&at_last_mark);
}
