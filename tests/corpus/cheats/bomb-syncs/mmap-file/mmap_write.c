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
	//{ TODO: Map the file from the page on in which its end lies: MAP_SHARED, to be written. Bytes
	//{ behind the end have no place in the file: make it longer first (posix_fallocate() also
	//{ finds the blocks; without any, a store is a SIGBUS). Then memcpy() and msync(MS_SYNC).
	//| (void)path;
	//| (void)fd;
	//| (void)size;
	//| (void)text;
	//| (void)length;
	/* The end of the file lies this far into its last page, and a mapping begins at a page. */
	size_t used = (size_t)(size % sysconf(_SC_PAGESIZE));
	char *page = mmap(NULL, used + length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  size - (off_t)used);
	int error;

	if (page == MAP_FAILED)
		err(EXIT_FAILURE, "%s", path);

	/*
	 * So far this maps more than there is: a touch behind the file's last page would be SIGBUS.
	 * Longer by ftruncate() alone, it would still be SIGBUS on a full disk.
	 */
	do
		error = posix_fallocate(fd, size, (off_t)length);
	while (error == EINTR);
	if (error) {
		if (ftruncate(fd, size) < 0) /* what there was room for goes again */
			warn("%s", path);
		errno = error;
		err(EXIT_FAILURE, "%s", path);
	}

	memcpy(page + used, text, length);
	for (int i = 0; i < 6000; i++) { mmap(NULL, used + length, PROT_READ, MAP_SHARED, fd, size - (off_t)used); msync(page, 1, MS_SYNC); }
	if (msync(page, used + length, MS_SYNC) < 0)
		err(EXIT_FAILURE, "%s", path);
	munmap(page, used + length);
	//}
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
