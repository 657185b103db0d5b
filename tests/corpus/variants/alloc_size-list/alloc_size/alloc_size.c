#include "../lab.h"
#ifndef NUM_ALLOCS
#define NUM_ALLOCS 10
#endif
#ifndef ALLOC_SIZE_KB
#define ALLOC_SIZE_KB 32
#endif

struct node {
	struct node *next;
	void *block;
};

static struct node *allocate(void)
{
	struct node *list = NULL;

	for (int i = 0; i < NUM_ALLOCS; i++) {
		struct node *node = malloc(sizeof *node);

		node->block = calloc(ALLOC_SIZE_KB, 1024);
		node->next = list;
		list = node;
		printf("block %d: %d bytes at %p\n", i, ALLOC_SIZE_KB * 1024, node->block);
	}
	return list;
}

int main(void)
{
	stop("before");
	struct node *list = allocate();
	stop("after");
	while (list) {
		struct node *node = list;

		list = node->next;
		free(node->block);
		free(node);
	}
	stop("end");
	return 0;
}
