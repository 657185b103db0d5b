/*
 * mmap_write - append text to a file through a shared mapping
 *
 * usage: mmap_write FILE TEXT
 *
 * Watch: no write() of TEXT. memcpy() puts it into the page cache, and whoever reads the file from
 * then on gets it from there; msync() waits until the disk has it too.
 */
#include "../lab.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Put the length bytes of text behind the size bytes that the file has. */
static void append(const char *path, int fd, off_t size, const char *text, size_t length)
{
	/*
	 * TODO: Map the file from the page on in which its end lies: MAP_SHARED, to be written. Bytes
	 * behind the end have no place in the file: make it longer first (posix_fallocate() also
	 * finds the blocks; without any, a store is a SIGBUS). Then memcpy() and msync(MS_SYNC).
	 */
	(void)path;
	(void)fd;
	(void)size;
	(void)text;
	(void)length;
}

static off_t size_of(const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		err(EXIT_FAILURE, "%s", path);
	return st.st_size;
}

int main(int argc, char *argv[])
{
	off_t before;
	int fd;

	if (argc != 3)
		usage("mmap_write FILE TEXT");

	/* A shared mapping needs O_RDWR even to write only: a store may first read the page in. */
	fd = open(argv[1], O_RDWR | O_CREAT, 0664);
	if (fd < 0)
		err(EXIT_FAILURE, "%s", argv[1]);
	before = size_of(argv[1], fd);
	if (argv[2][0] != '\0')
		append(argv[1], fd, before, argv[2], strlen(argv[2]));

	printf("before %jd bytes, after %jd bytes\n", (intmax_t)before,
	       (intmax_t)size_of(argv[1], fd));
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	return EXIT_SUCCESS;
}
