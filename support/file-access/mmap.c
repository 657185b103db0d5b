/*
 * mmap - count the lines of a file in a mapping of it
 *
 * usage: mmap FILE BLOCK
 *
 * Watch: no read() of FILE, however small BLOCK is. The bytes are looked at where they are, in the
 * page cache; what costs is the first touch of each page, a page fault.
 */
#include "lines.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

static uintmax_t count_lines(const char *path, size_t block)
{
	/*
	 * TODO: Map the whole file to read and add up the newlines() of one block after the other; the
	 * last one may be shorter. mmap() refuses 0 bytes, but not one page of an empty file.
	 */
	(void)path;
	(void)block;
	return 0;
}

int main(int argc, char *argv[])
{
	size_t block = block_operand(argc, argv, "mmap FILE BLOCK");

	print_lines(count_lines(argv[1], block));
	return EXIT_SUCCESS;
}
