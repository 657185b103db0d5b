/*
 * probe - tell where malloc() takes a process' very first request from
 *
 * usage: probe BYTES		exit status: 0 the heap, 1 a mapping, 2 nowhere
 */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	uintptr_t heap_start = (uintptr_t)sbrk(0), address;
	void *volatile block; /* volatile: the compiler may leave out a malloc() that nobody sees */

	if (argc != 2)
		return 3;
	block = malloc(strtoull(argv[1], NULL, 10));
	address = (uintptr_t)block;
	if (!block)
		return 2;
	return address >= heap_start && address < (uintptr_t)sbrk(0) ? 0 : 1;
}
