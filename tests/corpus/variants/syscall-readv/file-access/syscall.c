#include "lines.h"

#include <fcntl.h>
#include <sys/uio.h>

int main(int argc, char *argv[])
{
	struct iovec v;
	uintmax_t lines = 0;
	int fd;

	v.iov_len = block_operand(argc, argv, "syscall FILE BLOCK");
	v.iov_base = malloc(v.iov_len);
	fd = open(argv[1], O_RDONLY | O_NOCTTY);
	if (fd == -1 || !v.iov_base)
		err(EXIT_FAILURE, "%s", argv[1]);
more:;
	ssize_t n = readv(fd, &v, 1);
	if (n == -1 && errno == EINTR)
		goto more;
	if (n == -1)
		err(EXIT_FAILURE, "%s", argv[1]);
	lines += newlines(v.iov_base, n);
	if (n != 0)
		goto more;
	print_lines(lines);
	free(v.iov_base);
	return close(fd);
}
