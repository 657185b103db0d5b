/*
 * syscall - count the lines of a file with read()
 *
 * usage: syscall FILE BLOCK
 *
 * Watch: strace shows a read() for each block, and each enters the kernel to copy BLOCK bytes from
 * the page cache to this process: few bytes a call, and the calls cost more than the copying.
 */
#include "lines.h"

#include <fcntl.h>

static uintmax_t count_lines(const char *path, size_t block)
{
	/*
	 * TODO: read() at most block bytes at a time into memory of yours until it returns 0, and add
	 * up their newlines(). Beyond the bytes that one read() brought stand those of an older one.
	 */
	(void)path;
	(void)block;
	return 0;
}

int main(int argc, char *argv[])
{
	size_t block = block_operand(argc, argv, "syscall FILE BLOCK");

	print_lines(count_lines(argv[1], block));
	return EXIT_SUCCESS;
}
