#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef MAP_CHUNK
#define MAP_CHUNK (1 << 20)
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static const char *src = "in.dat", *dst = "out.dat";

static _Noreturn void fail(const char *name, const char *why)
{
	fprintf(stderr, "mmap_copy: %s: %s\n", name, why);
	exit(EXIT_FAILURE);
}

static void bus(int number)
{
	static const char text[] = "mmap_copy: a mapped page could not be had: disk full, or SRC became shorter\n";

	(void)number;
	_exit(write(2, text, sizeof(text) - 1) < 0 ? 1 : 1);
}

static void piece(int in, int out, off_t at, size_t length)
{
	const uint8_t *from = mmap(NULL, length, PROT_READ, MAP_SHARED, in, at);
	uint8_t *to;

	if (from == MAP_FAILED)
		fail(src, strerror(errno));
	to = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, out, at);
	if (to == MAP_FAILED)
		fail(dst, strerror(errno));
	if (madvise(to, length, MADV_POPULATE_WRITE) != 0 && errno == EFAULT)
		fail(dst, "no space left on the disk");
	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
	if (munmap((void *)from, length) || munmap(to, length))
		fail("munmap", strerror(errno));
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	unsigned long long page = getpagesize(), chunk = MAP_CHUNK;
	double begin = seconds();
	struct stat in_stat, out_stat;
	off_t size, at = 0;
	int in, out;
	void *probe;

	switch (argc) {
	case 3:
		src = argv[1];
		dst = argv[2];
	case 1:
		break;
	default:
		fprintf(stderr, "usage: %s [SRC DST]\n", argv[0]);
		return 2;
	}
	chunk = (chunk + page - 1) / page * page; /* up, to whole pages */

	in = open(src, O_RDONLY | O_NONBLOCK);
	if (in < 0 || fstat(in, &in_stat) < 0)
		fail(src, strerror(errno));
	if (!S_ISREG(in_stat.st_mode))
		fail(src, "is not a regular file");
	probe = mmap(NULL, page, PROT_READ, MAP_PRIVATE, in, 0);
	if (probe == MAP_FAILED)
		fail(src, strerror(errno));
	munmap(probe, page);

	out = open(dst, O_RDWR | O_CREAT, in_stat.st_mode & ACCESSPERMS);
	if (out < 0 || fstat(out, &out_stat) < 0)
		fail(dst, strerror(errno));
	if (in_stat.st_dev == out_stat.st_dev && in_stat.st_ino == out_stat.st_ino)
		fail(dst, "is the same file");
	size = in_stat.st_size;
	if (ftruncate(out, 0) || ftruncate(out, size))
		fail(dst, strerror(errno));

	signal(SIGBUS, bus);
	while (at < size && (at = lseek(in, at, SEEK_DATA)) >= 0) {
		off_t end = lseek(in, at, SEEK_HOLE);

		if (end < 0 || end > size)
			end = size;
		at &= -(off_t)page;
		for (; at < end; at += chunk)
			piece(in, out, at, (unsigned long long)(end - at) < chunk ? (size_t)(end - at) : chunk);
		at = end;
	}

	if (close(out))
		fail(dst, strerror(errno));
	printf("copied %lld bytes in %.9f seconds\n", (long long)size, seconds() - begin);
	return fclose(stdout) ? 1 : 0;
}
