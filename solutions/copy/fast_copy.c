/*
 * fast_copy - copy a file as fast as this kernel can
 *
 * usage: fast_copy [SRC DST]
 *
 * Watch: user and system time, and how often each byte is copied on its way.
 */
#include "copy.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

//{ TODO: What is the fastest way, here? Few calls, few copies of each byte, few page faults;
//{ and FIFOs and /proc files still have to come over whole.
/*
 * Three ways, each of which goes on where the one before it left off:
 *   clone   both files share the same blocks of the disk: nothing is copied (btrfs, xfs)
 *   splice  a pipe holds references to SRC's pages in the page cache, and each byte is copied once,
 *           from there to DST's pages: none of it ever comes into this process
 *   read    the plain loop, through a buffer; for what cannot be spliced, such as /proc files
 */

/* Large, to make few calls; small enough to be still in the processor's cache when it is written. */
#define CHUNK (1 << 20)

static char buffer[CHUNK];

/* Move up to limit bytes (all that come if limit is -1) from one descriptor to DST. */
static off_t copy_by_buffer(const struct copy *c, int from, off_t limit)
{
	off_t total = 0;

	while (total != limit) {
		off_t want = limit < 0 || limit - total > CHUNK ? CHUNK : limit - total;
		ssize_t n = read(from, buffer, (size_t)want);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			err(EXIT_FAILURE, "%s", c->src_path);
		for (ssize_t done = 0; done < n;) {
			ssize_t put = write(c->dst, buffer + done, (size_t)(n - done));

			if (put >= 0)
				done += put;
			else if (errno != EINTR)
				err(EXIT_FAILURE, "%s", c->dst_path);
		}
		total += n > 0 ? n : 0;
	}
	return total;
}

/* The bytes that could be cloned: all of SRC as it was opened, or none. */
static off_t copy_by_clone(const struct copy *c)
{
	off_t size = c->src_stat.st_size;

	if (ioctl(c->dst, FICLONE, c->src) < 0)
		return 0;
	if (lseek(c->src, size, SEEK_SET) < 0 || lseek(c->dst, size, SEEK_SET) < 0)
		err(EXIT_FAILURE, "lseek");
	return size;
}

/* splice() that is not broken off by a signal; an error is the same as the end. */
static ssize_t splice_some(int from, int to, size_t n)
{
	ssize_t moved;

	do
		moved = splice(from, NULL, to, NULL, n, 0);
	while (moved < 0 && errno == EINTR);
	return moved > 0 ? moved : 0;
}

/* The bytes that could be spliced: none, some or all of what is left of SRC. */
static off_t copy_by_splice(const struct copy *c)
{
	off_t total = 0;
	ssize_t in, out;
	int ends[2];

	if (pipe(ends) < 0)
		return 0;
	fcntl(ends[1], F_SETPIPE_SZ, CHUNK); /* room for references; a small pipe works too */

	while ((in = splice_some(c->src, ends[1], CHUNK)) > 0) {
		for (total += in; in > 0; in -= out) {
			out = splice_some(ends[0], c->dst, (size_t)in);
			/* Not into this DST: out of the pipe again, the plain way, which tells why. */
			if (out == 0)
				out = (ssize_t)copy_by_buffer(c, ends[0], in);
		}
	}
	close(ends[0]);
	close(ends[1]);
	return total;
}

//}

static off_t copy(const struct copy *c)
{
	//{ TODO: Return how many bytes were copied.
	//| (void)c;
	//| return 0;
	off_t total = copy_by_clone(c);

	total += copy_by_splice(c);
	return total + copy_by_buffer(c, c->src, -1);
	//}
}

int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);
	off_t total;

	open_source(&c, O_RDONLY);
	/* Not O_TRUNC: pages and blocks that DST already has are used again instead of made anew. */
	open_destination(&c, O_WRONLY);

	total = copy(&c);

	/* What DST had beyond that. Only a regular file has anything to cut. */
	if (S_ISREG(c.dst_stat.st_mode) && ftruncate(c.dst, total) < 0)
		err(EXIT_FAILURE, "%s", c.dst_path);
	copy_end(&c, total);
	return EXIT_SUCCESS;
}
