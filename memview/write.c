/*
 * write.c - write a recording (memview/1, see trace.h), whole or a step at a time
 */
#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "trace.h"

static void put_string(const char *text, FILE *out)
{
	size_t left = strlen(text), length;
	char c[4];

	putc('"', out);
	while (left) {
		size_t taken = utf8_copy(text, left, c, &length);

		if (*c == '"' || *c == '\\')
			fprintf(out, "\\%c", *c);
		else if ((unsigned char)*c < ' ' || *c == 0x7f)
			fprintf(out, "\\u%04x", *c);
		else
			fwrite(c, 1, length, out);
		text += taken;
		left -= taken;
	}
	putc('"', out);
}

static void put_member(const char *key, const char *text, FILE *out)
{
	if (!*text)
		return;
	fprintf(out, ",\"%s\":", key);
	put_string(text, out);
}

static void put_area(const struct area *a, FILE *out)
{
	fprintf(out, "[\"%" PRIx64 "\",%" PRIu64, a->start, a->end - a->start);
	if (*a->perms)
		fprintf(out, ",\"%s%s\",\"%s\"", a->lib ? "lib:" : "", kinds[a->kind].name,
			a->perms);
	if (*a->perms && (*a->name || a->tid)) {
		putc(',', out);
		put_string(a->name, out);
	}
	if (*a->perms && a->tid)
		fprintf(out, ",%d", a->tid);
	putc(']', out);
}

static void put_areas(const struct step *s, FILE *out)
{
	if (!s->paints)
		return;
	fputs(",\"areas\":[", out);
	for (size_t i = 0; i < s->paints; i++) {
		if (i)
			putc(',', out);
		put_area(&s->paint[i], out);
	}
	putc(']', out);
}

static void put_rss(const struct step *s, FILE *out)
{
	if (!s->rsses)
		return;
	fputs(",\"rss\":[", out);
	for (size_t i = 0; i < s->rsses; i++)
		fprintf(out, "%s[\"%" PRIx64 "\",%" PRIu64 "]", i ? "," : "", s->rss[i].start,
			s->rss[i].resident);
	putc(']', out);
}

int trace_write_head(const struct trace *t, FILE *out)
{
	fputs("{\"format\":\"memview/1\",\"command\":[", out);
	for (char **c = t->command; c && *c; c++) {
		if (c != t->command)
			putc(',', out);
		put_string(*c, out);
	}
	fprintf(out, "],\"page\":%" PRIu64, t->page);
	put_member("machine", t->machine ? t->machine : "", out);
	fprintf(out, "%s,\"steps\":[", t->resident ? ",\"resident\":true" : "");
	return ferror(out) ? -1 : 0;
}

/* "us" stands in every step; what is as before does not. */
int trace_write_step(const struct step *s, const struct step *before, FILE *out)
{
	fprintf(out, "%s\n{\"us\":%" PRIu64, before ? "," : "", s->us);
	if (!before || s->space != before->space)
		fprintf(out, ",\"space\":%" PRIu32, s->space);
	if (s->born >= 0)
		fprintf(out, ",\"new\":%" PRId32, s->born);
	else if (s->born == SPACE_EMPTY)
		fputs(",\"new\":true", out);
	if (!before || s->pid != before->pid)
		fprintf(out, ",\"pid\":%d", s->pid);
	if (!before || s->tid != before->tid)
		fprintf(out, ",\"tid\":%d", s->tid);
	if (s->why != WHY_CALL)
		put_member("why", why_names[s->why], out);
	put_member("mark", s->mark, out);
	put_member("call", s->call, out);
	put_member("result", s->result, out);
	put_member("at", s->at, out);
	put_member("in", s->in, out);
	put_areas(s, out);
	put_rss(s, out);
	putc('}', out);
	return ferror(out) ? -1 : 0;
}

int trace_write_tail(FILE *out)
{
	fputs("\n]}\n", out);
	return fflush(out) || ferror(out) ? -1 : 0;
}

int trace_write(const struct trace *t, FILE *out)
{
	trace_write_head(t, out);
	for (size_t i = 0; i < t->n; i++)
		trace_write_step(&t->steps[i], i ? &t->steps[i - 1] : NULL, out);
	return trace_write_tail(out);
}
