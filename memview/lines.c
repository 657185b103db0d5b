/*
 * lines.c - which source line of the program made a call
 *
 * The call itself is in the C library. libdw walks the stack up to the first function that has
 * debug information. That takes long, so a walk is remembered: the same call from the same place
 * has the same return addresses at the same distances from the stack pointer.
 */
#include "lines.h"
#include "memory.h"

#ifdef HAVE_LIBDW

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <elfutils/version.h>
#include <fcntl.h>
#include <unistd.h>

#define FRAMES 24
#define WALKS  512
#define REACH  2048 /* bytes of stack that a remembered walk may need */

/* Return addresses, where they were, and what was found there */
struct walk {
	uint64_t ip;
	size_t n, reach;
	uint32_t offset[FRAMES];
	uint64_t value[FRAMES];
	struct place place;
};

struct lines {
	pid_t pid;
	int mem; /* its memory as a file: cheaper than process_vm_readv() for a few hundred bytes */
	struct trace *names;
	Dwfl *dwfl;
	bool stale;
	struct walk *walks[WALKS];
};

/* What one walk collects */
struct climb {
	struct lines *l;
	struct walk w;
	uint64_t sp;
	bool exact; /* every return address has its place */
	int depth;
};

/* Debug information must be in the file itself: no search in the file system or the network. */
static int no_debug_file(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			 const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc,
		(void)found;
	return -1;
}

struct lines *lines_new(pid_t pid, struct trace *names)
{
	struct lines *l = fresh(NULL, sizeof(*l));

	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	l->mem = open(path, O_RDONLY | O_CLOEXEC);
	l->pid = pid;
	l->names = names;
	l->stale = true;
	return l;
}

static void forget_walks(struct lines *l)
{
	for (size_t i = 0; i < WALKS; i++) {
		free(l->walks[i]);
		l->walks[i] = NULL;
	}
}

void lines_free(struct lines *l)
{
	if (!l)
		return;
	forget_walks(l);
	if (l->dwfl)
		dwfl_end(l->dwfl);
	if (l->mem >= 0)
		close(l->mem);
	free(l);
}

void lines_stale(struct lines *l)
{
	if (l)
		l->stale = true;
}

/* Report all mapped files again; false if libdw cannot. */
static bool report(struct lines *l)
{
	static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
						 .find_debuginfo = no_debug_file};
	bool again = l->dwfl != NULL;

	if (!l->stale)
		return l->dwfl != NULL;
	l->stale = false;
	forget_walks(l);
	if (!again)
		l->dwfl = dwfl_begin(&callbacks);
	if (!l->dwfl)
		return false;
	dwfl_report_begin(l->dwfl);
	if (dwfl_linux_proc_report(l->dwfl, l->pid) || dwfl_report_end(l->dwfl, NULL, NULL) ||
	    (!again && dwfl_linux_proc_attach(l->dwfl, l->pid, true) < 0)) {
		dwfl_end(l->dwfl);
		l->dwfl = NULL;
	}
	return l->dwfl != NULL;
}

/*
 * A line in a header is of an inline function: climb to who called it, until the line is in the
 * file that was compiled. *in is then the function there. False if that does not lead there.
 */
static bool leave_headers(Dwarf_Die *unit, Dwarf_Addr pc, const char **file, int *line,
			  const char **in)
{
	const char *own = dwarf_diename(unit);
	Dwarf_Die *scopes = NULL, *chain = NULL;
	Dwarf_Files *files;
	size_t nfiles;
	int n = dwarf_getscopes(unit, pc, &scopes) > 0 ? dwarf_getscopes_die(scopes, &chain) : 0;

	if (!own || dwarf_getsrcfiles(unit, &files, &nfiles))
		n = 0;
	for (int i = 0; i < n; i++) {
		bool is_inline = dwarf_tag(&chain[i]) == DW_TAG_inlined_subroutine;
		Dwarf_Attribute a;
		Dwarf_Word from_file, from_line;

		if (!is_inline && dwarf_tag(&chain[i]) != DW_TAG_subprogram)
			continue;
		*in = dwarf_diename(&chain[i]);
		if (!strcmp(last_part(*file), last_part(own)) || !is_inline ||
		    dwarf_formudata(dwarf_attr(&chain[i], DW_AT_call_file, &a), &from_file) ||
		    dwarf_formudata(dwarf_attr(&chain[i], DW_AT_call_line, &a), &from_line) ||
		    from_file >= nfiles)
			break;
		*file = dwarf_filesrc(files, from_file, NULL, NULL);
		*line = (int)from_line;
	}
	free(scopes);
	free(chain);
	return !own || (*file && !strcmp(last_part(*file), last_part(own)));
}

/* False if the place is not known, or is in a header: then its caller's is wanted more. */
static bool place_of(struct lines *l, Dwarf_Addr pc, struct place *p)
{
	Dwfl_Module *module = dwfl_addrmodule(l->dwfl, pc);
	Dwfl_Line *found = module ? dwfl_module_getsrc(module, pc) : NULL;
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit;
	const char *file, *in = NULL;
	char text[256];
	bool own = true;
	int line = 0;

	file = found ? dwfl_lineinfo(found, NULL, &line, NULL, NULL, NULL) : NULL;
	if (!file || !line)
		return false;
	unit = dwfl_module_addrdie(module, pc, &bias);
	if (unit)
		own = leave_headers(unit, pc - bias, &file, &line, &in);
	if (!own && *p->at)
		return false;
	snprintf(text, sizeof(text), "%s:%d", last_part(file ? file : "?"), line);
	p->at = trace_name(l->names, text);
	p->in = trace_name(l->names, in ? in : dwfl_module_addrname(module, pc));
	return own;
}

/* Where on the stack the return address into this frame was: just below its own stack pointer. */
static bool slot_of(Dwfl_Frame *frame, uint64_t *slot)
{
#if defined(__x86_64__) && _ELFUTILS_PREREQ(0, 188)
	Dwarf_Word sp;

	if (dwfl_frame_reg(frame, 7, &sp) == 0) {
		*slot = sp - 8;
		return true;
	}
#endif
	(void)frame, (void)slot;
	return false;
}

static int climb(Dwfl_Frame *frame, void *data)
{
	struct climb *c = data;
	Dwarf_Addr pc;
	uint64_t slot;
	bool is_here; /* else pc is where a call returns to: look at the byte before */

	if (!dwfl_frame_pc(frame, &pc, &is_here) || c->depth >= FRAMES)
		return DWARF_CB_ABORT;
	if (c->depth++) {
		c->exact = c->exact && slot_of(frame, &slot) && slot >= c->sp &&
			   slot - c->sp < REACH - 8;
		if (c->exact) {
			c->w.offset[c->w.n] = (uint32_t)(slot - c->sp);
			c->w.value[c->w.n++] = pc;
			c->w.reach = slot - c->sp + 8;
		}
	}
	return place_of(c->l, pc - (is_here ? 0 : 1), &c->w.place) ? DWARF_CB_ABORT : DWARF_CB_OK;
}

/* The stack, read once and only as far as needed */
struct stack {
	unsigned char bytes[REACH];
	size_t n;
};

static bool matches(const struct walk *w, const struct stack *s)
{
	if (w->reach > s->n)
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (memcmp(s->bytes + w->offset[i], &w->value[i], 8) != 0)
			return false;
	return true;
}

struct place lines_find(struct lines *l, pid_t tid, const struct call *call)
{
	static const struct place unknown = {"", ""};
	struct climb c = {.l = l, .sp = call->sp, .exact = true};
	struct stack s;
	size_t home = (size_t)(call->ip * 0x9e3779b97f4a7c15u >> 55) % WALKS;
	ssize_t n;

	if (!l || !report(l))
		return unknown;
	n = pread(l->mem, s.bytes, REACH, (off_t)call->sp);
	s.n = n > 0 ? (size_t)n : 0;
	for (size_t i = 0; i < 8; i++) {
		const struct walk *w = l->walks[(home + i) % WALKS];

		if (w && w->ip == call->ip && matches(w, &s))
			return w->place;
	}
	c.w.ip = call->ip;
	c.w.place = unknown;
	dwfl_getthread_frames(l->dwfl, tid, climb, &c);
	if (!c.depth) { /* killed at its stop: libdw takes itself to be attached to it for ever */
		dwfl_end(l->dwfl);
		l->dwfl = NULL;
		l->stale = true;
	}
	if (c.exact && c.w.n) {
		size_t i = 0;

		while (i < 8 && l->walks[(home + i) % WALKS])
			i++;
		home = (home + (i < 8 ? i : call->sp / 16 % 8)) % WALKS;
		free(l->walks[home]);
		l->walks[home] = fresh(&c.w, sizeof(c.w));
	}
	return c.w.place;
}

#else /* without libdw no step has a source line, and no test asks for one */

struct lines *lines_new(pid_t pid, struct trace *names)
{
	(void)pid, (void)names;
	return NULL;
}

void lines_free(struct lines *l)
{
	(void)l;
}

void lines_stale(struct lines *l)
{
	(void)l;
}

struct place lines_find(struct lines *l, pid_t tid, const struct call *c)
{
	(void)l, (void)tid, (void)c;
	return (struct place){"", ""};
}

#endif
