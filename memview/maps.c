/*
 * maps.c - read /proc/PID/maps
 */
#include <unistd.h>

#include "memory.h"
#include "space.h"

static uint64_t hex(char **p)
{
	uint64_t n = 0;

	for (;; (*p)++) {
		unsigned c = (unsigned char)**p;

		if (c - '0' < 10)
			n = n << 4 | (c - '0');
		else if (c - 'a' < 6)
			n = n << 4 | (c - 'a' + 10);
		else
			return n;
	}
}

static bool is(char **p, char c)
{
	return **p == c && (*p)++;
}

/* START-END PERMS OFFSET MAJOR:MINOR INODE [NAME], all but the inode in hexadecimal */
static bool parse_line(char **p, struct mapping *m)
{
	m->start = hex(p);
	if (!is(p, '-'))
		return false;
	m->end = hex(p);
	if (!is(p, ' ') || m->end <= m->start)
		return false;
	for (int i = 0; i < 4; i++, (*p)++) {
		m->perms[i] = **p;
		if (**p != "rwxp"[i] && **p != "---s"[i])
			return false;
	}
	m->perms[4] = '\0';
	if (!is(p, ' '))
		return false;
	m->offset = hex(p);
	if (!is(p, ' '))
		return false;
	m->dev = hex(p) << 32;
	if (!is(p, ':'))
		return false;
	m->dev |= hex(p);
	if (!is(p, ' '))
		return false;
	m->inode = 0;
	while (**p >= '0' && **p <= '9')
		m->inode = m->inode * 10 + (uint64_t)(*(*p)++ - '0');
	while (is(p, ' '))
		;
	m->name = *p;
	return true;
}

/*
 * The kernel writes the text in pieces, between which a process that is not stopped goes on: what
 * was written of an address first is taken.
 */
bool mappings_parse(struct mappings *m, size_t length)
{
	char *p = m->text, *end = m->text + length;

	m->n = 0;
	m->bytes = 0;
	while (p < end) {
		struct mapping *one;

		m->v = grow(m->v, &m->room, m->n + 1, sizeof(*m->v));
		one = &m->v[m->n];
		if (!parse_line(&p, one))
			return false;
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			return false;
		*p++ = '\0';
		if (m->n && one->start < one[-1].end)
			one->start = one[-1].end;
		if (one->start >= one->end)
			continue;
		if (one->start < PROGRAMS_END)
			m->bytes += one->end - one->start;
		m->n++;
	}
	return true;
}

/* On x86 the last line is always the same: seeing it saves a read that would tell of the end. */
static bool is_last_line(const char *text, size_t length)
{
	static const char last[] = "\nffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0";
	const char *line = length ? memrchr(text, '\n', length - 1) : NULL;

	return line && text[length - 1] == '\n' && !strncmp(line, last, sizeof(last) - 1);
}

/* The kernel hands out a page or so at a time, whatever it is asked for. */
int mappings_read(struct mappings *m, int fd)
{
	size_t length = 0;
	ssize_t n;

	do {
		m->text = grow(m->text, &m->text_room, length + (1 << 14), 1);
		n = pread(fd, m->text + length, m->text_room - length - 1, (off_t)length);
		if (n < 0)
			return -1;
		length += (size_t)n;
		m->text[length] = '\0';
	} while (n && !is_last_line(m->text, length));
	if (!mappings_parse(m, length))
		errx(EXIT_OWN, "cannot read this kernel's maps");
	return 0;
}

size_t mappings_above(const struct mappings *m, uint64_t addr)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->v[mid].end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct mapping *mappings_find(const struct mappings *m, uint64_t addr)
{
	size_t i = mappings_above(m, addr);

	return i < m->n && m->v[i].start <= addr ? &m->v[i] : NULL;
}

void mappings_free(struct mappings *m)
{
	free(m->v);
	free(m->text);
	*m = (struct mappings){0};
}
