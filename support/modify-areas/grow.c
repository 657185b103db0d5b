/*
 * grow - make one chosen area of the process larger, and no other
 *
 * usage: make grow CPPFLAGS='-DDATA_KB=64 -DHEAP_KB=512'; ./grow
 *
 * RODATA_KB, DATA_KB, BSS_KB, HEAP_KB, STACK_KB and TEXT_KB are the KB by which each is larger, 0
 * where nothing is said.
 *
 * Watch: `size -A grow`, and `memview $(pidof grow)` or `pmap -x $(pidof grow)` while it waits.
 * Sections are made by the compiler and are in the file (.bss by its size alone); heap and stack
 * are made while the program runs, and no file knows their size.
 */
#include "../lab.h"

#include <malloc.h>

#ifndef RODATA_KB
#define RODATA_KB 0
#endif
#ifndef DATA_KB
#define DATA_KB 0
#endif
#ifndef BSS_KB
#define BSS_KB 0
#endif
#ifndef HEAP_KB
#define HEAP_KB 0
#endif
#ifndef STACK_KB
#define STACK_KB 0
#endif
#ifndef TEXT_KB
#define TEXT_KB 0
#endif

/*
 * Nothing in the program uses these objects, yet the compiler must keep them. Each is a byte longer
 * than asked for, as an array has at least one element.
 */
#define KEPT __attribute__((used)) static

/* TODO: RODATA_KB of constants. What keeps an object out of .data? */
/* TODO: DATA_KB that are stored in the file and may be written. */
/* TODO: BSS_KB that take no place in the file. */

/* TODO: Star: TEXT_KB in .text, where code is. Nothing has to run it. */

static void *volatile in_heap; /* volatile: or a compiler that sees no use allocates nothing */

/* The heap ends at the program break, which malloc() moves; brk(2) is the call to watch. */
static void grow_heap(void)
{
	/*
	 * TODO: HEAP_KB from malloc(). It has a mapping made for a large block, unless you tell it
	 * not to (mallopt(3)).
	 */
}

/* Stop with a frame that is STACK_KB larger. */
static void stop_with_stack(void)
{
	/*
	 * TODO: STACK_KB on the stack. It is as large as what was touched of it, so write to all
	 * of it; the compiler may drop what nobody reads, but not from an object that is
	 * volatile.
	 */
	stop("ready");
}

int main(int argc, char **argv)
{
	if (argc != 1)
		usage(argv[0]);
	grow_heap();
	stop_with_stack();
	free(in_heap);
	return EXIT_SUCCESS;
}
