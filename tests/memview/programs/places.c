/*
 * places - something in every area: prints NAME ADDRESS for each, then ready, and waits
 *
 * usage: places
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

static const char constants[8192] = "constants";
static int initialised[512] = {1};	 /* ends in the middle of a page: .bss begins there */
static char zeros[3], many_zeros[20000]; /* the first bytes of .bss, and its pages */
extern const char __init_array_start[];	 /* the linker's own name; sealed in every layout */

static void print(const char *name, const void *address)
{
	printf("%s %p\n", name, address);
}

int main(void)
{
	int local = 0;
	void *on_heap = malloc(1000);
	void *mapped =
		mmap(NULL, 100000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *nothing = mmap(NULL, 300000, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	FILE *self = fopen("/proc/self/exe", "r");
	void *file = mmap(NULL, 1, PROT_READ, MAP_SHARED, fileno(self), 0);

	print("text", (void *)main);
	print("rodata", constants);
	print("rodata", constants + sizeof(constants) - 1);
	print("relro", __init_array_start);
	print("data", initialised);
	print("data", initialised + 511);
	print("bss", zeros);
	print("bss", many_zeros);
	print("bss", many_zeros + sizeof(many_zeros) - 1);
	print("heap", on_heap);
	print("stack", &local);
	print("anon", mapped);
	print("reserved", nothing);
	print("file", file);
	print("header", (void *)getauxval(AT_PHDR));
	if (getauxval(AT_SYSINFO_EHDR))
		print("kernel", (void *)getauxval(AT_SYSINFO_EHDR));
	if (getauxval(AT_BASE))
		print("lib:header", (void *)getauxval(AT_BASE));
	puts("ready");
	fflush(stdout);
	return getchar() == 'x';
}
