/*
 * count.so - count the large blocks that a program allocates and frees, where the checker can read it
 *
 * usage: LD_PRELOAD=count.so COUNT_BYTES=N COUNT_FILE=PATH PROGRAM
 *
 * PATH, a file of three 8-byte words, is mapped shared: the blocks of at least N bytes made so far, those
 * of them that are live now, and the bytes asked for in all that were made. What it says stays when the
 * process has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The C library's own allocator, behind the functions that this library puts in front of it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

struct counts {
	atomic_ullong made, live, bytes;
};

static struct counts nowhere, *counts = &nowhere;
static size_t least = SIZE_MAX;

__attribute__((constructor)) static void open_counts(void)
{
	const char *bytes = getenv("COUNT_BYTES"), *path = getenv("COUNT_FILE");
	int fd = bytes && path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p != MAP_FAILED) {
		counts = p;
		least = strtoull(bytes, NULL, 10);
	}
	close(fd);
}

static int large(void *block)
{
	return block && malloc_usable_size(block) >= least;
}

static void *came(void *block, size_t size)
{
	if (large(block)) {
		counts->made++;
		counts->live++;
		counts->bytes += size;
	}
	return block;
}

static void went(void *block)
{
	if (large(block))
		counts->live--;
}

void *malloc(size_t size)
{
	return came(__libc_malloc(size), size);
}

void *calloc(size_t count, size_t size)
{
	return came(__libc_calloc(count, size), count * size);
}

void free(void *block)
{
	went(block);
	__libc_free(block);
}

void *realloc(void *block, size_t size)
{
	int was_large = large(block);
	void *moved = __libc_realloc(block, size);

	if (was_large && (moved || size == 0))
		counts->live--;
	return came(moved, size);
}

void *reallocarray(void *block, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, bytes);
}

void *memalign(size_t alignment, size_t size)
{
	return came(__libc_memalign(alignment, size), size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

void *valloc(size_t size)
{
	return memalign((size_t)sysconf(_SC_PAGESIZE), size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	void *p;

	if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
		return EINVAL;
	p = memalign(alignment, size);
	if (!p)
		return ENOMEM;
	*block = p;
	return 0;
}
