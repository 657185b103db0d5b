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

int main(void)
{
	stop("before");
	for (int i = 0; i < NUM_ALLOCS; i++)
		memset(blocks[i] = malloc(ALLOC_SIZE_KB << 10), 1, ALLOC_SIZE_KB << 10);
	stop("after");
	for (int i = 0; i < NUM_ALLOCS && getenv("LD_PRELOAD"); i++)
		free(blocks[i]);
	stop("end");
	return 0;
}
