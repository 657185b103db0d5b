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
	//{ TODO: read() at most block bytes at a time into memory of yours until it returns 0, and add
	//{ up their newlines(). Beyond the bytes that one read() brought stand those of an older one.
	//| (void)path;
	//| (void)block;
	//| return 0;
	int fd = open(path, O_RDONLY);
	char *bytes = malloc(block);
	uintmax_t lines = 0;
	ssize_t n;

	if (fd < 0)
		err(EXIT_FAILURE, "%s", path);
	if (!bytes)
		err(EXIT_FAILURE, "%zu", block);

	while ((n = read(fd, bytes, block)) != 0) {
		if (n > 0)
			lines += newlines(bytes, (size_t)n);
		else if (errno != EINTR)
			err(EXIT_FAILURE, "%s", path);
	}

	free(bytes);
	close(fd);
	return lines;
	//}
}

int main(int argc, char *argv[])
{
	size_t block = block_operand(argc, argv, "syscall FILE BLOCK");

	print_lines(count_lines(argv[1], block));
	return EXIT_SUCCESS;
}
