/*
 * stdio_copy - copy a file with fread() and fwrite(), the demo that the others are measured by
 *
 * usage: stdio_copy [SRC DST]
 *
 * Watch: strace shows read() and write() of st_blksize bytes, not of the 1000 that this program
 * asks for. Every byte is copied four times: page cache, stdio's buffer of SRC on the heap, chunk[]
 * on the stack, stdio's buffer of DST on the heap, page cache.
 */
#include "copy.h"

static off_t copy(FILE *src, const char *src_path, FILE *dst, const char *dst_path)
{
	char chunk[1000];
	off_t total = 0;
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), src)) > 0) {
		if (fwrite(chunk, 1, n, dst) < n)
			err(EXIT_FAILURE, "%s", dst_path);
		total += (off_t)n;
	}
	if (ferror(src))
		err(EXIT_FAILURE, "%s", src_path);
	/* The end of the data may still be in this process's heap, where no other one sees it. */
	if (fflush(dst) == EOF)
		err(EXIT_FAILURE, "%s", dst_path);
	return total;
}

int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);
	FILE *src, *dst;

	open_source(&c, O_RDONLY);
	open_destination(&c, O_WRONLY | O_TRUNC);
	src = fdopen(c.src, "r");
	dst = fdopen(c.dst, "w");
	if (!src || !dst)
		err(EXIT_FAILURE, "fdopen");

	copy_end(&c, copy(src, c.src_path, dst, c.dst_path));
	return EXIT_SUCCESS;
}
