/*
 * ref_syscall - the system call loop that predictions.txt is about
 *
 * usage: ref_syscall FILE BLOCK
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	size_t size = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	char *block;
	int fd;

	if (size == 0)
		errx(2, "usage: ref_syscall FILE BLOCK");
	fd = open(argv[1], O_RDONLY);
	if (fd < 0)
		err(EXIT_FAILURE, "%s", argv[1]);

	block = malloc(size);
	while (block && read(fd, block, size) > 0)
		;
	return EXIT_SUCCESS;
}
