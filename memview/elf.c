/*
 * elf.c - which addresses of an ELF file are code, constants, data…
 *
 * The section headers say it exactly: .bss may begin in the middle of a page. Where they are
 * missing (stripped, or the file is deleted and only its memory is left) the program headers say
 * it almost as well; only code and constants in one segment cannot be told apart then.
 */
#include <elf.h>
#include <sys/uio.h>
#include <unistd.h>

#include "memory.h"
#include "space.h"

#define MOST_HEADERS 4096

bool read_from_file(const struct source *s, void *to, size_t length, uint64_t offset)
{
	return pread(s->fd, to, length, (off_t)offset) == (ssize_t)length;
}

bool read_from_memory(const struct source *s, void *to, size_t length, uint64_t offset)
{
	struct iovec local = {to, length};
	struct iovec remote = {(void *)(uintptr_t)(s->base + offset), length};

	return process_vm_readv(s->pid, &local, 1, &remote, 1, 0) == (ssize_t)length;
}

static Elf64_Phdr wide_phdr(const Elf32_Phdr *p)
{
	return (Elf64_Phdr){.p_type = p->p_type,
			    .p_flags = p->p_flags,
			    .p_offset = p->p_offset,
			    .p_vaddr = p->p_vaddr,
			    .p_filesz = p->p_filesz,
			    .p_memsz = p->p_memsz};
}

static Elf64_Shdr wide_shdr(const Elf32_Shdr *s)
{
	return (Elf64_Shdr){.sh_type = s->sh_type,
			    .sh_flags = s->sh_flags,
			    .sh_addr = s->sh_addr,
			    .sh_offset = s->sh_offset,
			    .sh_size = s->sh_size};
}

static bool read_ehdr(const struct source *s, Elf64_Ehdr *e, bool *narrow)
{
	static const unsigned char native =
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
	Elf32_Ehdr small;

	if (!s->read(s, e, sizeof(small), 0) || memcmp(e->e_ident, ELFMAG, SELFMAG) != 0 ||
	    e->e_ident[EI_DATA] != native)
		return false;
	*narrow = e->e_ident[EI_CLASS] == ELFCLASS32;
	if (!*narrow)
		return s->read(s, e, sizeof(*e), 0);
	memcpy(&small, e, sizeof(small));
	e->e_type = small.e_type;
	e->e_phoff = small.e_phoff;
	e->e_phnum = small.e_phnum;
	e->e_phentsize = small.e_phentsize;
	e->e_shoff = small.e_shoff;
	e->e_shnum = small.e_shnum;
	e->e_shentsize = small.e_shentsize;
	return true;
}

/* All headers of one sort, NULL if they are not to be had. wide_size is that of ELF64's. */
static void *read_headers(const struct source *s, uint64_t offset, size_t n, size_t size,
			  size_t wanted)
{
	void *headers = fresh(NULL, n * wanted);

	if (n && n <= MOST_HEADERS && size == wanted && s->read(s, headers, n * size, offset))
		return headers;
	free(headers);
	return NULL;
}

static Elf64_Phdr *read_phdrs(const struct source *s, const Elf64_Ehdr *e, bool narrow)
{
	Elf32_Phdr *small;
	Elf64_Phdr *wide = NULL;

	if (!narrow)
		return read_headers(s, e->e_phoff, e->e_phnum, e->e_phentsize, sizeof(*wide));
	small = read_headers(s, e->e_phoff, e->e_phnum, e->e_phentsize, sizeof(*small));
	if (small)
		wide = fresh(NULL, e->e_phnum * sizeof(*wide));
	for (size_t i = 0; wide && i < e->e_phnum; i++)
		wide[i] = wide_phdr(&small[i]);
	free(small);
	return wide;
}

static Elf64_Shdr *read_shdrs(const struct source *s, const Elf64_Ehdr *e, bool narrow)
{
	Elf32_Shdr *small;
	Elf64_Shdr *wide = NULL;

	if (!narrow)
		return read_headers(s, e->e_shoff, e->e_shnum, e->e_shentsize, sizeof(*wide));
	small = read_headers(s, e->e_shoff, e->e_shnum, e->e_shentsize, sizeof(*small));
	if (small)
		wide = fresh(NULL, e->e_shnum * sizeof(*wide));
	for (size_t i = 0; wide && i < e->e_shnum; i++)
		wide[i] = wide_shdr(&small[i]);
	free(small);
	return wide;
}

static const Elf64_Phdr *phdr_of(const Elf64_Phdr *p, size_t n, uint32_t type)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].p_type == type)
			return &p[i];
	return NULL;
}

static bool within(uint64_t addr, const Elf64_Phdr *p)
{
	return p && addr >= p->p_vaddr && addr - p->p_vaddr < p->p_memsz;
}

/* Where the segment with the ELF header ends: .interp is one of the tables there. */
static uint64_t first_page(const Elf64_Phdr *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].p_type == PT_LOAD && !p[i].p_offset)
			return p[i].p_vaddr + p[i].p_filesz;
	return 0;
}

static void add_part(struct elf *e, uint64_t vaddr, enum kind kind)
{
	size_t at = e->nparts;

	e->parts = reallocarray(e->parts, e->nparts + 1, sizeof(*e->parts));
	if (!e->parts)
		err(EXIT_OWN, "%zu parts", e->nparts);
	while (at && e->parts[at - 1].vaddr > vaddr)
		at--;
	memmove(e->parts + at + 1, e->parts + at, (e->nparts++ - at) * sizeof(*e->parts));
	e->parts[at] = (struct elf_part){vaddr, kind};
}

/* Tables for the linker have types of their own; code and constants are told apart by X. */
static enum kind kind_of_section(const Elf64_Shdr *s, const Elf64_Phdr *p, size_t n)
{
	if (s->sh_flags & SHF_EXECINSTR)
		return KIND_TEXT;
	if (s->sh_flags & SHF_WRITE && within(s->sh_addr, phdr_of(p, n, PT_GNU_RELRO)))
		return KIND_RELRO;
	if (s->sh_flags & SHF_WRITE)
		return s->sh_type == SHT_NOBITS ? KIND_BSS : KIND_DATA;
	if (within(s->sh_addr, phdr_of(p, n, PT_INTERP)) && s->sh_addr < first_page(p, n))
		return KIND_HEADER;
	switch (s->sh_type) {
	case SHT_NOTE:
	case SHT_HASH:
	case SHT_GNU_HASH:
	case SHT_DYNSYM:
	case SHT_STRTAB:
	case SHT_REL:
	case SHT_RELA:
	case SHT_GNU_versym:
	case SHT_GNU_verdef:
	case SHT_GNU_verneed:
	case 19: /* SHT_RELR, younger than some elf.h */
		return KIND_HEADER;
	default:
		return KIND_RODATA;
	}
}

/* A .tbss takes no memory of the image: each thread has its own. */
static bool takes_memory(const Elf64_Shdr *s)
{
	return s->sh_flags & SHF_ALLOC && s->sh_size &&
	       !(s->sh_type == SHT_NOBITS && s->sh_flags & SHF_TLS);
}

static bool parts_of_sections(struct elf *e, const struct source *s, const Elf64_Ehdr *h,
			      bool narrow, const Elf64_Phdr *p)
{
	Elf64_Shdr *sections = read_shdrs(s, h, narrow);

	const Elf64_Phdr *relro = phdr_of(p, h->e_phnum, PT_GNU_RELRO);
	uint64_t sealed = relro ? relro->p_vaddr + relro->p_memsz : 0;

	for (size_t i = 0; sections && i < h->e_shnum; i++) {
		const Elf64_Shdr *one = &sections[i];
		enum kind kind = kind_of_section(one, p, h->e_phnum);

		if (!takes_memory(one))
			continue;
		add_part(e, one->sh_addr, kind);
		/* The first entries of .got.plt can be sealed while the others are not. */
		if (kind == KIND_RELRO && one->sh_addr + one->sh_size > sealed)
			add_part(e, sealed, KIND_DATA);
	}
	free(sections);
	return e->nparts;
}

static void parts_of_load(struct elf *e, const Elf64_Phdr *l, const Elf64_Phdr *relro)
{
	if (l->p_flags & PF_W) {
		if (relro && within(relro->p_vaddr, l)) {
			add_part(e, relro->p_vaddr, KIND_RELRO);
			add_part(e, relro->p_vaddr + relro->p_memsz, KIND_DATA);
		} else {
			add_part(e, l->p_vaddr, KIND_DATA);
		}
		if (l->p_memsz > l->p_filesz)
			add_part(e, l->p_vaddr + l->p_filesz, KIND_BSS);
	} else if (l->p_flags & PF_X) {
		add_part(e, l->p_vaddr, KIND_TEXT);
	} else {
		add_part(e, l->p_vaddr, l->p_offset ? KIND_RODATA : KIND_HEADER);
	}
}

static void add_load(struct elf *e, const Elf64_Phdr *p)
{
	e->loads = reallocarray(e->loads, e->nloads + 1, sizeof(*e->loads));
	if (!e->loads)
		err(EXIT_OWN, "%zu segments", e->nloads);
	e->loads[e->nloads++] =
		(struct elf_load){p->p_offset, p->p_vaddr, p->p_filesz, p->p_memsz, p->p_flags};
}

/* phdr is where AT_PHDR points: PT_PHDR says it, or the segment that holds the headers. */
static void read_loads(struct elf *e, const Elf64_Ehdr *h, const Elf64_Phdr *p)
{
	const Elf64_Phdr *own = phdr_of(p, h->e_phnum, PT_PHDR);

	for (size_t i = 0; i < h->e_phnum; i++) {
		if (p[i].p_type != PT_LOAD)
			continue;
		add_load(e, &p[i]);
		if (h->e_phoff >= p[i].p_offset && h->e_phoff < p[i].p_offset + p[i].p_filesz)
			e->phdr = p[i].p_vaddr + (h->e_phoff - p[i].p_offset);
	}
	if (own)
		e->phdr = own->p_vaddr;
}

struct elf *elf_read(const struct source *s)
{
	Elf64_Ehdr h;
	Elf64_Phdr *p;
	struct elf *e;
	bool narrow;

	if (!read_ehdr(s, &h, &narrow) || (h.e_type != ET_EXEC && h.e_type != ET_DYN))
		return NULL;
	p = read_phdrs(s, &h, narrow);
	if (!p)
		return NULL;
	e = fresh(NULL, sizeof(*e));
	read_loads(e, &h, p);
	if (!parts_of_sections(e, s, &h, narrow, p))
		for (size_t i = 0; i < h.e_phnum; i++)
			if (p[i].p_type == PT_LOAD)
				parts_of_load(e, &p[i], phdr_of(p, h.e_phnum, PT_GNU_RELRO));
	free(p);
	if (e->nloads)
		return e;
	elf_free(e);
	return NULL;
}

void elf_free(struct elf *e)
{
	if (!e)
		return;
	free(e->loads);
	free(e->parts);
	free(e);
}
