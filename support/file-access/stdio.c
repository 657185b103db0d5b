/*
 * stdio - count the lines of a file with fread()
 *
 * usage: stdio FILE BLOCK
 *
 * Watch: how often strace shows read() does not depend on BLOCK while that is small. fopen() has a
 * buffer made on the heap, and fread() copies from there; a large block it reads past that buffer.
 */
#include "lines.h"

static uintmax_t count_lines(const char *path, size_t block)
{
	/*
	 * TODO: fread() at most block bytes at a time into memory of yours until there are none, and
	 * add up their newlines(). An error (ferror()) looks like the end.
	 */
	(void)path;
	(void)block;
	return 0;
}

int main(int argc, char *argv[])
{
	size_t block = block_operand(argc, argv, "stdio FILE BLOCK");

	print_lines(count_lines(argv[1], block));
	return EXIT_SUCCESS;
}
