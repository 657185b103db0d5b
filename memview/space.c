/*
 * space.c - what /proc has of a process: where its parts begin, its threads, its pages
 */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "regs.h"
#include "space.h"

/* Linux 6.7; headers may be older */
struct scan {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t inverted, mask, anyof, returned;
};
struct scan_region {
	uint64_t start, end, categories;
};
#define SCAN	     _IOWR('f', 16, struct scan)
#define SCAN_PRESENT (1 << 3)
#define SCAN_ZERO    (1 << 5) /* the page of zeros, which all share */
#define SCAN_GUARD   (1 << 8) /* Linux 6.15 */

void knowns_add(struct knowns *k, struct known one)
{
	k->v = grow(k->v, &k->room, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = one;
}

void knowns_remove(struct knowns *k, uint64_t start, uint64_t end)
{
	for (size_t i = k->n; i-- > 0;) {
		struct known old = k->v[i];

		if (old.end <= start || old.start >= end)
			continue;
		k->v[i] = k->v[--k->n];
		if (old.start < start)
			knowns_add(k, (struct known){old.start, start, 0, old.tid});
		if (old.end > end)
			knowns_add(k, (struct known){end, old.end, 0, old.tid});
	}
}

ssize_t proc_read(pid_t pid, const char *file, char *to, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, to, size - 1);
	close(fd);
	to[n > 0 ? n : 0] = '\0';
	return n;
}

/* Fields of /proc/PID/stat are numbered from 1; the second is a name that may hold anything. */
static void read_stat(struct space *s)
{
	char text[2048];
	char *p;

	if (proc_read(s->alive, "stat", text, sizeof(text)) < 0 || !(p = strrchr(text, ')')))
		return;
	for (int field = 2; field < 47 && p; field++) {
		p = strchr(p + 1, ' ');
		if (p && field + 1 == 28)
			s->stack = strtoull(p, NULL, 10);
		if (p && field + 1 == 47)
			s->brk = strtoull(p, NULL, 10);
	}
}

static void read_auxv(struct space *s)
{
	uint64_t text[256];
	ssize_t n = proc_read(s->alive, "auxv", (char *)text, sizeof(text));

	/* Of a 32-bit process: AT_PHDR is never 0 in the wider reading unless it is the wrong one. */
	for (ssize_t i = 0; i + 16 <= n; i += 16) {
		uint64_t type = text[i / 8], value = text[i / 8 + 1];

		if (type == AT_PHDR)
			s->phdr = value;
		else if (type == AT_BASE)
			s->base = value;
	}
	for (ssize_t i = 0; !s->phdr && i + 8 <= n; i += 8) {
		const uint32_t *pair = (const uint32_t *)text + i / 4;

		if (pair[0] == AT_PHDR)
			s->phdr = pair[1];
		else if (pair[0] == AT_BASE)
			s->base = pair[1];
	}
}

char thread_state(pid_t tid)
{
	char text[256];
	const char *name_end;

	if (proc_read(tid, "stat", text, sizeof(text)) < 0)
		return '\0';
	name_end = strrchr(text, ')');
	return name_end && name_end[1] ? name_end[2] : '\0';
}

/* The first thread; if that has ended before others, /proc/PID has no memory any more: one of these. */
static pid_t living_thread(pid_t pid)
{
	char path[64];
	pid_t found = pid;
	struct dirent *d;
	DIR *tasks;

	if (thread_state(pid) != 'Z')
		return pid;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && found == pid && (d = readdir(tasks))) {
		pid_t tid = atoi(d->d_name);

		if (tid > 0 && thread_state(tid) != 'Z')
			found = tid;
	}
	if (tasks)
		closedir(tasks);
	return found;
}

int space_open(struct space *s, pid_t pid)
{
	char path[64];

	*s = (struct space){.pid = pid, .maps = -1, .pagemap = -1, .statm = -1};
	s->alive = living_thread(pid);
	s->page = (uint64_t)sysconf(_SC_PAGESIZE);
	snprintf(path, sizeof(path), "/proc/%d/maps", s->alive);
	s->maps = open(path, O_RDONLY | O_CLOEXEC);
	if (s->maps < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/pagemap", s->alive);
	s->pagemap = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/statm", s->alive);
	s->statm = open(path, O_RDONLY | O_CLOEXEC);
	read_stat(s);
	read_auxv(s);
	return 0;
}

void space_close(struct space *s)
{
	if (s->maps >= 0)
		close(s->maps);
	if (s->pagemap >= 0)
		close(s->pagemap);
	if (s->statm >= 0)
		close(s->statm);
	free(s->stacks.v);
	free(s->guards.v);
	mappings_free(&s->m);
	*s = (struct space){.maps = -1, .pagemap = -1, .statm = -1};
}

/* A thread that runs has no stack pointer to show: stop it for a moment. 0 if that is refused. */
static uint64_t stopped_sp(pid_t tid)
{
	struct user_regs_struct regs;
	struct iovec v = {&regs, sizeof(regs)};
	uint64_t sp = 0;
	int status;

	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL))
		return 0;
	if (!ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) && waitpid(tid, &status, __WALL) == tid &&
	    WIFSTOPPED(status) && !ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &v))
		sp = REG_SP(regs);
	ptrace(PTRACE_DETACH, tid, NULL,
	       WIFSTOPPED(status) && status >> 16 == 0 ? WSTOPSIG(status) : 0);
	return sp;
}

/* NUMBER ARGUMENT×6 SP PC in a call, -1 SP PC outside of one, or "running" */
static uint64_t stack_pointer(pid_t pid, pid_t tid)
{
	char file[64], text[256], *p;

	snprintf(file, sizeof(file), "task/%d/syscall", tid);
	for (int i = 0; i < 20; i++) {
		if (proc_read(pid, file, text, sizeof(text)) <= 0)
			return stopped_sp(tid);
		if (strncmp(text, "running", 7) != 0 && (p = strrchr(text, ' '))) {
			*p = '\0';
			p = strrchr(text, ' ');
			return p ? strtoull(p, NULL, 16) : 0;
		}
		sched_yield();
	}
	return stopped_sp(tid);
}

int space_threads(struct space *s)
{
	char path[64];
	struct dirent *d;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", s->pid);
	tasks = opendir(path);
	if (!tasks)
		return -1;
	s->stacks.n = 0;
	while ((d = readdir(tasks))) {
		pid_t tid = atoi(d->d_name);

		if (tid > 0 && tid != s->pid)
			knowns_add(&s->stacks,
				   (struct known){.sp = stack_pointer(s->pid, tid), .tid = tid});
	}
	closedir(tasks);
	return 0;
}

/* Call found() for each run of pages in [start, end) that the scan asks for; -1 if it cannot. */
static int scan_pages(int pagemap, struct scan scan, uint64_t start, uint64_t end,
		      void (*found)(void *data, const struct scan_region *r), void *data)
{
	struct scan_region regions[256];

	while (start < end) {
		int n;

		scan.size = sizeof(scan);
		scan.start = start;
		scan.end = end;
		scan.vec = (uintptr_t)regions;
		scan.vec_len = sizeof(regions) / sizeof(*regions);
		n = ioctl(pagemap, SCAN, &scan);
		if (n < 0)
			return -1;
		for (int i = 0; i < n; i++)
			found(data, &regions[i]);
		start = scan.walk_end;
	}
	return 0;
}

/* Addresses of programs end where the kernel's begin: the scan refuses those, like vsyscall's. */
static uint64_t scan_end(const struct space *s)
{
	size_t n = s->m.n;

	while (n && s->m.v[n - 1].end > PROGRAMS_END)
		n--;
	return n ? s->m.v[n - 1].end : 0;
}

static void add_guard(void *data, const struct scan_region *r)
{
	struct space *s = data;

	knowns_add(&s->guards, (struct known){.start = r->start, .end = r->end});
}

/*
 * Scan the mappings from *i on, up to one of a single page: that has no room for a guard and
 * something to guard, and the scan costs more per mapping than reading its line of maps.
 */
static int scan_guards(struct space *s, size_t *i)
{
	struct scan scan = {.mask = SCAN_GUARD, .returned = SCAN_GUARD};
	const struct mapping *m = s->m.v, *first;

	while (*i < s->m.n && m[*i].end - m[*i].start == s->page)
		(*i)++;
	first = &m[*i];
	while (*i < s->m.n && m[*i].end - m[*i].start > s->page && m[*i].end <= scan_end(s))
		(*i)++;
	if (first == &m[*i]) {
		*i = s->m.n;
		return 0;
	}
	return scan_pages(s->pagemap, scan, first->start, m[*i - 1].end, add_guard, s);
}

/* Before Linux 6.15 guards are not to be seen from outside: what a tracer noted stays then. */
void space_guards(struct space *s)
{
	struct knowns noted = s->guards;
	int failed = s->pagemap < 0;

	s->guards = (struct knowns){0};
	for (size_t i = 0; i < s->m.n && !failed;)
		failed = scan_guards(s, &i);
	if (failed) {
		free(s->guards.v);
		s->guards = noted;
	} else {
		free(noted.v);
	}
}

struct count {
	struct areas *a;
	size_t at;
};

static void add_resident(void *data, const struct scan_region *r)
{
	struct count *c = data;

	while (c->at < c->a->n && c->a->v[c->at].end <= r->start)
		c->at++;
	for (size_t i = c->at; i < c->a->n && c->a->v[i].start < r->end; i++) {
		struct area *a = &c->a->v[i];
		uint64_t from = a->start > r->start ? a->start : r->start;
		uint64_t to = a->end < r->end ? a->end : r->end;

		a->resident += to - from;
	}
}

/* Without the scan: a bit per page, 8 bytes each */
static void count_pages(struct space *s, struct areas *a)
{
	struct count c = {.a = a};
	uint64_t entry[512];

	for (size_t i = 0; i < s->m.n; i++)
		for (uint64_t at = s->m.v[i].start; at < s->m.v[i].end;) {
			ssize_t n = pread(s->pagemap, entry, sizeof(entry),
					  (off_t)(at / s->page * sizeof(*entry)));

			if (n <= 0)
				break;
			for (size_t k = 0; k < (size_t)n / sizeof(*entry) && at < s->m.v[i].end;
			     k++, at += s->page)
				if (entry[k] >> 63)
					add_resident(&c,
						     &(struct scan_region){at, at + s->page, 0});
		}
}

void space_resident(struct space *s, struct areas *a)
{
	struct scan scan = {
		.mask = SCAN_PRESENT | SCAN_ZERO, .inverted = SCAN_ZERO, .returned = SCAN_PRESENT};
	struct count c = {.a = a};

	if (s->pagemap < 0 || !a->n)
		return;
	if (scan_pages(s->pagemap, scan, a->v[0].start, scan_end(s), add_resident, &c)) {
		for (size_t i = 0; i < a->n; i++)
			a->v[i].resident = 0;
		count_pages(s, a);
	}
}

int space_read(struct space *s)
{
	return mappings_read(&s->m, s->maps);
}

/* Is the sum of the mappings what the kernel says? Page faults let stacks grow, where no call was. */
static bool is_complete(const struct space *s)
{
	char text[128];
	ssize_t n = pread(s->statm, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return strtoull(text, NULL, 10) * s->page == s->m.bytes;
}

int space_reread(struct space *s, uint64_t from, uint64_t to)
{
	return mappings_refresh(&s->m, s->maps, from, to) && is_complete(s) ? 0 : space_read(s);
}

void space_work_out(struct space *s, struct trace *names, bool resident, struct areas *out)
{
	if (!s->traced)
		space_threads(s);
	if (!s->traced || s->guarded)
		space_guards(s);
	classify(s, names, out);
	if (resident)
		space_resident(s, out);
}

int space_areas(struct space *s, struct trace *names, bool resident, struct areas *out)
{
	if (space_read(s))
		return -1;
	space_work_out(s, names, resident, out);
	return 0;
}
