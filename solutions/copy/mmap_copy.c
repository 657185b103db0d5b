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

//{ TODO: Touching a mapped page that the file cannot give is no error of a call but a signal,
//{ SIGBUS: SRC became shorter, or DST found no block on the disk. Tell it and exit with 1.
/*
 * Touching a mapped page that the file cannot give is no error of a call but the signal SIGBUS.
 * Its handler leaves by jumping back into copy_chunk(), which knows whose page it was.
 */
static sigjmp_buf before_touch;
static char *volatile bus_address;

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	bus_address = info->si_addr;
	siglongjmp(before_touch, 1);
}

static void catch_sigbus(void)
{
	struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};

	sigaction(SIGBUS, &action, NULL);
}
//}

static void *map_file(const char *path, int fd, off_t offset, size_t length, int prot)
{
	//{ TODO: Map length bytes of fd from offset, a multiple of the page size, MAP_SHARED: what
	//{ is stored into a private mapping never reaches the file. A failure is MAP_FAILED.
	//| (void)path;
	//| (void)fd;
	//| (void)offset;
	//| (void)length;
	//| (void)prot;
	//| return MAP_FAILED;
	void *p = mmap(NULL, length, prot, MAP_SHARED, fd, offset);

	if (p == MAP_FAILED) /* not NULL: page 0 is a legal answer */
		err(EXIT_FAILURE, "%s: mmap of %zu bytes at %jd", path, length, (intmax_t)offset);
	return p;
	//}
}

/* Is SRC of the kind that has pages to map? Asked before DST is touched. */
static void refuse_unmappable(const struct copy *c)
{
	//{ TODO: Only a regular file has pages and a length that is known beforehand. A /proc file
	//{ claims to be one, of 0 bytes; trying to map its first page is what finds it out.
	//| (void)c;
	if (!S_ISREG(c->src_stat.st_mode))
		errx(EXIT_FAILURE, "%s: not a regular file, cannot be mapped", c->src_path);
	/* A mapping may reach beyond the end of the file, as here when SRC is empty. */
	munmap(map_file(c->src_path, c->src, 0, 1, PROT_READ), 1);
	//}
}

/*
 * After ftruncate() DST is one large hole. A store into a hole makes the file system look for a
 * block in the middle of an instruction, where a full disk can only be a SIGBUS. So the blocks are
 * asked for here, where it is an error. (Not by posix_fallocate(): where the file system cannot,
 * that one writes to the file. We then go on, with the signal handler as the last resort.)
 */
static void reserve(const struct copy *c, off_t at, off_t length)
{
	//{ TODO: Give DST disk blocks for these bytes before they are touched: fallocate().
	//| (void)c;
	//| (void)at;
	//| (void)length;
	int failed;

	do
		failed = fallocate(c->dst, 0, at, length);
	while (failed && errno == EINTR);
	if (failed && errno != EOPNOTSUPP && errno != ENOSYS)
		err(EXIT_FAILURE, "%s", c->dst_path);
	//}
}

static void copy_chunk(const struct copy *c, off_t at, size_t length)
{
	//{ TODO: Map both files at this offset, DST also to be written, memcpy(), and unmap: munmap()
	//{ frees address space only, the bytes stay in the page cache, where every read() finds them.
	//| (void)c;
	//| (void)at;
	//| (void)length;
	//| (void)map_file;
	char *from = map_file(c->src_path, c->src, at, length, PROT_READ);
	char *to = map_file(c->dst_path, c->dst, at, length, PROT_READ | PROT_WRITE);

	if (sigsetjmp(before_touch, 1)) {
		if (bus_address >= to && bus_address < to + length)
			errx(EXIT_FAILURE, "%s: no space left for byte %jd (SIGBUS)", c->dst_path,
			     (intmax_t)(at + (bus_address - to)));
		errx(EXIT_FAILURE, "%s: became shorter while it was copied (SIGBUS)", c->src_path);
	}
	memcpy(to, from, length);

	munmap(from, length);
	munmap(to, length);
	//}
}

/* Find the data after *end: from *start to the new *end. False if SRC has only a hole left. */
static bool next_data(const struct copy *c, off_t *start, off_t *end)
{
	off_t size = c->src_stat.st_size;

	//{ TODO: (star) A hole has no blocks on the disk; mapped, it is pages of zeros. lseek() with
	//{ SEEK_DATA and SEEK_HOLE tells data from holes. Below, the whole file is taken for data.
	//| *start = *end;
	//| *end = size;
	//| return *start < size;
	*start = lseek(c->src, *end, SEEK_DATA);
	if (*start < 0 && errno == ENXIO)
		return false;
	if (*start < 0) /* a file system that cannot tell */
		*start = *end;
	*end = lseek(c->src, *start, SEEK_HOLE);
	if (*end < 0 || *end > size)
		*end = size;
	return *start < size;
	//}
}

static void copy_data(const struct copy *c)
{
	const uintmax_t page = (uintmax_t)sysconf(_SC_PAGESIZE), most = MAP_CHUNK;
	off_t start, end = 0;

	//{ TODO: A mapping begins at a page border of the file and takes whole pages, whatever its
	//{ length: after a chunk that is no multiple of a page the next one begins inside a page.
	//| const uintmax_t chunk = most;
	const uintmax_t chunk = most < page ? page : most - most % page;
	//}

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
	//{ TODO: Compare fstat() of SRC with c->src_stat.
	//| (void)c;
	struct stat st;

	if (fstat(c->src, &st) < 0 || st.st_size < c->src_stat.st_size)
		errx(EXIT_FAILURE, "%s: became shorter while it was copied", c->src_path);
	//}
}

int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);

	open_source(&c, O_RDONLY | O_NONBLOCK); /* a FIFO is refused, not waited for */
	refuse_unmappable(&c);
	open_destination(&c, O_RDWR | O_TRUNC); /* even to write only, a mapping wants both */

	//{ TODO: Beyond its end a file has no pages: give DST SRC's size with ftruncate().
	if (ftruncate(c.dst, c.src_stat.st_size) < 0)
		err(EXIT_FAILURE, "%s", c.dst_path);
	catch_sigbus();
	//}
	copy_data(&c);
	refuse_shortened(&c);

	copy_end(&c, c.src_stat.st_size);
	return EXIT_SUCCESS;
}
