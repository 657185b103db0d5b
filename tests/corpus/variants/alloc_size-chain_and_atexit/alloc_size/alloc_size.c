#include "../lab.h"
#ifndef NUM_ALLOCS
#define NUM_ALLOCS 10
#endif
#ifndef ALLOC_SIZE_KB
#define ALLOC_SIZE_KB 32
#endif

static void **head;

static void release(void)
{
	while (head) {
		void **next = *head;

		free(head);
		head = next;
	}
}

static void allocate(void)
{
	for (size_t i = 0; i < NUM_ALLOCS; i++) {
		void **block = NULL;

		if ((errno = posix_memalign((void **)&block, 64, ALLOC_SIZE_KB * 1024UL)))
			err(1, "block %zu", i);
		memset(block, (int)i, ALLOC_SIZE_KB * 1024UL);
		*block = head;
		head = block;
	}
}

int main(void)
{
	atexit(release);
	stop("before the allocations");
	allocate();
	stop("after the allocations");
	stop("at the end");
	return 0;
}
