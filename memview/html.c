/*
 * html.c - a whole recording as one page that needs nothing else
 *
 * The page is html/viewer.html. A line of it that names a part in @…@ becomes that part: the style
 * sheet and scripts beside it, the kinds with their looks, and the recording.
 */
#include <err.h>
#include <string.h>

#include "memory.h"
#include "pattern.h"
#include "views.h"

/* Put the bytes of a file into the program's constants: NAME[0] to NAME_end, a zero after them. */
#define EMBED(name, file)                                                                         \
	__asm__(".pushsection .rodata\n" #name ": .incbin \"" file "\"\n" #name "_end: .byte 0\n" \
		".popsection");                                                                   \
	extern const char name[] __asm__(#name), name##_end[] __asm__(#name "_end")

EMBED(html_page, "html/viewer.html");
EMBED(html_style, "html/viewer.css");
EMBED(html_model, "html/model.js");
EMBED(html_viewer, "html/viewer.js");

/*
 * JSON inside a script element ends where the characters </script or <!-- say so, even in a string.
 * A < can only be in a string, where it may be written as a number.
 */
static ssize_t put_without_less_than(void *cookie, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *less = memchr(text, '<', end - text);
		const char *stop = less ? less : end;

		fwrite(text, 1, stop - text, cookie);
		if (less)
			fputs("\\u003c", cookie);
		text = less ? less + 1 : end;
	}
	return ferror((FILE *)cookie) ? 0 : (ssize_t)length;
}

static int put_recording(const struct trace *t, FILE *out)
{
	const cookie_io_functions_t through = {.write = put_without_less_than};
	FILE *json = fopencookie(out, "w", through);
	int failed;

	if (!json)
		return -1;
	failed = trace_write(t, json);
	return fclose(json) || failed ? -1 : 0;
}

/* The kinds as every view shows them, and what the page shows first. */
static void put_look(const struct trace *t, const struct view_options *o, FILE *out)
{
	size_t step = o->step < t->n ? o->step : t->n - 1;

	fprintf(out, "{\"step\":%zu,\"all\":%s,\"resident\":%s,\"kinds\":[", step,
		o->all ? "true" : "false", o->resident && t->resident ? "true" : "false");
	for (enum kind k = 0; k < KINDS; k++)
		fprintf(out,
			"%s\n{\"name\":\"%s\",\"letter\":\"%c\",\"colour\":\"%s\",\"ink\":\"%s\","
			"\"pattern\":\"%s\",\"says\":\"%s\"}",
			k ? "," : "", kinds[k].name, kinds[k].letter, kinds[k].colour,
			pattern_ink(k), kind_patterns[k], kinds[k].says);
	fputs("\n]}\n", out);
}

static int put_part(const char *line, const struct trace *t, const struct view_options *o,
		    FILE *out)
{
	static const struct {
		const char *name, *text, *end;
	} parts[] = {
		{"@viewer.css@\n", html_style, html_style_end},
		{"@model.js@\n", html_model, html_model_end},
		{"@viewer.js@\n", html_viewer, html_viewer_end},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strncmp(line, parts[i].name, strlen(parts[i].name)))
			fwrite(parts[i].text, 1, parts[i].end - parts[i].text, out);
	if (!strncmp(line, "@look@\n", 7))
		put_look(t, o, out);
	if (!strncmp(line, "@recording@\n", 12))
		return put_recording(t, out);
	return 0;
}

int view_html(const struct trace *t, const struct view_options *o, FILE *out)
{
	const char *line = html_page;

	while (line < html_page_end) {
		const char *end = strchr(line, '\n') + 1;

		if (*line != '@')
			fwrite(line, 1, end - line, out);
		else if (put_part(line, t, o, out))
			return -1;
		line = end;
	}
	return ferror(out) ? -1 : 0;
}
