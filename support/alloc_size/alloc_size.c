/*
 * alloc_size - make NUM_ALLOCS allocations of ALLOC_SIZE_KB each, with stops to look at the heap
 *
 * usage: alloc_size
 *	  make alloc_size CPPFLAGS='-DNUM_ALLOCS=100 -DALLOC_SIZE_KB=200'
 *
 * Watch: `memview $(pidof alloc_size)` or `pmap -x $(pidof alloc_size)` at each of the three stops,
 * with blocks of 32 KB and of 200 KB: from which area does malloc() take them, and what becomes of
 * the area when they are freed? `valgrind --leak-check=full --show-leak-kinds=all ./alloc_size`
 * names the line that allocated each block that was not freed.
 */
#include "../lab.h"

#ifndef NUM_ALLOCS
#define NUM_ALLOCS 10
#endif
#ifndef ALLOC_SIZE_KB
#define ALLOC_SIZE_KB 32
#endif

/*
 * TODO: The address of a block is all that can free it, and allocate() forgets every one. Where
 * can NUM_ALLOCS addresses be kept that are still needed at the second stop?
 */

static void allocate(void)
{
	size_t size = (size_t)ALLOC_SIZE_KB * 1024;

	for (int i = 0; i < NUM_ALLOCS; i++) {
		void *block = malloc(size);
		char *label; /* asprintf() allocates, too */

		if (!block || asprintf(&label, "block %d: %zu bytes at %p", i, size, block) < 0)
			err(EXIT_FAILURE, "block %d", i);
		memset(block, i, size); /* touched, so that it is in memory and not just promised */
		puts(label);
		/* TODO: What this function allocated for itself it has to free itself. */
	}
}

int main(int argc, char **argv)
{
	if (argc != 1)
		usage(argv[0]);

	stop("before the allocations");
	mark("allocate");
	allocate();
	stop("after the allocations");

	/*
	 * TODO: Free every block. A block that could still be reached at the end counts as a
	 * leak, too.
	 */
	stop("at the end");
	return EXIT_SUCCESS;
}
