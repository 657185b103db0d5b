#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef BUFSIZE
#define BUFSIZE 8192
#endif

static int die(const char *name)
{
	fprintf(stderr, "read_write_copy: %s: %s\n", name, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	const char *src = "in.dat", *dst = "out.dat";
	struct timespec a, b;
	struct stat s, d;
	long long total = 0;
	int in, out;

	if (argc == 3) {
		src = argv[1];
		dst = argv[2];
	} else if (argc != 1) {
		fputs("usage: read_write_copy [SRC DST]\n", stderr);
		return 2;
	}

	clock_gettime(CLOCK_MONOTONIC, &a);
	if ((in = open(src, O_RDONLY)) == -1 || fstat(in, &s) == -1)
		return die(src);
	if (S_ISDIR(s.st_mode)) {
		errno = EISDIR;
		return die(src);
	}
	if ((out = open(dst, O_WRONLY | O_CREAT, s.st_mode & 0777)) == -1 || fstat(out, &d) == -1)
		return die(dst);
	if (s.st_ino == d.st_ino && s.st_dev == d.st_dev) {
		fprintf(stderr, "read_write_copy: %s: same file as %s\n", dst, src);
		return 1;
	}
	if (S_ISREG(d.st_mode) && ftruncate(out, 0) == -1)
		return die(dst);

	char *buf = malloc(BUFSIZE);
	if (!buf)
		return die("buffer");
	for (;;) {
		ssize_t got = read(in, buf, BUFSIZE);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return die(src);
		if (got == 0)
			break;
		total += got;
		char *p = buf;
		while (got > 0) {
			ssize_t put = write(out, p, got);
			if (put == -1 && errno != EINTR)
				return die(dst);
			if (put > 0) {
				p += put;
				got -= put;
			}
		}
	}
	free(buf);
	if (close(out) == -1 && errno != EINTR)
		return die(dst);
	close(in);
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("copied %lld bytes in %g seconds\n", total, b.tv_sec - a.tv_sec + (b.tv_nsec - a.tv_nsec) * 1e-9);
	return 0;
}
