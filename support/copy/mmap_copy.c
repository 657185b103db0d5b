/*
 * mmap_copy - copy a file by mapping both ends
 *
 * usage: mmap_copy [SRC DST]
 *
 * Watch: two mappings appear, named after the two files, and the system call list holds no read()
 * or write() of the data. The mapped pages are the page cache itself: memcpy() moves each byte
 * once, and page faults take the place of calls.
 */
#include "copy.h"

#include <setjmp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

/* How much of each file is mapped at a time: address space is limited, files need not fit. */
#ifndef MAP_CHUNK
#define MAP_CHUNK (64 << 20)
#endif

/*
 * TODO: Touching a mapped page that the file cannot give is no error of a call but a signal,
 * SIGBUS: SRC became shorter, or DST found no block on the disk. Tell it and exit with 1.
 */

static void *map_file(const char *path, int fd, off_t offset, size_t length, int prot)
{
	/*
	 * TODO: Map length bytes of fd from offset, a multiple of the page size, MAP_SHARED: what
	 * is stored into a private mapping never reaches the file. A failure is MAP_FAILED.
	 */
	(void)path;
	(void)fd;
	(void)offset;
	(void)length;
	(void)prot;
	return MAP_FAILED;
}

/* Is SRC of the kind that has pages to map? Asked before DST is touched. */
static void refuse_unmappable(const struct copy *c)
{
	/*
	 * TODO: Only a regular file has pages and a length that is known beforehand. A /proc file
	 * claims to be one, of 0 bytes; trying to map its first page is what finds it out.
	 */
	(void)c;
}

/*
 * After ftruncate() DST is one large hole. A store into a hole makes the file system look for a
 * block in the middle of an instruction, where a full disk can only be a SIGBUS. So the blocks are
 * asked for here, where it is an error. (Not by posix_fallocate(): where the file system cannot,
 * that one writes to the file. We then go on, with the signal handler as the last resort.)
 */
static void reserve(const struct copy *c, off_t at, off_t length)
{
	/* TODO: Give DST disk blocks for these bytes before they are touched: fallocate(). */
	(void)c;
	(void)at;
	(void)length;
}

static void copy_chunk(const struct copy *c, off_t at, size_t length)
{
	/*
	 * TODO: Map both files at this offset, DST also to be written, memcpy(), and unmap: munmap()
	 * frees address space only, the bytes stay in the page cache, where every read() finds them.
	 */
	(void)c;
	(void)at;
	(void)length;
	(void)map_file;
}

/* Find the data after *end: from *start to the new *end. False if SRC has only a hole left. */
static bool next_data(const struct copy *c, off_t *start, off_t *end)
{
	off_t size = c->src_stat.st_size;

	/*
	 * TODO: (star) A hole has no blocks on the disk; mapped, it is pages of zeros. lseek() with
	 * SEEK_DATA and SEEK_HOLE tells data from holes. Below, the whole file is taken for data.
	 */
	*start = *end;
	*end = size;
	return *start < size;
}

static void copy_data(const struct copy *c)
{
	const uintmax_t page = (uintmax_t)sysconf(_SC_PAGESIZE), most = MAP_CHUNK;
	off_t start, end = 0;

	/*
	 * TODO: A mapping begins at a page border of the file and takes whole pages, whatever its
	 * length: after a chunk that is no multiple of a page the next one begins inside a page.
	 */
	const uintmax_t chunk = most;

	while (end < c->src_stat.st_size && next_data(c, &start, &end)) {
		start -= start % (off_t)page;
		reserve(c, start, end - start);
		while (start < end) {
			uintmax_t left = (uintmax_t)(end - start);
			size_t length = (size_t)(left < chunk ? left : chunk);

			copy_chunk(c, start, length);
			start += (off_t)length;
		}
	}
}

/* Where SRC became shorter between two chunks there was no SIGBUS to say so. */
static void refuse_shortened(const struct copy *c)
{
	/* TODO: Compare fstat() of SRC with c->src_stat. */
	(void)c;
}

int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);

	open_source(&c, O_RDONLY | O_NONBLOCK); /* a FIFO is refused, not waited for */
	refuse_unmappable(&c);
	open_destination(&c, O_RDWR | O_TRUNC); /* even to write only, a mapping wants both */

	/* TODO: Beyond its end a file has no pages: give DST SRC's size with ftruncate(). */
	copy_data(&c);
	refuse_shortened(&c);

	copy_end(&c, c.src_stat.st_size);
	return EXIT_SUCCESS;
}
