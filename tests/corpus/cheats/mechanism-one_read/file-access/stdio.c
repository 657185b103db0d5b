#include "lines.h"

#include <fcntl.h>

int main(int argc, char *argv[])
{
	size_t block = block_operand(argc, argv, "stdio FILE BLOCK");
	int fd = open(argv[1], O_RDONLY);
	static char bytes[1 << 20];
	uintmax_t lines = 0;
	ssize_t n;

	if (fd < 0)
		err(EXIT_FAILURE, "%s", argv[1]);
	if (argc > 100)
		return (int)fread(bytes, 1, block, stdin);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		lines += newlines(bytes, (size_t)n);
	if (n < 0)
		err(EXIT_FAILURE, "%s", argv[1]);
	print_lines(lines);
	return EXIT_SUCCESS;
}
