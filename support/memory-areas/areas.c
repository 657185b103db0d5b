/*
 * areas - print the address of something that lives in each area of the process, and wait
 *
 * usage: areas
 *
 * Watch: `memview $(pidof areas)` or `pmap -X $(pidof areas)` while it waits, and find each
 * address between the START and END of an area. `readelf -SW areas` shows what the map cannot:
 * .bss begins in the middle of a page, the last one that is mapped from the file for .data.
 */
#include "../lab.h"

#include <sys/mman.h>

/*
 * TODO: Define one object for each of rodata, data and bss. The linker chooses the section by two
 * questions: may the object be written, and has it a first value other than 0?
 */

static void show(const char *name, const void *address)
{
	printf("%s %p\n", name, address);
}

int main(int argc, char **argv)
{
	if (argc != 1)
		usage(argv[0]);

	/*
	 * TODO: Have something on the stack, on the heap, and in an anonymous mapping of your
	 * own. Which of the three needs no system call, and which may do without one?
	 */

	/* TODO: A function has an address, too. Code is mapped read-only and executable. */
	show("text", NULL);
	/* TODO: Replace each NULL by the address of what you defined above. */
	show("rodata", NULL);
	show("data", NULL);
	show("bss", NULL);
	show("heap", NULL);
	show("stack", NULL);
	show("mmap", NULL);
	/*
	 * TODO: Something in the C library. Beware: in some builds printf is the address of a
	 * stub in this program, which jumps to the library. Which variable points to an object
	 * of the library?
	 */
	show("libc", NULL);
	stop(NULL);

	/* TODO: Give back what you asked the kernel and malloc() for. */
	return EXIT_SUCCESS;
}
