/*
 * copy.h - what a copying program needs besides its way to copy: both ends, and the report
 *
 * usage: #include "copy.h"
 *
 * Given: stdio_copy, read_write_copy, mmap_copy and fast_copy differ only in how the bytes go from
 * one descriptor to the other, so all the rest is here, once.
 */
#ifndef COPY_H
#define COPY_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct copy {
	const char *src_path, *dst_path;
	int src, dst;			/* file descriptors */
	struct stat src_stat, dst_stat; /* as they were when they were opened */
	double start;			/* in seconds, on the monotonic clock */
};

static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline struct copy copy_begin(int argc, char *argv[])
{
	struct copy c = {.src_path = "in.dat", .dst_path = "out.dat", .src = -1, .dst = -1};

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "usage: %s [SRC DST]\n", program_invocation_short_name);
		exit(2);
	}
	if (argc == 3) {
		c.src_path = argv[1];
		c.dst_path = argv[2];
	}
	/* A reader that went away and a file that grew too large are errors to tell, not deaths. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	c.start = now();
	return c;
}

static inline int open_file(const char *path, int flags, mode_t mode, struct stat *st)
{
	int fd;

	do
		fd = open(path, flags, mode);
	while (fd < 0 && errno == EINTR);
	if (fd < 0 || fstat(fd, st) < 0)
		err(EXIT_FAILURE, "%s", path);
	return fd;
}

/* One file may have many names, but only one inode number on its device. */
static inline void refuse_same(const char *path, const struct stat *a, const struct stat *b)
{
	if (a->st_dev == b->st_dev && a->st_ino == b->st_ino)
		errx(EXIT_FAILURE, "%s: is the source itself", path);
}

static inline void open_source(struct copy *c, int flags)
{
	/* By name, before anything is opened: a FIFO onto itself would wait for itself. */
	if (stat(c->src_path, &c->src_stat) == 0 && stat(c->dst_path, &c->dst_stat) == 0)
		refuse_same(c->dst_path, &c->src_stat, &c->dst_stat);

	c->src = open_file(c->src_path, flags, 0, &c->src_stat);
	if (S_ISDIR(c->src_stat.st_mode)) {
		errno = EISDIR;
		err(EXIT_FAILURE, "%s", c->src_path);
	}
}

/*
 * Open DST, or create it with SRC's permission bits (the kernel takes the umask off). O_TRUNC is
 * held back until DST is known not to be SRC: names can change between two looks at them, and
 * what is cut is lost. Only a regular file has anything to cut.
 */
static inline void open_destination(struct copy *c, int flags)
{
	mode_t mode = c->src_stat.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);

	c->dst = open_file(c->dst_path, (flags & ~O_TRUNC) | O_CREAT, mode, &c->dst_stat);
	refuse_same(c->dst_path, &c->src_stat, &c->dst_stat);
	if ((flags & O_TRUNC) && S_ISREG(c->dst_stat.st_mode) && ftruncate(c->dst, 0) < 0)
		err(EXIT_FAILURE, "%s", c->dst_path);
}

static inline void copy_end(struct copy *c, off_t bytes)
{
	char line[80];
	ssize_t put;
	int n;

	/* The last chance of a file system to say that the data did not fit. */
	if (close(c->dst) < 0 && errno != EINTR)
		err(EXIT_FAILURE, "%s", c->dst_path);
	close(c->src);

	/* Not by stdio, which throws away what a signal (EINTR) kept it from writing. */
	n = snprintf(line, sizeof(line), "copied %jd bytes in %.6f seconds\n", (intmax_t)bytes,
		     now() - c->start);
	do
		put = write(STDOUT_FILENO, line, (size_t)n);
	while (put < 0 && errno == EINTR);
	if (put < n)
		err(EXIT_FAILURE, "standard output");
}

#endif
