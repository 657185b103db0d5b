/*
 * calls.c - the system calls that change memory: their arguments as text
 */
#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "calls.h"
#include "calls_table.h"
#include "json.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103
#endif

struct flag {
	uint64_t value;
	const char *name;
};

#define FLAG(name)          \
	{                   \
		name, #name \
	}

static const struct flag prot_flags[] = {FLAG(PROT_READ),      FLAG(PROT_WRITE),   FLAG(PROT_EXEC),
					 FLAG(PROT_GROWSDOWN), FLAG(PROT_GROWSUP), {0}};
static const struct flag map_flags[] = {{MAP_SHARED_VALIDATE, "MAP_SHARED_VALIDATE"},
					FLAG(MAP_SHARED),
					FLAG(MAP_PRIVATE),
					FLAG(MAP_FIXED),
					FLAG(MAP_ANONYMOUS),
					FLAG(MAP_GROWSDOWN),
					FLAG(MAP_DENYWRITE),
					FLAG(MAP_EXECUTABLE),
					FLAG(MAP_LOCKED),
					FLAG(MAP_NORESERVE),
					FLAG(MAP_POPULATE),
					FLAG(MAP_NONBLOCK),
					FLAG(MAP_STACK),
					FLAG(MAP_HUGETLB),
					FLAG(MAP_SYNC),
					{0x100000, "MAP_FIXED_NOREPLACE"},
					{0}};
static const struct flag mremap_flags[] = {
	FLAG(MREMAP_MAYMOVE), FLAG(MREMAP_FIXED), {4, "MREMAP_DONTUNMAP"}, {0}};
static const struct flag lock_flags[] = {
	FLAG(MCL_CURRENT), FLAG(MCL_FUTURE), FLAG(MCL_ONFAULT), {0}};
static const struct flag shmat_flags[] = {{010000, "SHM_RDONLY"},
					  {020000, "SHM_RND"},
					  {040000, "SHM_REMAP"},
					  {0100000, "SHM_EXEC"},
					  {0}};
static const struct flag clone_flags[] = {FLAG(CLONE_VM),
					  FLAG(CLONE_FS),
					  FLAG(CLONE_FILES),
					  FLAG(CLONE_SIGHAND),
					  FLAG(CLONE_VFORK),
					  FLAG(CLONE_THREAD),
					  FLAG(CLONE_SYSVSEM),
					  FLAG(CLONE_SETTLS),
					  FLAG(CLONE_NEWPID),
					  FLAG(CLONE_NEWUSER),
					  FLAG(CLONE_NEWNS),
					  FLAG(CLONE_PARENT_SETTID),
					  FLAG(CLONE_CHILD_CLEARTID),
					  FLAG(CLONE_CHILD_SETTID),
					  {0}};
/* Values, not bits */
static const struct flag advices[] = {FLAG(MADV_NORMAL),
				      FLAG(MADV_RANDOM),
				      FLAG(MADV_SEQUENTIAL),
				      FLAG(MADV_WILLNEED),
				      FLAG(MADV_DONTNEED),
				      FLAG(MADV_FREE),
				      FLAG(MADV_REMOVE),
				      FLAG(MADV_DONTFORK),
				      FLAG(MADV_DOFORK),
				      FLAG(MADV_MERGEABLE),
				      FLAG(MADV_UNMERGEABLE),
				      FLAG(MADV_HUGEPAGE),
				      FLAG(MADV_NOHUGEPAGE),
				      FLAG(MADV_DONTDUMP),
				      FLAG(MADV_DODUMP),
				      FLAG(MADV_WIPEONFORK),
				      FLAG(MADV_KEEPONFORK),
				      FLAG(MADV_COLD),
				      FLAG(MADV_PAGEOUT),
				      {22, "MADV_POPULATE_READ"},
				      {23, "MADV_POPULATE_WRITE"},
				      {25, "MADV_COLLAPSE"},
				      FLAG(MADV_GUARD_INSTALL),
				      FLAG(MADV_GUARD_REMOVE),
				      {0}};

struct text {
	char *at, *end;
};

#define ADD(t, ...) ((t)->at += snprintf((t)->at, room(t), __VA_ARGS__), clip(t))

static size_t room(const struct text *t)
{
	return (size_t)(t->end - t->at);
}

static void clip(struct text *t)
{
	if (t->at >= t->end)
		t->at = t->end - 1;
}

static void add_flags(struct text *t, uint64_t value, const struct flag *f, const char *none)
{
	const char *bar = "";

	if (!value)
		ADD(t, "%s", none);
	for (; f->name; f++)
		if ((value & f->value) == f->value) {
			ADD(t, "%s%s", bar, f->name);
			value &= ~f->value;
			bar = "|";
		}
	if (value)
		ADD(t, "%s%#jx", bar, (uintmax_t)value);
}

static void add_value(struct text *t, uint64_t value, const struct flag *f)
{
	while (f->name && f->value != value)
		f++;
	if (f->name)
		ADD(t, "%s", f->name);
	else
		ADD(t, "%jd", (intmax_t)value);
}

static ssize_t peek(pid_t tid, uint64_t from, void *to, size_t size)
{
	struct iovec local = {to, size}, remote = {(void *)(uintptr_t)from, size};

	return process_vm_readv(tid, &local, 1, &remote, 1, 0);
}

/* A string of the other process, by pieces that do not cross a page: the next may not be there. */
static bool peek_string(pid_t tid, uint64_t from, char *to, size_t size)
{
	size_t n = 0;

	while (n + 1 < size) {
		size_t piece = 64 - ((from + n) & 63);

		if (piece > size - 1 - n)
			piece = size - 1 - n;
		if (peek(tid, from + n, to + n, piece) != (ssize_t)piece)
			return false;
		if (memchr(to + n, '\0', piece))
			return true;
		n += piece;
	}
	to[n] = '\0';
	return true;
}

static void add_string(struct text *t, pid_t tid, uint64_t from)
{
	char string[160];

	if (!from)
		ADD(t, "NULL");
	else if (peek_string(tid, from, string, sizeof(string)))
		ADD(t, "\"%s\"", string);
	else
		ADD(t, "%#jx", (uintmax_t)from);
}

static void add_strings(struct text *t, pid_t tid, uint64_t from)
{
	uintptr_t string;

	ADD(t, "[");
	for (int i = 0; peek(tid, from, &string, sizeof(string)) > 0 && string; i++) {
		if (i == 8 || room(t) < 32) {
			ADD(t, ", …");
			break;
		}
		ADD(t, "%s", i ? ", " : "");
		add_string(t, tid, string);
		from += sizeof(string);
	}
	ADD(t, "]");
}

static void add_clone3(struct text *t, pid_t tid, const struct call *c)
{
	struct clone_args args = {0};
	size_t size = c->args[1] < sizeof(args) ? c->args[1] : sizeof(args);

	peek(tid, c->args[0], &args, size);
	ADD(t, "{flags=");
	add_flags(t, args.flags, clone_flags, "0");
	if (args.stack)
		ADD(t, ", stack=%#jx, stack_size=%ju", (uintmax_t)args.stack,
		    (uintmax_t)args.stack_size);
	ADD(t, "}");
}

static void add_argument(struct text *t, char how, const struct call *c, int i, pid_t tid)
{
	uint64_t value = c->args[i];

	switch (how) {
	case 'p': /* pointer */
	case 'q': /* pointer, not shown if NULL */
		if (value)
			ADD(t, "%#jx", (uintmax_t)value);
		else
			ADD(t, "NULL");
		break;
	case 'u': /* size */
		ADD(t, "%ju", (uintmax_t)value);
		break;
	case 'd':
		ADD(t, "%d", (int)value);
		break;
	case 'x':
		ADD(t, value ? "%#jx" : "%ju", (uintmax_t)value);
		break;
	case 's':
		add_string(t, tid, value);
		break;
	case 'v': /* argv */
		add_strings(t, tid, value);
		break;
	case 'P':
		add_flags(t, value, prot_flags, "PROT_NONE");
		break;
	case 'M':
		add_flags(t, (uint32_t)value, map_flags, "0");
		break;
	case 'R':
		add_flags(t, value, mremap_flags, "0");
		break;
	case 'L':
		add_flags(t, value, lock_flags, "0");
		break;
	case 'S':
		add_flags(t, value, shmat_flags, "0");
		break;
	case 'C':
		add_flags(t, value & ~0xffu, clone_flags, "0");
		break;
	case 'A':
		add_value(t, value, advices);
		break;
	case '3':
		add_clone3(t, tid, c);
		break;
	default:
		break;
	}
}

void call_decode(struct call *c, pid_t tid)
{
	const struct call_look *look = call_look(c->nr);
	struct text t = {c->text, c->text + sizeof(c->text)};
	const char *how = look ? look->arguments : "";
	const char *comma = "";

	ADD(&t, "%s(", look ? look->name : "?");
	for (int i = 0; how[i]; i++) {
		if (how[i] == 'q' && !c->args[i])
			continue;
		if (how[i] == 'f' && c->nr == SYS_mmap && c->args[3] & MAP_ANONYMOUS)
			ADD(&t, "%s-1", comma);
		else if (how[i] == 'f')
			ADD(&t, "%s%d", comma, (int)c->args[i]);
		else
			ADD(&t, "%s", comma);
		add_argument(&t, how[i], c, i, tid);
		comma = ", ";
	}
	ADD(&t, ")");
}

void call_result(const struct call *c, int64_t value, bool failed, char *text, size_t size)
{
	const struct call_look *look = call_look(c->nr);
	const char *name = failed ? strerrorname_np((int)-value) : NULL;

	if (failed && -value >= 512) /* ERESTARTSYS and its like never reach the program */
		snprintf(text, size, "interrupted");
	else if (failed)
		snprintf(text, size, name ? "-1 %s" : "-1", name);
	else if (look && look->returns == 'p')
		snprintf(text, size, "%#jx", (uintmax_t)value);
	else
		snprintf(text, size, "%jd", (intmax_t)value);
}

bool call_label(const struct call *c, pid_t tid, char *label, size_t size)
{
	size_t n = c->args[2] < size + 2 ? c->args[2] : size + 2;
	char text[256];

	if (c->nr != SYS_write || n < 3 || n > sizeof(text) ||
	    peek(tid, c->args[1], text, n) != (ssize_t)n || memcmp(text, "mv:", 3) != 0)
		return false;
	memcpy(label, text + 3, n - 3);
	label[n - 3] = '\0';
	return true;
}

bool call_clone(const struct call *c, pid_t tid, struct clone *to)
{
	struct clone_args args = {0};

	*to = (struct clone){0};
#ifdef SYS_fork
	if (c->nr == SYS_fork)
		return true;
	if (c->nr == SYS_vfork) {
		to->flags = CLONE_VM | CLONE_VFORK;
		return true;
	}
#endif
	if (c->nr == SYS_clone) {
		to->flags = c->args[0];
		to->stack = c->args[1];
		return true;
	}
	if (c->nr != SYS_clone3)
		return false;
	peek(tid, c->args[0], &args, c->args[1] < sizeof(args) ? c->args[1] : sizeof(args));
	*to = (struct clone){args.flags, args.stack, args.stack_size};
	return true;
}

static uint64_t up(uint64_t n, uint64_t page)
{
	return (n + page - 1) & ~(page - 1);
}

bool call_makes(const struct call *c, int64_t value, uint64_t page, uint64_t *start, uint64_t *end)
{
	uint64_t size = c->nr == SYS_mmap ? c->args[1] : c->nr == SYS_mremap ? c->args[2] : 0;

	*start = (uint64_t)value;
	*end = *start + up(size, page);
#ifdef SYS_shmat
	if (c->nr == SYS_shmat)
		*end = UINT64_MAX; /* as long as the segment */
#endif
	return *end > *start;
}

bool call_removes(const struct call *c, int64_t value, uint64_t page, uint64_t *start,
		  uint64_t *end)
{
	uint64_t size = c->args[1];

	*start = c->nr == SYS_mmap ? (uint64_t)value : c->args[0];
	if (c->nr == SYS_mremap && *start == (uint64_t)value) { /* shrunk in place */
		*start += up(c->args[2], page);
		size = up(c->args[1], page) > up(c->args[2], page) ? c->args[1] - c->args[2] : 0;
	}
	*end = *start + up(size, page);
	return (c->nr == SYS_munmap || c->nr == SYS_mmap || c->nr == SYS_mremap) && *end > *start;
}

bool call_keeps_to(const struct call *c, int64_t value, uint64_t page, uint64_t *start,
		   uint64_t *end)
{
	*start = c->nr == SYS_mmap ? (uint64_t)value : c->args[0];
	*end = *start + up(c->args[1], page);
	return (c->nr == SYS_mmap || c->nr == SYS_munmap || c->nr == SYS_mprotect ||
		c->nr == SYS_madvise) &&
	       *end > *start;
}

bool call_is_exec(const struct call *c)
{
	return c->nr == SYS_execve || c->nr == SYS_execveat;
}

bool call_is_brk(const struct call *c)
{
	return c->nr == SYS_brk;
}

bool call_maps_stack(const struct call *c)
{
	return c->nr == SYS_mmap && c->args[3] & MAP_STACK;
}

bool call_is_fixed(const struct call *c)
{
#ifdef SYS_shmat
	if (c->nr == SYS_shmat)
		return c->args[2] & SHM_REMAP;
#endif
	return (c->nr == SYS_mmap && c->args[3] & MAP_FIXED) ||
	       (c->nr == SYS_mremap && c->args[3] & MREMAP_FIXED);
}

bool call_maps_file(const struct call *c)
{
	return c->nr == SYS_mmap && !(c->args[3] & MAP_ANONYMOUS);
}

int call_guards(const struct call *c)
{
	if (c->nr != SYS_madvise)
		return 0;
	return (c->args[2] == MADV_GUARD_INSTALL) - (c->args[2] == MADV_GUARD_REMOVE);
}

bool call_may_guard(const struct call *c)
{
	return call_guards(c) > 0 ||
	       (c->nr == SYS_process_madvise && c->args[3] == MADV_GUARD_INSTALL);
}
