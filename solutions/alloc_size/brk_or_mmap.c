/*
 * brk_or_mmap - allocate blocks of the given sizes, and tell where malloc() took each from
 *
 * usage: brk_or_mmap BYTES…
 *
 * malloc() has two places to take memory from: the heap, which it enlarges by moving the program
 * break up with brk(2), and, for large blocks, a mapping for each with mmap(2).
 *
 * Watch: `strace -e brk,mmap ./brk_or_mmap 100 100000 1000000` has the calls between the answers,
 * and `GLIBC_TUNABLES=glibc.malloc.mmap_threshold=N` moves the border. Not every block makes a
 * system call: malloc() asks for more than it needs, and takes the next blocks from the rest.
 */
#include "../lab.h"

static const char synopsis[] = "brk_or_mmap BYTES…";

/* stdio's buffer is here in .bss, or malloc() would be asked for one between our own blocks. */
static char output[BUFSIZ];

/* The linker's name for the end of .bss, the last area that comes from the program's file. */
extern char end[];

static const char *origin(uintptr_t block)
{
	//{ TODO: Tell by the block's address. The heap begins behind .bss and ends at the program
	//{ break, sbrk(0). Mappings are elsewhere.
	//| (void)block;
	//| return "?";
	uintptr_t bss_end = (uintptr_t)end;
	uintptr_t heap_end = (uintptr_t)sbrk(0); /* now: it moves when malloc() needs more */

	/* A static-pie is itself mapped far above its heap, and then .bss is no bound. */
	if (block < heap_end && (block >= bss_end || bss_end > heap_end))
		return "brk";
	return "mmap";
	//}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		usage(synopsis);
	for (int i = 1; i < argc; i++)
		number(argv[i], synopsis);

	setvbuf(stdout, output, _IOLBF, sizeof(output));

	for (int i = 1; i < argc; i++) {
		//{ TODO: Allocate, and keep the block: a freed one would be handed out again, and
		//{ to free a mapped one raises the border. A block of 0 bytes is a block, too.
		//| void *block = NULL;
		void *block = malloc(number(argv[i], synopsis));

		if (!block)
			err(EXIT_FAILURE, "%s", argv[i]);
		//}
		if (printf("%s %s\n", argv[i], origin((uintptr_t)block)) < 0)
			err(EXIT_FAILURE, "standard output");
	}
	return EXIT_SUCCESS; /* all blocks go with the process */
}
