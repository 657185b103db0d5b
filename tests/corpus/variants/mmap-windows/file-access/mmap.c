#include "lines.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Newlines in length bytes of fd from at on, mapped from the page's beginning. */
static uintmax_t count(const char *path, int fd, off_t at, size_t length)
{
	size_t before = at % sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, before + length, PROT_READ, MAP_SHARED, fd, at - before);
	uintmax_t lines;

	if (p == MAP_FAILED)
		err(EXIT_FAILURE, "%s", path);
	lines = newlines(p + before, length);
	munmap(p, before + length);
	return lines;
}

int main(int argc, char *argv[])
{
	size_t block = block_operand(argc, argv, "mmap FILE BLOCK");
	uintmax_t lines = 0;
	struct stat st;
	int fd = open(argv[1], O_RDONLY);

	if (fd < 0 || fstat(fd, &st) < 0)
		err(EXIT_FAILURE, "%s", argv[1]);
	if (S_ISDIR(st.st_mode))
		errx(EXIT_FAILURE, "%s: is a directory", argv[1]);
	for (off_t at = 0; at < st.st_size; at += block)
		lines += count(argv[1], fd, at, st.st_size - at < (off_t)block ? st.st_size - at : block);
	print_lines(lines);
	return 0;
}
