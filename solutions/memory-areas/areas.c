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

//{ TODO: Define one object for each of rodata, data and bss. The linker chooses the section by two
//{ questions: may the object be written, and has it a first value other than 0?
static const char in_rodata[] = "const: mapped from the file, and no page of it can be written";
static int in_data = 1; /* its 1 is stored in the file */
static int in_bss;	/* the file holds only its size: the kernel gives a page of zeros */
//}

static void show(const char *name, const void *address)
{
	printf("%s %p\n", name, address);
}

int main(int argc, char **argv)
{
	if (argc != 1)
		usage(argv[0]);

	//{ TODO: Have something on the stack, on the heap, and in an anonymous mapping of your
	//{ own. Which of the three needs no system call, and which may do without one?
	int on_stack = 0; /* below the frame of the function that called main() */
	char *on_heap = malloc(1);
	char *in_mmap = mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!on_heap)
		err(EXIT_FAILURE, "heap");
	if (in_mmap == MAP_FAILED) /* not NULL: page 0 is a legal answer */
		err(EXIT_FAILURE, "mmap");
	//}

	//{ TODO: A function has an address, too. Code is mapped read-only and executable.
	//| show("text", NULL);
	show("text", (void *)main);
	//}
	//{ TODO: Replace each NULL by the address of what you defined above.
	//| show("rodata", NULL);
	//| show("data", NULL);
	//| show("bss", NULL);
	//| show("heap", NULL);
	//| show("stack", NULL);
	//| show("mmap", NULL);
	show("rodata", in_rodata);
	show("data", &in_data);
	show("bss", &in_bss);
	show("heap", on_heap);
	show("stack", &on_stack);
	show("mmap", in_mmap);
	//}
	//{ TODO: Something in the C library. Beware: in some builds printf is the address of a
	//{ stub in this program, which jumps to the library. Which variable points to an object
	//{ of the library?
	//| show("libc", NULL);
	show("libc", stdout); /* not &stdout: the variable may be here, the FILE is in libc */
	//}
	stop(NULL);

	//{ TODO: Give back what you asked the kernel and malloc() for.
	munmap(in_mmap, 1); /* all of its page, as mmap() gave all of it */
	free(on_heap);
	//}
	return EXIT_SUCCESS;
}
