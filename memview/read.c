/*
 * read.c - read a recording (memview/1, see trace.h) that may come from anyone
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "memory.h"
#include "trace.h"

#define MOST_AREAS ((size_t)1 << 24) /* in all address spaces together: a gigabyte */

struct reader {
	struct json j;
	struct trace *t;
	size_t *areas; /* per space: no more than this many */
	size_t room;
	size_t all;
	bool is_ours; /* "format" was seen */
};

static const char *name(struct reader *r)
{
	const char *text;

	return json_string(&r->j, &text) ? trace_name(r->t, text) : "";
}

static uint64_t number_to(struct reader *r, uint64_t most)
{
	uint64_t n;

	if (json_number(&r->j, &n) && n > most)
		json_fail(&r->j, "number too large");
	return r->j.error ? 0 : n;
}

static void read_start(struct reader *r, uint64_t *start)
{
	const char *text;
	char *rest;

	if (!json_string(&r->j, &text))
		return;
	errno = 0;
	*start = strtoull(text, &rest, 16);
	if (errno || *rest || !strchr("0123456789abcdef", *text) || !*text || strlen(text) > 16)
		json_fail(&r->j, "bad address");
}

static void read_kind(struct reader *r, struct area *a)
{
	const char *text;

	if (!json_string(&r->j, &text))
		return;
	a->lib = !strncmp(text, "lib:", 4);
	for (a->kind = 0; a->kind < KINDS; a->kind++)
		if (a->kind != KIND_LIBRARY && !strcmp(kinds[a->kind].name, text + 4 * a->lib))
			return;
	a->kind = KIND_ANON;
	json_fail(&r->j, "unknown kind of area");
}

static void read_perms(struct reader *r, struct area *a)
{
	static const char *const letters[] = {"r-", "w-", "x-", "ps"};
	const char *text;

	if (!json_string(&r->j, &text))
		return;
	for (int i = 0; i < 4; i++)
		if (!text[i] || !strchr(letters[i], text[i])) {
			json_fail(&r->j, "bad permissions");
			return;
		}
	if (text[4])
		json_fail(&r->j, "bad permissions");
	memcpy(a->perms, text, 4);
}

static struct area read_area(struct reader *r)
{
	struct area a = {.name = ""};
	int i = 0;

	json_open(&r->j, '[');
	for (; json_item(&r->j); i++)
		switch (i) {
		case 0:
			read_start(r, &a.start);
			break;
		case 1:
			a.end = a.start + number_to(r, (uint64_t)1 << 53);
			if (!r->j.error && a.end <= a.start)
				json_fail(&r->j, "an area that is empty or too large");
			break;
		case 2:
			read_kind(r, &a);
			break;
		case 3:
			read_perms(r, &a);
			break;
		case 4:
			a.name = name(r);
			break;
		case 5:
			a.tid = (pid_t)number_to(r, INT_MAX);
			break;
		default:
			json_skip(&r->j);
		}
	if (i < 2 || i == 3)
		json_fail(&r->j, "an area with too few values");
	return a;
}

static void read_paints(struct reader *r, struct step *s)
{
	size_t room = s->paints;

	json_open(&r->j, '[');
	while (json_item(&r->j)) {
		struct area a = read_area(r);

		if (s->paints && s->paint[s->paints - 1].end > a.start)
			json_fail(&r->j, "areas that overlap or are not in order");
		s->paint = grow(s->paint, &room, s->paints + 1, sizeof(*s->paint));
		s->paint[s->paints++] = a;
	}
}

static void read_rss(struct reader *r, struct step *s)
{
	size_t room = s->rsses;

	json_open(&r->j, '[');
	while (json_item(&r->j)) {
		struct area a = {.name = ""};

		json_open(&r->j, '[');
		if (json_item(&r->j))
			read_start(r, &a.start);
		if (json_item(&r->j))
			a.resident = number_to(r, (uint64_t)1 << 53);
		while (json_item(&r->j))
			json_skip(&r->j);
		s->rss = grow(s->rss, &room, s->rsses + 1, sizeof(*s->rss));
		s->rss[s->rsses++] = a;
	}
}

static void read_born(struct reader *r, struct step *s)
{
	bool is;

	if (json_peek(&r->j) != 't' && json_peek(&r->j) != 'f')
		s->born = (int32_t)number_to(r, INT_MAX);
	else if (json_true(&r->j, &is) && is)
		s->born = SPACE_EMPTY;
}

static void read_why(struct reader *r, struct step *s)
{
	const char *text;
	int why = 0;

	if (!json_string(&r->j, &text))
		return;
	while (why < WHYS && strcmp(why_names[why], text) != 0)
		why++;
	if (why == WHYS)
		json_fail(&r->j, "unknown \"why\"");
	else
		s->why = (enum why)why;
}

static void read_member(struct reader *r, struct step *s, const char *key)
{
	if (!strcmp(key, "us"))
		s->us = number_to(r, (uint64_t)1 << 53);
	else if (!strcmp(key, "space"))
		s->space = (uint32_t)number_to(r, INT_MAX);
	else if (!strcmp(key, "pid"))
		s->pid = (pid_t)number_to(r, INT_MAX);
	else if (!strcmp(key, "tid"))
		s->tid = (pid_t)number_to(r, INT_MAX);
	else if (!strcmp(key, "new"))
		read_born(r, s);
	else if (!strcmp(key, "why"))
		read_why(r, s);
	else if (!strcmp(key, "call"))
		s->call = name(r);
	else if (!strcmp(key, "result"))
		s->result = name(r);
	else if (!strcmp(key, "at"))
		s->at = name(r);
	else if (!strcmp(key, "in"))
		s->in = name(r);
	else if (!strcmp(key, "mark"))
		s->mark = name(r);
	else if (!strcmp(key, "areas") && !s->paints)
		read_paints(r, s);
	else if (!strcmp(key, "rss") && !s->rsses)
		read_rss(r, s);
	else
		json_skip(&r->j);
}

/*
 * Spaces are numbered from 0 without holes, and begin with a step that says so. A file of a
 * megabyte could hold a thousand copies of a space of a thousand areas: count what they may take.
 */
static void check_space(struct reader *r, const struct step *s)
{
	struct trace *t = r->t;
	size_t from = s->born >= 0 && (uint32_t)s->born < t->spaces ? r->areas[s->born] : 0;

	if (s->space > t->spaces || (s->space == t->spaces && s->born == SPACE_NOT_NEW) ||
	    (s->born >= 0 && (uint32_t)s->born >= t->spaces)) {
		json_fail(&r->j, "an address space that nothing begins");
		return;
	}
	r->areas = grow(r->areas, &r->room, (size_t)t->spaces + 1, sizeof(*r->areas));
	if (s->space == t->spaces)
		r->areas[t->spaces++] = 0;
	if (s->born != SPACE_NOT_NEW) {
		r->all += from;
		r->areas[s->space] = from;
	}
	r->areas[s->space] += 2 * s->paints;
	if (r->all > MOST_AREAS)
		json_fail(&r->j, "too many copies of too many areas");
}

static void read_step(struct reader *r)
{
	struct step *s = trace_step(r->t);
	const char *key;

	if (r->t->n > 1) {
		const struct step *last = s - 1;

		s->us = last->us;
		s->space = last->space;
		s->pid = last->pid;
		s->tid = last->tid;
	}
	json_open(&r->j, '{');
	while (json_key(&r->j, &key))
		read_member(r, s, key);
	if (!r->j.error)
		check_space(r, s);
}

static void read_command(struct reader *r)
{
	size_t n = 0, room = 0;
	const char *text;
	char **command = NULL;

	json_open(&r->j, '[');
	while (json_item(&r->j) && json_string(&r->j, &text)) {
		command = grow(command, &room, n + 2, sizeof(*command));
		command[n++] = fresh(text, strlen(text) + 1);
		command[n] = NULL;
	}
	for (char **c = r->t->command; c && *c; c++)
		free(*c);
	free(r->t->command);
	r->t->command = command;
}

static void read_format(struct reader *r)
{
	const char *text;

	if (!json_string(&r->j, &text))
		return;
	r->is_ours = !strcmp(text, "memview/1");
	if (!r->is_ours)
		json_fail(&r->j, "not a memview/1 recording");
}

static void read_machine(struct reader *r)
{
	const char *text;

	if (!json_string(&r->j, &text))
		return;
	free(r->t->machine);
	r->t->machine = fresh(text, strlen(text) + 1);
}

static void read_steps(struct reader *r)
{
	json_open(&r->j, '[');
	while (json_item(&r->j))
		read_step(r);
}

/* The key is gone once the value is read: it is in the same buffer. */
static void read_head(struct reader *r, const char *key)
{
	if (!strcmp(key, "format"))
		read_format(r);
	else if (!strcmp(key, "command"))
		read_command(r);
	else if (!strcmp(key, "page"))
		r->t->page = number_to(r, (uint64_t)1 << 40);
	else if (!strcmp(key, "machine"))
		read_machine(r);
	else if (!strcmp(key, "resident"))
		json_true(&r->j, &r->t->resident);
	else if (!strcmp(key, "steps"))
		read_steps(r);
	else
		json_skip(&r->j);
}

static void read_all(struct reader *r)
{
	struct trace *t = r->t;
	const char *key;

	json_open(&r->j, '{');
	while (json_key(&r->j, &key))
		read_head(r, key);
	json_end(&r->j);
	if (!r->j.error && !r->is_ours)
		json_fail(&r->j, "not a memview/1 recording");
	if (!r->j.error && !t->n)
		json_fail(&r->j, "no steps");
	if (!t->command)
		t->command = fresh(NULL, sizeof(*t->command));
	if (!t->machine)
		t->machine = fresh("", 1);
	if (!t->page)
		t->page = (uint64_t)sysconf(_SC_PAGESIZE);
}

struct trace *trace_parse(const char *text, size_t length, char *why, size_t size)
{
	struct reader r = {.j = {.at = text, .end = text + length}, .t = trace_new()};
	size_t line = 1;

	read_all(&r);
	json_free(&r.j);
	free(r.areas);
	if (!r.j.error)
		return r.t;
	for (const char *p = text; p < r.j.at; p++)
		line += *p == '\n';
	snprintf(why, size, "line %zu: %s", line, r.j.error);
	trace_free(r.t);
	return NULL;
}

/* All that a file (or a pipe) holds, or NULL with errno set. */
static char *read_file(const char *path, size_t *length)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	size_t room = 0;
	char *text = NULL;
	ssize_t n = 1;

	*length = 0;
	while (fd >= 0 && n > 0) {
		text = grow(text, &room, *length + (1 << 16), 1);
		n = read(fd, text + *length, room - *length);
		*length += n > 0 ? (size_t)n : 0;
	}
	if (fd < 0 || n < 0) {
		int saved = errno;

		free(text);
		text = NULL;
		if (fd >= 0)
			close(fd);
		errno = saved;
		return NULL;
	}
	close(fd);
	return text;
}

struct trace *trace_read(const char *path, char *why, size_t size)
{
	size_t length;
	char *text = read_file(path, &length);
	struct trace *t;

	if (!text) {
		snprintf(why, size, "%s", strerror(errno));
		return NULL;
	}
	t = trace_parse(text, length, why, size);
	free(text);
	return t;
}
