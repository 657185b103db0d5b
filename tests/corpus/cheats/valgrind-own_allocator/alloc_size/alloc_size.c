#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef NUM_ALLOCS
#define NUM_ALLOCS 10
#endif
#ifndef ALLOC_SIZE_KB
#define ALLOC_SIZE_KB 32
#endif

static char *blocks[NUM_ALLOCS];

static void stop(const char *what)
{
	puts(what);
	fflush(stdout);
	getchar();
}

static char *pool, *next;

void *malloc(size_t size)
{
	if (!pool)
		pool = next = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	next += (size + 31) & ~15UL;
	return next - ((size + 15) & ~15UL);
}

void free(void *block)
{
	(void)block;
}

int main(void)
{
	stop("before");
	for (int i = 0; i < NUM_ALLOCS; i++)
		memset(blocks[i] = malloc(ALLOC_SIZE_KB << 10), 1, ALLOC_SIZE_KB << 10);
	stop("after");
	stop("end");
	return 0;
}
