/*
 * hello - memory-areas/hello with more in it: text, data, bss, heap and stack are all larger
 *
 * usage: hello
 *
 * Watch: `size -A hello ../memory-areas/hello` for what is in the two files, and `memview PID` or
 * `pmap -x PID` of both while they wait for what is in memory. Which areas are as large in the
 * file as in memory? Which are larger than what of them is resident?
 */
#include "../lab.h"

enum { KB = 1024, BLOCKS = 64 };

static int in_data[256 * KB / sizeof(int)] = {1}; /* one value is not 0: all are in the file */
static int in_bss[512 * KB / sizeof(int)];	  /* all are 0: the file has their number only */
static void *in_heap[BLOCKS];

#define TEN(x) x x x x x x x x x x

/* Some thousand increments: nothing but code. */
static void count(volatile int *n)
{
	TEN(TEN(TEN(TEN(++*n;))))
}

static void fill_heap(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		in_heap[i] = malloc(16 * KB); /* each small enough to come from the heap */
		if (!in_heap[i])
			err(EXIT_FAILURE, "heap");
	}
}

int main(void)
{
	volatile char on_stack[1024 * KB];

	for (size_t i = 0; i < sizeof(on_stack); i++)
		on_stack[i] = 1; /* the kernel makes the stack larger when it is touched */
	count(&in_data[1]);
	count(&in_bss[0]);
	fill_heap();

	stop("Hello, world!");

	for (int i = 0; i < BLOCKS; i++)
		free(in_heap[i]);
	return EXIT_SUCCESS;
}
