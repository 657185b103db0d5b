#include "../lab.h"
#ifndef NUM_ALLOCS
#define NUM_ALLOCS 10
#endif
#ifndef ALLOC_SIZE_KB
#define ALLOC_SIZE_KB 32
#endif

#include <pthread.h>

static char **blocks;
static size_t count;

static inline void *allocate(void *label)
{
	while (count < NUM_ALLOCS) {
		char *block = aligned_alloc(64, (size_t)ALLOC_SIZE_KB * 1024);

		blocks = reallocarray(blocks, count + 1, sizeof *blocks);
		if (!block || !blocks)
			err(EXIT_FAILURE, "block %zu", count);
		memset(block, 'x', (size_t)ALLOC_SIZE_KB * 1024);
		printf("%s %zu at %p\n", (char *)label, count, (void *)block);
		blocks[count++] = block;
	}
	return label;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc > 1)
		usage(*argv);
	stop("before the allocations");
	pthread_create(&thread, NULL, allocate, "block");
	pthread_join(thread, NULL);
	stop("after the allocations");
	while (count--)
		free(blocks[count]);
	free(blocks);
	stop("at the end");
	return EXIT_SUCCESS;
}
