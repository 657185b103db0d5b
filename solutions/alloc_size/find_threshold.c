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
	//{ TODO: Tell by the block's address, as in brk_or_mmap. NULL: it is too large.
	//| (void)block;
	//| return NOWHERE;
	uintptr_t bss_end = (uintptr_t)end;
	uintptr_t heap_end = (uintptr_t)sbrk(0); /* after the malloc(), which may have moved it */

	if (!block)
		return NOWHERE;
	/* A static-pie is itself mapped far above its heap, and then .bss is no bound. */
	if (block < heap_end && (block >= bss_end || bss_end > heap_end))
		return FROM_BRK;
	return FROM_MMAP;
	//}
}

/* Ask a child: its memory is a copy of ours, in which nobody has called malloc() yet. */
static enum origin probe(size_t size)
{
	//{ TODO: fork(), call malloc() in the child, and hand the block's origin on as exit
	//{ status. The parent must not use malloc() before, and stdio does: print nothing until
	//{ the end.
	//| return origin((uintptr_t)malloc(size));
	int status;
	pid_t child = fork();

	if (child < 0)
		err(EXIT_FAILURE, "fork");
	if (child == 0)
		_exit(origin((uintptr_t)malloc(size))); /* not exit(): stdio is the parent's */
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		errx(EXIT_FAILURE, "%zu bytes: the probe died", size);
	return WEXITSTATUS(status);
	//}
}

int main(int argc, char **argv)
{
	size_t size = 0;

	if (argc != 1)
		usage(argv[0]);

	//{ TODO: Find the smallest size that is not FROM_BRK. There is one border: double the size
	//{ until you are beyond it, and then halve the distance.
	//| (void)probe, (void)size;
	size_t beyond = 1; /* not from brk, once the doubling ends; below size, all are */

	while (probe(beyond) == FROM_BRK) {
		size = beyond + 1;
		beyond *= 2;
	}
	while (size < beyond) {
		size_t middle = size + (beyond - size) / 2;

		if (probe(middle) == FROM_BRK)
			size = middle + 1;
		else
			beyond = middle;
	}
	if (probe(size) != FROM_MMAP)
		errx(EXIT_FAILURE, "malloc: no request is served by mmap");
	if (printf("%zu\n", size) < 0 || fflush(stdout))
		err(EXIT_FAILURE, "standard output");
	//}
	return EXIT_SUCCESS;
}
