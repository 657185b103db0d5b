#include "copy.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_CHUNK
#define MAP_CHUNK (256 << 10)
#endif

enum { THREADS = 2 };

static struct copy c;
static uintmax_t chunk;

struct job {
	pthread_t thread;
	off_t start, end;
};

static void *map(int fd, const char *path, int prot, off_t at, size_t n)
{
	void *p = mmap(NULL, n, prot, MAP_SHARED, fd, at);

	if (p == MAP_FAILED)
		err(EXIT_FAILURE, "%s", path);
	return p;
}

static void *work(void *argument)
{
	const struct job *j = argument;

	for (off_t at = j->start; at < j->end;) {
		size_t n = (uintmax_t)(j->end - at) < chunk ? (size_t)(j->end - at) : chunk;
		void *to = map(c.dst, c.dst_path, PROT_WRITE | PROT_READ, at, n);
		void *from = map(c.src, c.src_path, PROT_READ, at, n);

		memmove(to, from, n);
		munmap(to, n);
		munmap(from, n);
		if (__builtin_add_overflow(at, (off_t)chunk * THREADS, &at))
			break;
	}
	return NULL;
}

static void copy_range(off_t start, off_t end)
{
	struct job jobs[THREADS];
	int error;

	do
		error = posix_fallocate(c.dst, start, end - start);
	while (error == EINTR);
	if (error) {
		errno = error;
		err(EXIT_FAILURE, "%s", c.dst_path);
	}
	for (int i = 0; i < THREADS; i++) {
		jobs[i].end = end;
		if (__builtin_add_overflow(start, (off_t)chunk * i, &jobs[i].start))
			jobs[i].start = end;
		errno = pthread_create(&jobs[i].thread, NULL, work, &jobs[i]);
		if (errno)
			err(EXIT_FAILURE, "thread");
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(jobs[i].thread, NULL);
}

int main(int argc, char *argv[])
{
	const uintmax_t page = (uintmax_t)sysconf(_SC_PAGE_SIZE), most = MAP_CHUNK;
	off_t size;

	chunk = most / THREADS / page * page;
	if (chunk == 0)
		chunk = page;
	c = copy_begin(argc, argv);
	open_source(&c, O_RDONLY | O_NONBLOCK);
	size = c.src_stat.st_size;
	munmap(map(c.src, c.src_path, PROT_READ, 0, page), page);
	open_destination(&c, O_RDWR | O_TRUNC);
	if (ftruncate(c.dst, size) < 0)
		err(EXIT_FAILURE, "%s", c.dst_path);

	for (off_t start = 0, end; start < size; start = end) {
		start = lseek(c.src, start, SEEK_DATA);
		if (start < 0)
			break;
		end = lseek(c.src, start, SEEK_HOLE);
		if (end < start)
			end = size;
		copy_range(start / (off_t)page * (off_t)page, end);
	}
	copy_end(&c, size);
	return EXIT_SUCCESS;
}
