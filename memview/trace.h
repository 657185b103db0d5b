/*
 * trace.h - a recording in memory, and the format it has on disk, memview/1
 *
 * The format
 *
 * A recording is one JSON document. memview writes one step per line, so that it can be written
 * while the program runs, and compared with diff(1); a reader must not rely on the lines.
 *
 *	{"format":"memview/1",
 *	 "command":["./hello","x"],	what was run; ["PID 1234"] for a snapshot
 *	 "page":4096,			bytes in a page
 *	 "machine":"x86_64 Linux 6.18",
 *	 "resident":true,		only if "rss" was recorded
 *	 "steps":[
 *	{"space":0,"new":true,"tid":7,"call":"execve(\"./hello\", …)","result":"0","areas":[…]},
 *	{"us":210,"call":"brk(0x55d0…)","result":"0x55d0…","at":"hello.c:12","in":"main","areas":[…]},
 *	{"why":"mark","mark":"before free","areas":[]}
 *	]}
 *
 * The fields of a step; a field that is missing has the value in brackets:
 *	"us"	microseconds since the recording began		[as in the step before, or 0]
 *	"space"	which address space changed: 0, 1, 2…		[as in the step before, or 0]
 *	"pid"	process						[as in the step before, or 0]
 *	"tid"	thread that is the cause			[as in the step before, or 0]
 *	"new"	true: the space starts here, empty; a number N: it starts as a copy of space N (fork)
 *	"why"	one of the names of enum why			["call"]
 *	"call"	the decoded call, without its result		[none]
 *	"result" what it returned, or "-1 ENOMEM"; how a process ended	[none]
 *	"at"	FILE:LINE of the program's source		[none]
 *	"in"	FUNCTION that "at" is in			[none]
 *	"mark"	the label of a mark				[none]
 *	"areas"	the difference: a list of what is now where	[]
 *	"rss"	[["START",BYTES],…]: what is resident in the area that begins at START, where
 *		that changed. An area in "areas" starts with 0.	[]
 *
 * An element of "areas" paints an address interval; what it does not touch stays as it was:
 *	["START",BYTES]				nothing is there any more
 *	["START",BYTES,KIND,PERMS]		an area is there now, of that KIND (below)
 *	["START",BYTES,KIND,PERMS,NAME]		… with a name: file, "[vdso]", "[anon:NAME]"
 *	["START",BYTES,KIND,PERMS,NAME,TID]	… that belongs to thread TID
 * START is in hexadecimal without 0x, a string, since a number in JavaScript ends at 2^53. BYTES is
 * a number, exact: .bss can start in the middle of a page. PERMS is as in /proc/PID/maps. KIND
 * is a name of kinds[] below, with "lib:" in front for a part of a shared library, whose NAME is
 * then the library's path: "lib:text". The elements of a step are in address order and do not
 * overlap. An interval painted with what it already was, was replaced in place (MAP_FIXED).
 *
 * Numbers are below 2^53, strings are UTF-8 (bytes that are not become U+FFFD), and a reader
 * ignores fields it does not know.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* What an area is. The order is the order of legends and charts. */
enum kind {
	KIND_HEADER,   /* ELF header, symbol and relocation tables */
	KIND_TEXT,     /* code */
	KIND_RODATA,   /* constants */
	KIND_RELRO,    /* written by the dynamic linker, then read-only */
	KIND_DATA,     /* variables with a first value */
	KIND_BSS,      /* variables that begin as zero */
	KIND_HEAP,     /* up to the program break: brk */
	KIND_ARENA,    /* malloc's heaps for other threads */
	KIND_ANON,     /* anonymous private mapping */
	KIND_RESERVED, /* addresses taken without any access (PROT_NONE) */
	KIND_FILE,     /* mapping of a file */
	KIND_SHARED,   /* memory shared with other processes, no file on disk */
	KIND_LIBRARY,  /* all parts of shared libraries, folded; see area_group() */
	KIND_THREAD,   /* stack of a thread other than the first */
	KIND_STACK,    /* stack of the first thread */
	KIND_GUARD,    /* inaccessible on purpose, so that a stack cannot overflow silently */
	KIND_KERNEL,   /* vdso, vvar, vsyscall: mapped by the kernel */
	KINDS
};

/* How each kind looks in every view; kinds[KIND_TEXT].name is "text". */
struct kind_look {
	const char *name;
	char letter;	    /* tells kinds apart without colour; unique */
	const char *colour; /* Okabe-Ito, "#rrggbb" */
	uint8_t ansi;	    /* the same in the 256-colour palette */
	const char *says;   /* one phrase for legends and tooltips */
};
extern const struct kind_look kinds[KINDS];

/* What lies in [start, end). Names live as long as the trace (or the name pool) they came from. */
struct area {
	uint64_t start;
	uint64_t end;	   /* exclusive */
	uint64_t resident; /* bytes in memory now; 0 unless trace.resident */
	const char *name;  /* "" if none; equal names of one trace are the same pointer */
	pid_t tid;	   /* whose stack; 0 if not a thread's */
	uint8_t kind;	   /* enum kind; never KIND_LIBRARY */
	bool lib;	   /* a part of a shared library */
	char perms[5];	   /* "rw-p"; "" in a paint: nothing is there */
};

/* All areas of an address space, sorted by start, no two overlap. {0} is an empty one. */
struct areas {
	struct area *v;
	size_t n;
	size_t room;
};

enum why {
	WHY_CALL,     /* "call": one memory call */
	WHY_MARK,     /* "mark": the program named the step that begins here */
	WHY_FAULTS,   /* "faults": a stack grew by page faults, no call did it */
	WHY_SNAPSHOT, /* "snapshot": what memview found */
	WHY_SEEN,     /* "seen": `watch` saw a difference; its cause is not known */
	WHY_EXIT,     /* "exit": a process ended; its areas stay as they were last */
	WHYS
};
extern const char *const why_names[WHYS];

#define SPACE_NOT_NEW (-1)
#define SPACE_EMPTY   (-2)

struct step {
	uint64_t us;	/* since the recording began */
	uint32_t space; /* the address space that changed */
	int32_t born;	/* SPACE_NOT_NEW, SPACE_EMPTY, or the space this one is a copy of */
	pid_t pid, tid; /* 0 if not known */
	enum why why;
	const char *call; /* "" if none; so are the next four */
	const char *result;
	const char *at;	    /* FILE:LINE */
	const char *in;	    /* FUNCTION */
	const char *mark;   /* label */
	struct area *paint; /* what is now where, sorted; perms "" where nothing is any more */
	size_t paints;
	struct area *rss; /* only start and resident are set */
	size_t rsses;
};

struct trace {
	char **command; /* NULL-terminated */
	uint64_t page;	/* bytes */
	char *machine;
	bool resident; /* area.resident was recorded */
	struct step *steps;
	size_t dropped; /* steps before the first of steps[]: 0 but while `run` prints */
	size_t n;	/* at least 1 after trace_read() */
	uint32_t spaces;
	size_t room;
	struct names *names;
};

/* Reading. Both return NULL and put one line without a newline into why (at least 160 bytes). */
struct trace *trace_read(const char *path, char *why, size_t size);
struct trace *trace_parse(const char *text, size_t length, char *why, size_t size);
void trace_free(struct trace *t);

/*
 * Replaying. A replay holds the areas of every space after step `at`. Start with {0} (before the
 * first step), go with replay_to(), which is cheap forwards and starts again backwards, end with
 * replay_free(). Memory ends the program (err) if it runs out, here as everywhere in memview.
 *
 *	struct replay r = {0};
 *	for (size_t i = 0; i < t->n; i++) {
 *		replay_to(&r, t, i);
 *		const struct areas *a = replay_areas(&r, t->steps[i].space);
 *		…
 *	}
 *	replay_free(&r);
 */
struct replay {
	struct areas *spaces;
	size_t n;
	size_t next; /* the first step that was not applied; 0 in a fresh one */
};
void replay_to(struct replay *r, const struct trace *t, size_t step);
const struct areas *replay_areas(const struct replay *r, uint32_t space);
void replay_free(struct replay *r);

/*
 * The difference of one step, interval by interval, in address order:
 *	'+'	new	(before.perms is "")
 *	'-'	gone	(after.perms is "")
 *	'~'	another kind, permission, name or thread
 *	'='	replaced in place by the same
 * before and after are both cut to [start, end) of the change. Neighbours of one sign that
 * continue each other are one change.
 */
struct change {
	char sign;
	struct area before, after;
};
struct changes {
	struct change *v;
	size_t n, room;
};
/* Call before the step is applied: *before is the space at the step before. Overwrites *out. */
void step_changes(const struct areas *before, const struct step *s, struct changes *out);
/* The same between any two states: what would turn *a into *b; finds no '='. */
void areas_changes(const struct areas *a, const struct areas *b, struct changes *out);
void changes_free(struct changes *c);
/* Bytes of change that concern the kind: new less gone. */
int64_t changes_of_kind(const struct changes *c, enum kind kind);

/* Sizes */
struct sizes {
	uint64_t bytes[KINDS]; /* by area_group(): libraries count as KIND_LIBRARY */
	uint64_t resident[KINDS];
	uint64_t total, total_resident;
};
void areas_sizes(const struct areas *a, struct sizes *out);
enum kind area_group(
	const struct area *a); /* KIND_LIBRARY for a part of a library, else its kind */
bool area_alike(const struct area *a, const struct area *b); /* all but where and resident */

/* Building */
void areas_add(struct areas *a, const struct area *one); /* at the end; a sorted list stays so */
size_t areas_find(const struct areas *a, uint64_t addr); /* the first that ends after addr, or n */
void areas_paint(struct areas *a, const struct area *paint);
void areas_copy(struct areas *to, const struct areas *from);
void areas_free(struct areas *a);
struct trace *trace_new(void);
struct step *trace_step(struct trace *t); /* a new last step, all empty, until the next call */
const char *trace_name(struct trace *t, const char *text); /* the trace's own copy; "" for NULL */
const char *trace_name_n(struct trace *t, const char *text, size_t length);

/* Writing: a whole trace, or a step at a time. All return -1 with errno set. */
int trace_write(const struct trace *t, FILE *out);
int trace_write_head(const struct trace *t, FILE *out);
int trace_write_step(const struct step *s, const struct step *before,
		     FILE *out); /* before: or NULL */
int trace_write_tail(FILE *out);

/* Text for people, in a buffer of the caller's, returned */
#define SIZE_TEXT 24
char *size_text(char text[SIZE_TEXT], uint64_t bytes);	/* exact: "132 KiB", "1000001 B" */
char *rough_text(char text[SIZE_TEXT], uint64_t bytes); /* four digits: "127.9 TiB" */
const char *last_part(const char *path);		/* after the last slash */

#endif
