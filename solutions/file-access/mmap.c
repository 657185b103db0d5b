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
	//{ TODO: Map the whole file to read and add up the newlines() of one block after the other; the
	//{ last one may be shorter. mmap() refuses 0 bytes, but not one page of an empty file.
	//| (void)path;
	//| (void)block;
	//| return 0;
	int fd = open(path, O_RDONLY | O_NONBLOCK); /* a FIFO is refused, not waited for */
	uintmax_t lines = 0;
	struct stat st;
	size_t size;
	char *bytes;

	if (fd < 0 || fstat(fd, &st) < 0)
		err(EXIT_FAILURE, "%s", path);
	size = (size_t)st.st_size;

	/* 0 bytes cannot be mapped. One takes a whole page, and that even an empty file allows. */
	bytes = mmap(NULL, size ? size : 1, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		err(EXIT_FAILURE, "%s", path);
	close(fd); /* the mapping keeps the file */

	for (size_t at = 0; at < size;) {
		size_t n = size - at < block ? size - at : block;

		lines += newlines(bytes + at, n);
		at += n;
	}
	munmap(bytes, size ? size : 1);
	return lines;
	//}
}

int main(int argc, char *argv[])
{
	size_t block = block_operand(argc, argv, "mmap FILE BLOCK");

	print_lines(count_lines(argv[1], block));
	return EXIT_SUCCESS;
}
