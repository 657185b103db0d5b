/*
 * space.h - an address space as the kernel shows it, and what each part of it is
 */
#ifndef SPACE_H
#define SPACE_H

#include "trace.h"

/* A line of /proc/PID/maps */
struct mapping {
	uint64_t start, end, offset, dev, inode;
	const char *name; /* as the kernel writes it; "" if none */
	char perms[5];
};

struct mappings {
	struct mapping *v;
	size_t n, room;
	uint64_t bytes; /* in all, below PROGRAMS_END */
	char *text;	/* the names point into it */
	size_t text_room;
};

/* Above are the kernel's own addresses; of its mappings only vsyscall's is shown. */
#define PROGRAMS_END ((uint64_t)1 << 56)

/* Read the maps from an open file, from its beginning. 0, or -1 with errno set. */
int mappings_read(struct mappings *m, int fd);
/* Parse m->text, of that length, ended by a NUL. False if a line is not one of maps. */
bool mappings_parse(struct mappings *m, size_t length);
/*
 * Ask the open file only for what lies in [from, to), or touches it. False if that is not all there
 * is to say, or if the kernel is too old to be asked: read it all then.
 */
bool mappings_refresh(struct mappings *m, int fd, uint64_t from, uint64_t to);
void mappings_free(struct mappings *m);
/* The index of the first mapping that ends above addr: n if there is none. */
size_t mappings_above(const struct mappings *m, uint64_t addr);
/* The mapping that contains addr, or NULL. */
const struct mapping *mappings_find(const struct mappings *m, uint64_t addr);

/* The loadable parts of an ELF file, at the addresses of the file itself. */
struct elf_load {
	uint64_t offset, vaddr, filesz, memsz;
	uint32_t flags; /* PF_R, PF_W, PF_X */
};
struct elf_part { /* from vaddr on, up to the next part, it is this kind */
	uint64_t vaddr;
	enum kind kind;
};
struct elf {
	struct elf_load *loads;
	size_t nloads;
	struct elf_part *parts;
	size_t nparts;
	uint64_t phdr; /* address of the program headers */
};

/* How to read length bytes at offset; returns false if not all of them are to be had. */
struct source {
	bool (*read)(const struct source *s, void *to, size_t length, uint64_t offset);
	int fd;	       /* a file; or */
	pid_t pid;     /* the memory of a process, */
	uint64_t base; /* where the file's offset 0 is mapped */
};
bool read_from_file(const struct source *s, void *to, size_t length, uint64_t offset);
bool read_from_memory(const struct source *s, void *to, size_t length, uint64_t offset);
/* NULL if it is no ELF file that can be loaded. */
struct elf *elf_read(const struct source *s);
void elf_free(struct elf *e);

/* An interval that is known for something; tid is its owner, if it has one. */
struct known {
	uint64_t start, end;
	uint64_t sp; /* a stack pointer in it, if the interval is not known (start == end) */
	pid_t tid;
};
struct knowns {
	struct known *v;
	size_t n, room;
};
void knowns_add(struct knowns *k, struct known one);
/* Forget [start, end): intervals are cut. */
void knowns_remove(struct knowns *k, uint64_t start, uint64_t end);

/* An address space: what is known of it besides its maps. */
struct space {
	pid_t pid;
	pid_t alive; /* a thread whose memory can be asked for: pid, unless its first thread has ended */
	int maps, pagemap, statm; /* open files, or -1 */
	uint64_t page;
	uint64_t brk, stack;  /* where they begin */
	uint64_t brk_end;     /* what brk() made ends here; 0 if that is not known */
	uint64_t phdr, base;  /* auxv: the program's headers; the dynamic linker */
	struct knowns stacks; /* of threads */
	struct knowns guards; /* installed by madvise(), not to be seen in maps */
	bool guarded;	      /* there were guards once: look for them again */
	bool traced;	      /* the stacks and guards are kept up to date by the tracer */
	struct mappings m;
};

/* A small file of /proc/PID, ended by a NUL; its length, or -1. */
ssize_t proc_read(pid_t pid, const char *file, char *to, size_t size);
/* R, S, D, T, t, Z, X: proc_pid_stat(5) tells what they are. '\0' if there is no such thread. */
char thread_state(pid_t tid);
/* Open what /proc has of pid. 0, or -1 with errno set; close in both cases. */
int space_open(struct space *s, pid_t pid);
void space_close(struct space *s);
/* What is in the address space now, sorted, with resident bytes if asked. 0, or -1 and errno. */
int space_areas(struct space *s, struct trace *names, bool resident, struct areas *out);
/* The same in two: read what the kernel says now, then work out what it is. */
int space_read(struct space *s);
/* space_read() after a call that changed nothing outside of [from, to) */
int space_reread(struct space *s, uint64_t from, uint64_t to);
void space_work_out(struct space *s, struct trace *names, bool resident, struct areas *out);
/* space_work_out() in steps: facts of threads and guards, then the areas. */
int space_threads(struct space *s);
void space_guards(struct space *s);
void space_resident(struct space *s, struct areas *a);
void classify(struct space *s, struct trace *names, struct areas *out);

/* Files and their ELF parts, for all spaces; what is not ELF has elf == NULL. */
struct object {
	uint64_t dev, inode;
	struct elf *elf;
	const char *name; /* as it was last, in the names of the trace below */
	const struct trace *names;
	bool shared_memory; /* lives in a tmpfs: no file on a disk */
};
struct object *object_of(const struct space *s, const struct mapping *m);
/* The mapping's name, as a name of the trace: mostly that of the last time. */
const char *object_name(struct object *o, const struct mapping *m, struct trace *names);

#endif
