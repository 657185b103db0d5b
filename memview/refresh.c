/*
 * refresh.c - bring a list of mappings up to date where a call changed them
 *
 * Reading all of /proc/PID/maps costs half a microsecond a line, and a call changes one line or
 * two. PROCMAP_QUERY (Linux 6.11, Documentation/filesystems/proc.rst) asks for these alone.
 */
#include <errno.h>
#include <sys/ioctl.h>

#include "memory.h"
#include "space.h"

/* struct procmap_query; headers may be older */
struct query {
	uint64_t size, flags, addr;
	uint64_t start, end, perms, page_size, offset, inode;
	uint32_t major, minor, name_size, build_id_size;
	uint64_t name, build_id;
};
#define QUERY		  _IOWR('f', 17, struct query)
#define COVERING_OR_NEXT  0x10
#define MOST_NEIGHBOURS	  8
#define LONGEST_OWN_LABEL 256 /* a file's path can be longer: that takes a look at all maps */

/* A run of mappings */
struct run {
	const struct mapping *v;
	size_t n;
};

/* The name as one of those that were there; NULL if it is new. */
static const char *known_name(struct run old, const char *name)
{
	if (!*name)
		return "";
	for (size_t i = 0; i < old.n; i++)
		if (!strcmp(old.v[i].name, name))
			return old.v[i].name;
	return NULL;
}

/* The first mapping that ends above addr, its name NULL if that is new: 1, 0 if there is none, or -1. */
static int query(int fd, uint64_t addr, struct run old, struct mapping *m)
{
	char name[LONGEST_OWN_LABEL] = "";
	struct query q = {.size = sizeof(q),
			  .flags = COVERING_OR_NEXT,
			  .addr = addr,
			  .name_size = sizeof(name),
			  .name = (uintptr_t)name};

	if (ioctl(fd, QUERY, &q))
		return errno == ENOENT ? 0 : -1;
	*m = (struct mapping){.start = q.start,
			      .end = q.end,
			      .offset = q.offset,
			      .dev = (uint64_t)q.major << 32 | q.minor,
			      .inode = q.inode,
			      .name = known_name(old, name)};
	for (int i = 0; i < 3; i++)
		m->perms[i] = q.perms & 1u << i ? "rwx"[i] : '-';
	m->perms[3] = q.perms & 8 ? 's' : 'p';
	return 1;
}

/* A call keeps to its interval: what reaches beyond it begins and ends where it did. */
static bool same_edges(struct run old, struct run now, uint64_t from, uint64_t to)
{
	uint64_t first = old.n && old.v[0].start < from ? old.v[0].start : from;
	uint64_t last = old.n && old.v[old.n - 1].end > to ? old.v[old.n - 1].end : to;

	return first == (now.n && now.v[0].start < from ? now.v[0].start : from) &&
	       last == (now.n && now.v[now.n - 1].end > to ? now.v[now.n - 1].end : to);
}

static uint64_t bytes_of(struct run r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r.n; i++)
		sum += r.v[i].end - r.v[i].start;
	return sum;
}

/* Put now in the place of the n mappings from at on. */
static void splice(struct mappings *m, size_t at, size_t n, struct run now)
{
	m->v = grow(m->v, &m->room, m->n + now.n, sizeof(*m->v));
	memmove(&m->v[at + now.n], &m->v[at + n], (m->n - at - n) * sizeof(*m->v));
	memcpy(&m->v[at], now.v, now.n * sizeof(*m->v));
	m->n = m->n - n + now.n;
}

bool mappings_refresh(struct mappings *m, int fd, uint64_t from, uint64_t to)
{
	struct mapping v[MOST_NEIGHBOURS];
	struct run now = {.v = v}, old;
	size_t at = mappings_above(m, from ? from - 1 : 0), end = at;

	while (end < m->n && m->v[end].start <= to)
		end++;
	old = (struct run){&m->v[at], end - at};
	for (uint64_t addr = from ? from - 1 : 0;; addr = v[now.n++].end) {
		int found;

		if (now.n == MOST_NEIGHBOURS)
			return false;
		found = query(fd, addr, old, &v[now.n]);
		if (!found || (found > 0 && v[now.n].start > to))
			break;
		if (found < 0 || !v[now.n].name)
			return false;
	}
	if (!same_edges(old, now, from, to))
		return false;
	m->bytes += bytes_of(now) - bytes_of(old);
	splice(m, at, old.n, now);
	return true;
}
