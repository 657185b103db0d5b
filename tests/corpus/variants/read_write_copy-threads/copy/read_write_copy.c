#include "copy.h"

#include <pthread.h>
#include <semaphore.h>

#ifndef BUFSIZE
#define BUFSIZE 8192
#endif

enum { SLOTS = 8 };

static struct slot {
	size_t used;
	char bytes[BUFSIZE];
} slots[SLOTS];
static sem_t empty, filled;

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) != 0)
		;
}

static void *writer(void *argument)
{
	struct copy *c = argument;
	static off_t total;

	for (unsigned i = 0;; i++) {
		struct slot *s = &slots[i % SLOTS];
		size_t done = 0;

		wait_for(&filled);
		if (s->used == 0)
			return &total;
		while (done < s->used) {
			ssize_t put = write(c->dst, s->bytes + done, s->used - done);

			if (put >= 0)
				done += (size_t)put;
			else if (errno != EINTR)
				err(EXIT_FAILURE, "%s", c->dst_path);
		}
		total += (off_t)done;
		sem_post(&empty);
	}
}

int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);
	pthread_t thread;
	void *total;

	open_source(&c, O_RDONLY);
	open_destination(&c, O_WRONLY | O_TRUNC);
	sem_init(&empty, 0, SLOTS);
	sem_init(&filled, 0, 0);
	errno = pthread_create(&thread, NULL, writer, &c);
	if (errno)
		err(EXIT_FAILURE, "thread");
	for (unsigned i = 0;; i++) {
		struct slot *s = &slots[i % SLOTS];
		ssize_t n;

		wait_for(&empty);
		while ((n = read(c.src, s->bytes, BUFSIZE)) < 0)
			if (errno != EINTR)
				err(EXIT_FAILURE, "%s", c.src_path);
		s->used = (size_t)n;
		sem_post(&filled);
		if (n == 0)
			break;
	}
	pthread_join(thread, &total);
	copy_end(&c, *(off_t *)total);
	return 0;
}
