/*
 * find_threshold - find the smallest request that malloc() serves by mmap(2)
 *
 * usage: find_threshold
 *
 * It asks malloc() itself, as a process's very first request, so every question needs a process of
 * its own: each malloc() leaves something behind, a heap at least, that changes the next answer.
 *
 * Watch: `strace -f -e brk,mmap ./find_threshold` shows the children at work. The answer is not the
 * 128 KB of malloc(3): the heap that comes with the first request has room for a little more.
 * GLIBC_TUNABLES=glibc.malloc.mmap_threshold=300000 moves it.
 */
#include "../lab.h"

#include <sys/wait.h>

enum origin { FROM_BRK, FROM_MMAP, NOWHERE };

/* The linker's name for the end of .bss, the last area that comes from the program's file. */
extern char end[];

static enum origin origin(uintptr_t block)
{
	/* TODO: Tell by the block's address, as in brk_or_mmap. NULL: it is too large. */
	(void)block;
	return NOWHERE;
}

/* Ask a child: its memory is a copy of ours, in which nobody has called malloc() yet. */
static enum origin probe(size_t size)
{
	/*
	 * TODO: fork(), call malloc() in the child, and hand the block's origin on as exit
	 * status. The parent must not use malloc() before, and stdio does: print nothing until
	 * the end.
	 */
	return origin((uintptr_t)malloc(size));
}

int main(int argc, char **argv)
{
	size_t size = 0;

	if (argc != 1)
		usage(argv[0]);

	/*
	 * TODO: Find the smallest size that is not FROM_BRK. There is one border: double the size
	 * until you are beyond it, and then halve the distance.
	 */
	(void)probe, (void)size;
	return EXIT_SUCCESS;
}
