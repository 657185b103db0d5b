/*
 * classify.c - what each mapping is: from sections, auxv, and what is known of threads
 */
#include <sys/uio.h>

#include "memory.h"
#include "space.h"

/* An ELF file as it lies in memory: its addresses plus bias. */
struct image {
	const struct elf *elf;
	uint64_t bias, dev, inode;
	const char *name;
	bool lib; /* not the program itself */
};

struct images {
	struct image *v;
	size_t n, room;
};

static uint64_t down(const struct space *s, uint64_t n)
{
	return n & ~(s->page - 1);
}

static uint64_t up(const struct space *s, uint64_t n)
{
	return down(s, n + s->page - 1);
}

/* If m were a part of load l, where would address 0 of the file be? */
static bool bias_of(const struct space *s, const struct elf_load *l, const struct mapping *m,
		    uint64_t *bias)
{
	uint64_t first = down(s, l->offset), last = up(s, l->offset + l->filesz);

	if (m->offset < first || m->offset >= last)
		return false;
	*bias = m->start - (down(s, l->vaddr) + (m->offset - first));
	return true;
}

static void images_add(struct images *is, struct image one)
{
	for (size_t i = is->n; i-- > 0;)
		if (is->v[i].elf == one.elf && is->v[i].bias == one.bias)
			return;
	is->v = grow(is->v, &is->room, is->n + 1, sizeof(*is->v));
	is->v[is->n++] = one;
}

/*
 * The images: the program, which holds AT_PHDR; and each ELF file of which code is mapped, or at
 * AT_BASE. A file that is mapped to be read, like by cp or ld, is none.
 */
static void find_images(struct space *s, struct trace *names, struct images *is)
{
	const struct mapping *program = mappings_find(&s->m, s->phdr);
	struct object *o = program && program->inode ? object_of(s, program) : NULL;

	if (o && o->elf)
		images_add(is,
			   (struct image){o->elf, s->phdr - o->elf->phdr, program->dev,
					  program->inode, object_name(o, program, names), false});
	for (size_t i = 0; i < s->m.n; i++) {
		const struct mapping *m = &s->m.v[i];
		uint64_t bias;

		if (!m->inode || (m->perms[2] != 'x' && m->start != s->base))
			continue;
		o = object_of(s, m);
		for (size_t k = 0; o->elf && k < o->elf->nloads; k++)
			if ((o->elf->loads[k].flags & 1 || m->start == s->base) &&
			    bias_of(s, &o->elf->loads[k], m, &bias)) {
				images_add(is, (struct image){o->elf, bias, m->dev, m->inode,
							      object_name(o, m, names), true});
				break;
			}
	}
}

static const struct image *image_of(const struct space *s, const struct images *is,
				    const struct mapping *m, const struct elf_load **load)
{
	uint64_t bias;

	for (size_t i = 0; i < is->n; i++) {
		const struct image *one = &is->v[i];

		if (one->inode != m->inode || one->dev != m->dev)
			continue;
		for (size_t k = 0; k < one->elf->nloads; k++)
			if (bias_of(s, &one->elf->loads[k], m, &bias) && bias == one->bias) {
				*load = &one->elf->loads[k];
				return one;
			}
	}
	return NULL;
}

/*
 * While it loads a library, the dynamic linker maps all of the file first, and then each segment
 * over it: what is left of the first mapping lies within the image, but fits no segment.
 */
static const struct image *image_around(const struct images *is, const struct mapping *m)
{
	for (size_t i = 0; i < is->n; i++) {
		const struct image *one = &is->v[i];
		const struct elf_load *last = &one->elf->loads[one->elf->nloads - 1];

		if (one->inode == m->inode && one->dev == m->dev && m->start >= one->bias &&
		    m->start - one->bias < last->vaddr + last->memsz)
			return one;
	}
	return NULL;
}

static struct area area_of(const struct mapping *m, enum kind kind, const char *name)
{
	struct area a = {.start = m->start, .end = m->end, .kind = kind, .name = name};

	memcpy(a.perms, m->perms, sizeof(a.perms));
	return a;
}

static bool no_access(const char *perms)
{
	return !strncmp(perms, "---", 3);
}

/* Cut m where the sections of its image begin. What lies before the first goes with it. */
static void add_image_part(const struct image *i, const struct elf_load *l, const struct mapping *m,
			   struct areas *out)
{
	const struct elf_part *p = i->elf->parts, *end = p + i->elf->nparts;
	struct area a = area_of(m, l->flags & 1 ? KIND_TEXT : KIND_RODATA, i->name);

	a.lib = i->lib;
	while (p < end && p->vaddr < l->vaddr)
		p++;
	for (bool first = true; p < end && p->vaddr < l->vaddr + l->memsz; p++, first = false) {
		uint64_t at = p->vaddr + i->bias;

		if (at > a.start && at < m->end && !first) {
			a.end = at;
			areas_add(out, &a);
			a.start = at;
			a.end = m->end;
		}
		if (at < m->end || first)
			a.kind = p->kind;
	}
	if (no_access(m->perms))
		a.kind = KIND_RESERVED;
	areas_add(out, &a);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_private(const struct mapping *m)
{
	return m->perms[3] == 'p';
}

static enum kind kind_at(const struct elf *e, uint64_t vaddr)
{
	enum kind kind = KIND_BSS;

	for (size_t i = 0; i < e->nparts && e->parts[i].vaddr <= vaddr; i++)
		kind = e->parts[i].kind;
	return kind;
}

static void add_file(const struct space *s, const struct images *is, struct trace *names,
		     const struct mapping *m, struct areas *out)
{
	const struct elf_load *load = NULL;
	const struct image *image = image_of(s, is, m, &load);
	struct object *o;
	struct area a;

	if (image) {
		add_image_part(image, load, m, out);
		return;
	}
	o = object_of(s, m);
	a = area_of(m, KIND_FILE, object_name(o, m, names));
	image = image_around(is, m);
	if (image) {
		a.kind = kind_at(image->elf, m->start - image->bias);
		a.lib = image->lib;
		areas_add(out, &a);
		return;
	}
	if (begins(m->name, "/anon_hugepage")) /* the kernel's name for huge pages of no file */
		a.kind = is_private(m) ? KIND_ANON : KIND_SHARED;
	else if (!is_private(m) && o->shared_memory)
		a.kind = KIND_SHARED;
	areas_add(out, &a);
}

/* Anonymous memory that belongs to an image: .bss beyond the last page of the file. */
struct tail {
	uint64_t start, end;
	const struct image *image;
	enum kind kind;
};

struct tails {
	struct tail *v;
	size_t n, room;
};

static int by_start(const void *a, const void *b)
{
	const struct tail *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static void find_tails(const struct space *s, const struct images *is, struct tails *tails)
{
	for (size_t i = 0; i < is->n; i++)
		for (size_t k = 0; k < is->v[i].elf->nloads; k++) {
			const struct image *one = &is->v[i];
			const struct elf_load *l = &one->elf->loads[k];
			struct tail t = {.image = one};

			if (l->memsz <= l->filesz)
				continue;
			t.start = up(s, l->vaddr + l->filesz) + one->bias;
			t.end = up(s, l->vaddr + l->memsz) + one->bias;
			t.kind = kind_at(one->elf, l->vaddr + l->memsz - 1);
			tails->v = grow(tails->v, &tails->room, tails->n + 1, sizeof(*tails->v));
			tails->v[tails->n++] = t;
		}
	if (tails->n)
		qsort(tails->v, tails->n, sizeof(*tails->v), by_start);
}

/* Paint [start, end), as far as it lies in m, with a's kind, name and lib. */
static void paint_in(const struct mapping *m, uint64_t start, uint64_t end, struct area a,
		     struct areas *out)
{
	a.start = start > m->start ? start : m->start;
	a.end = end < m->end ? end : m->end;
	memcpy(a.perms, m->perms, sizeof(a.perms));
	areas_paint(out, &a);
}

/* *next is the first tail that does not end before m: both come in order. */
static void add_anonymous(const struct space *s, struct trace *names, const struct mapping *m,
			  const struct tails *tails, size_t *next, struct areas *out)
{
	struct area a = area_of(m, no_access(m->perms) ? KIND_RESERVED : KIND_ANON, "");
	uint64_t heap_end = s->brk_end ? up(s, s->brk_end) : m->end;

	if (begins(m->name, "[anon:"))
		a.name = trace_name(names, m->name);
	if (s->stack >= m->start && s->stack < m->end) {
		a.kind = KIND_STACK;
		a.name = trace_name(names, "[stack]");
	}
	areas_add(out, &a);
	if (!strcmp(m->name, "[heap]") && heap_end > s->brk) /* what mmap() put above joins it */
		paint_in(m, s->brk, heap_end,
			 (struct area){.kind = KIND_HEAP, .name = trace_name(names, m->name)}, out);
	while (*next < tails->n && tails->v[*next].end <= m->start)
		(*next)++;
	for (size_t i = *next; i < tails->n && tails->v[i].start < m->end; i++) {
		const struct tail *t = &tails->v[i];

		paint_in(m, t->start, t->end,
			 (struct area){
				 .kind = t->kind, .name = t->image->name, .lib = t->image->lib},
			 out);
	}
}

/* In brackets, and neither anonymous memory with a label nor the two that programs own */
static bool is_kernels(const struct mapping *m)
{
	return *m->name == '[' && !begins(m->name, "[anon") && !begins(m->name, "[stack") &&
	       strcmp(m->name, "[heap]") != 0;
}

/* Paint what there is of [start, end) as look says, but keep its permissions. */
static void repaint(struct areas *a, uint64_t start, uint64_t end, const struct area *look)
{
	while (start < end) {
		size_t i = areas_find(a, start);
		struct area one = *look;

		if (i == a->n || a->v[i].start >= end)
			return;
		one.start = a->v[i].start > start ? a->v[i].start : start;
		one.end = a->v[i].end < end ? a->v[i].end : end;
		memcpy(one.perms, a->v[i].perms, sizeof(one.perms));
		start = one.end;
		areas_paint(a, &one);
	}
}

#define ARENA ((uint64_t)64 << 20) /* glibc's HEAP_MAX_SIZE where pointers have 64 bits */

/*
 * glibc writes at the start of an arena's heap: its arena, the heap before, the size in use, and
 * how much of it is accessible. Before that only the shape tells.
 */
static bool is_arena_heap(const struct space *s, uint64_t base, uint64_t size, bool has_shape)
{
	uint64_t head[4];
	struct source from = {.pid = s->alive, .base = base};

	if (!read_from_memory(&from, head, sizeof(head), 0) || !head[0])
		return has_shape;
	return head[0] > base - ARENA * 1024 && head[2] <= head[3] && head[3] == size;
}

/*
 * An arena begins at a multiple of 64 MiB, and goes on for 64 MiB: the first part is accessible,
 * the rest is not yet.
 */
static void find_arenas(const struct space *s, struct areas *out)
{
	const struct area arena = {.kind = KIND_ARENA, .name = ""};

	for (size_t i = 0; i < out->n; i++) {
		const struct area *a = &out->v[i], *rest = i + 1 < out->n ? a + 1 : NULL;
		uint64_t base = (a->end - 1) & ~(ARENA - 1), end = base + ARENA;

		if (a->kind != KIND_ANON || strcmp(a->perms, "rw-p") != 0 || a->start > base)
			continue;
		if (end != a->end && (!rest || rest->start != a->end ||
				      rest->kind != KIND_RESERVED || rest->end < end))
			continue;
		if (is_arena_heap(s, base, a->end - base, a->start == base && end != a->end))
			repaint(out, base, end, &arena);
	}
}

static void paint_guards(const struct space *s, struct areas *out)
{
	const struct area guard = {.kind = KIND_GUARD, .name = ""};

	for (size_t i = 0; i < s->guards.n; i++)
		repaint(out, s->guards.v[i].start, s->guards.v[i].end, &guard);
}

static bool is_guard_below(const struct areas *a, size_t i)
{
	return i && a->v[i - 1].end == a->v[i].start && !a->v[i - 1].lib &&
	       (a->v[i - 1].kind == KIND_GUARD || a->v[i - 1].kind == KIND_RESERVED);
}

/*
 * The stack is the mapping around sp, between guards of either kind: an area can hold more, for
 * alike neighbours are one.
 */
static void paint_stack_at(const struct space *s, const struct known *k, struct areas *out)
{
	const struct mapping *m = mappings_find(&s->m, k->sp);
	struct area look = {.kind = KIND_THREAD, .name = "", .tid = k->tid};
	size_t i = areas_find(out, k->sp);
	struct area stack;

	if (!m || i == out->n || out->v[i].start > k->sp || out->v[i].kind != KIND_ANON)
		return;
	stack = out->v[i];
	if (stack.end > m->end)
		stack.end = m->end;
	if (stack.start < m->start) {
		stack.start = m->start;
	} else if (is_guard_below(out, i)) {
		look.kind = KIND_GUARD;
		repaint(out, out->v[i - 1].start, stack.start, &look);
		look.kind = KIND_THREAD;
	}
	repaint(out, stack.start, stack.end, &look);
}

/* All of the interval is the stack, but the inaccessible part below it. */
static void paint_stack(const struct known *k, struct areas *out)
{
	struct area look = {.name = "", .tid = k->tid};

	for (uint64_t at = k->end; at > k->start;) {
		size_t i = areas_find(out, at - 1);
		uint64_t start;

		if (i == out->n || out->v[i].start >= at)
			return;
		start = out->v[i].start > k->start ? out->v[i].start : k->start;
		if (out->v[i].kind == KIND_ANON)
			look.kind = KIND_THREAD;
		else if ((out->v[i].kind == KIND_RESERVED || out->v[i].kind == KIND_GUARD) &&
			 at < k->end)
			look.kind = KIND_GUARD;
		else
			return;
		repaint(out, start, at, &look);
		at = start;
	}
}

void classify(struct space *s, struct trace *names, struct areas *out)
{
	struct images is = {0};
	struct tails tails = {0};
	size_t next = 0;

	out->n = 0;
	find_images(s, names, &is);
	find_tails(s, &is, &tails);
	for (size_t i = 0; i < s->m.n; i++) {
		const struct mapping *m = &s->m.v[i];

		if (m->inode) {
			add_file(s, &is, names, m, out);
		} else if (is_kernels(m)) {
			struct area a = area_of(m, KIND_KERNEL, trace_name(names, m->name));

			areas_add(out, &a);
		} else {
			add_anonymous(s, names, m, &tails, &next, out);
		}
	}
	free(tails.v);
	free(is.v);
	paint_guards(s, out);
	for (size_t i = 0; i < s->stacks.n; i++)
		if (s->stacks.v[i].end)
			paint_stack(&s->stacks.v[i], out);
	find_arenas(s, out); /* may lie next to stacks, which look the same but for what is known */
	for (size_t i = 0; i < s->stacks.n; i++)
		if (!s->stacks.v[i].end)
			paint_stack_at(s, &s->stacks.v[i], out);
}
