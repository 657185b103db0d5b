/*
 * read_write_copy - copy a file with read() and write()
 *
 * usage: read_write_copy [SRC DST]
 *
 * Watch: pmap shows neither file. Both live in the kernel's page cache, outside this process; each
 * byte is copied twice, from there to buffer[] and from buffer[] back, BUFSIZE bytes a call.
 */
#include "copy.h"

#ifndef BUFSIZE
#define BUFSIZE 8192
#endif

/* In .bss: the executable holds none of it, and a page of it becomes memory when first touched. */
static char buffer[BUFSIZE];

/* One read() into buffer[]: the bytes that came, 0 at the end of SRC. */
static size_t read_some(int fd, const char *path)
{
	/*
	 * TODO: read() puts BUFSIZE bytes into buffer[] or fewer (a FIFO, the end of a file); what
	 * was in buffer[] behind them stays there. EINTR: a signal came before any byte did.
	 */
	(void)fd;
	(void)path;
	(void)buffer;
	return 0;
}

/* Write the first n bytes of buffer[], all of them. */
static void write_all(int fd, const char *path, size_t n)
{
	/*
	 * TODO: write() takes bytes out of buffer[], maybe not all (a FIFO, a disk that fills up):
	 * what it returns says where in buffer[] the next call begins. EINTR: it took none.
	 */
	(void)fd;
	(void)path;
	(void)n;
}

int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);
	off_t total = 0;
	size_t n;

	open_source(&c, O_RDONLY);
	open_destination(&c, O_WRONLY | O_TRUNC);

	while ((n = read_some(c.src, c.src_path)) > 0) {
		write_all(c.dst, c.dst_path, n);
		total += (off_t)n;
	}

	copy_end(&c, total);
	return EXIT_SUCCESS;
}
