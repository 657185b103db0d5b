/*
 * mmap_read - print the first line of a file, read through a mapping
 *
 * usage: mmap_read FILE
 *
 * Watch: however large FILE is, only the pages that hold its first line (and those that the kernel
 * maps around them in one go) become resident.
 */
#include "../lab.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* The bytes of the file at path and, in *size, how many there are. */
static const char *map_whole(const char *path, size_t *size)
{
	//{ TODO: open(), fstat() for the size, mmap() to read: the pages stay mapped after close().
	//{ 0 bytes cannot be mapped, yet an empty file can: the kernel maps whole pages anyway.
	//{ open() with O_NONBLOCK, or a FIFO keeps you waiting before mmap() can refuse it.
	//| (void)path;
	//| *size = 0;
	//| return "";
	struct stat st;
	const char *p;
	int fd = open(path, O_RDONLY | O_NONBLOCK); /* a FIFO is refused, not waited for */

	if (fd < 0 || fstat(fd, &st) < 0)
		err(EXIT_FAILURE, "%s", path);
	*size = (size_t)st.st_size;

	/* An empty file has no bytes, but asking for a page tells it from what has no pages at all. */
	p = mmap(NULL, *size ? *size : 1, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		err(EXIT_FAILURE, "%s", path);
	return p;
	//}
}

/* How many of the size bytes at text are its first line, without the newline. */
static size_t first_line(const char *text, size_t size)
{
	//{ TODO: Find the newline, or else the end. A mapping is no string: behind the last byte of a
	//{ file comes a zero only if it does not fill its last page; strchr() would run on.
	//| (void)text;
	//| (void)size;
	//| return 0;
	const char *newline = memchr(text, '\n', size);

	return newline ? (size_t)(newline - text) : size;
	//}
}

int main(int argc, char *argv[])
{
	const char *text;
	size_t size;

	if (argc != 2)
		usage("mmap_read FILE");

	text = map_whole(argv[1], &size);
	if (size > 0) {
		fwrite(text, 1, first_line(text, size), stdout);
		putchar('\n');
	}
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	return EXIT_SUCCESS;
}
