/*
 * more.so - have malloc() ask for more than the program does
 *
 * usage: LD_PRELOAD=more.so PROGRAM	built with -DMORE=BYTES
 *
 * Every request is MORE bytes larger than the program says, so the border between heap and mapping is
 * MORE bytes lower for it. MORE is a multiple of the page size: where in its page a mapped block begins
 * and ends is as without. malloc_usable_size() tells what the program may know of.
 */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

/* The C library's own allocator, behind the functions that this library puts in front of it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* What is too large for malloc() stays so. */
static size_t more(size_t size)
{
	return size > PTRDIFF_MAX ? size : size + MORE;
}

void *malloc(size_t size)
{
	return __libc_malloc(more(size));
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	return __libc_calloc(1, more(bytes));
}

void *realloc(void *block, size_t size)
{
	return __libc_realloc(block, block && size == 0 ? 0 : more(size));
}

void *memalign(size_t alignment, size_t size)
{
	return __libc_memalign(alignment, more(size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
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

size_t malloc_usable_size(void *block)
{
	size_t (*usable)(void *) = (size_t(*)(void *))dlsym(RTLD_NEXT, "malloc_usable_size");

	return block ? usable(block) - MORE : 0;
}
