/*
 * text.c - text of fixed width for the terminal, harmless whatever is in it
 */
#include <string.h>
#include <wchar.h>

#include "json.h"
#include "text.h"

/* Characters that have what follows written in another direction: Unicode Standard Annex #9 */
static bool turns(wchar_t c)
{
	return c == 0x200e || c == 0x200f || c == 0x61c || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* One character of text: its bytes to put (at most 4) into c, its columns returned. */
static int next(const char **text, char c[4], size_t *length, const struct view_options *o)
{
	wchar_t wide = 0;
	mbstate_t state = {0};
	size_t taken = utf8_copy(*text, strlen(*text), c, length);
	int columns = 1;

	if (*length > 1 && !o->ascii) {
		mbrtowc(&wide, c, *length, &state);
		columns = wcwidth(wide);
	}
	*text += taken;
	if ((unsigned char)*c < ' ' || *c == 0x7f || columns < 0 || turns(wide) ||
	    (*length > 1 && o->ascii)) {
		*c = '?';
		*length = 1;
		return 1;
	}
	return columns;
}

static int width(const char *text, const struct view_options *o)
{
	int columns = 0;
	size_t length;
	char c[4];

	while (*text)
		columns += next(&text, c, &length, o);
	return columns;
}

static void put_blanks(int n, FILE *out)
{
	static const char blanks[] = "                                                            ";

	for (; n > 60; n -= 60)
		fwrite(blanks, 1, 60, out);
	fwrite(blanks, 1, (size_t)n, out);
}

void put_text(const char *text, int columns, bool pad, const struct view_options *o, FILE *out)
{
	int have = width(text, o);
	size_t length;
	char c[4];

	if (have > columns) {
		const char *mark = o->ascii ? "<" : "…";

		while (have > columns - 1 && *text)
			have -= next(&text, c, &length, o);
		fputs(mark, out);
		have++;
	}
	while (*text) {
		next(&text, c, &length, o);
		fwrite(c, 1, length, out);
	}
	if (pad && have < columns)
		put_blanks(columns - have, out);
}

/* Where a line may end: after the blanks, or the |, that follow */
static size_t word_length(const char *text)
{
	size_t n = strcspn(text, " |");

	return n + (text[n] == '|' ? 1 : strspn(text + n, " "));
}

void put_wrapped(const char *text, int indent, const struct view_options *o, FILE *out)
{
	int at = indent, blanks = 0;
	size_t length;
	char c[4];

	while (*text) {
		const char *end = text + word_length(text);
		int columns = 0;

		for (const char *p = text; p < end && *p != ' ';)
			columns += next(&p, c, &length, o);
		if (at > indent && at + blanks + columns > o->width) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		} else {
			at += fprintf(out, "%*s", blanks, "");
		}
		while (text < end && *text != ' ') {
			at += next(&text, c, &length, o);
			fwrite(c, 1, length, out);
		}
		blanks = (int)(end - text);
		text = end;
	}
}

void put_colour(uint8_t ansi, const struct view_options *o, FILE *out)
{
	if (o->colour)
		fprintf(out, "\033[38;5;%um", ansi);
}

void put_plain(const struct view_options *o, FILE *out)
{
	if (o->colour)
		fputs("\033[0m", out);
}
