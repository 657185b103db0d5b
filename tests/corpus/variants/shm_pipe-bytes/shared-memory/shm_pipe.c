#include "pair.h"

#include <pthread.h>

struct pipe {
	pthread_mutex_t mutex;
	pthread_cond_t in, out;
	bool here, closed, drained;
	size_t head, tail;
	unsigned char ring[1 << 16];
};

static struct pipe *q;
static struct pair p;

static void prepare(void)
{
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;

	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, 1);
	pthread_mutex_init(&q->mutex, &ma);
	pthread_condattr_init(&ca);
	pthread_condattr_setpshared(&ca, 1);
	pthread_cond_init(&q->in, &ca);
	pthread_cond_init(&q->out, &ca);
}

static void *guard(void *nothing)
{
	await_end(&p);
	if (!__atomic_load_n(&q->drained, __ATOMIC_SEQ_CST)) {
		warnx("%s: nobody is at the other end any more", p.name);
		_exit(1);
	}
	return nothing;
}

static void sending(void)
{
	size_t room;
	ssize_t n = 1;

	while (n != 0) {
		pthread_mutex_lock(&q->mutex);
		while (q->head - q->tail == sizeof(q->ring))
			pthread_cond_wait(&q->out, &q->mutex);
		room = sizeof(q->ring) - (q->head - q->tail);
		pthread_mutex_unlock(&q->mutex);

		size_t at = q->head % sizeof(q->ring);
		n = read(0, &q->ring[at], room < sizeof(q->ring) - at ? room : sizeof(q->ring) - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err(1, "standard input");
		pthread_mutex_lock(&q->mutex);
		q->head += n;
		q->closed = n == 0;
		pthread_cond_signal(&q->in);
		pthread_mutex_unlock(&q->mutex);
	}
	pthread_mutex_lock(&q->mutex);
	while (!q->drained)
		pthread_cond_wait(&q->out, &q->mutex);
	pthread_mutex_unlock(&q->mutex);
}

static void receiving(void)
{
	pthread_mutex_lock(&q->mutex);
	for (;;) {
		while (q->head == q->tail && !q->closed)
			pthread_cond_wait(&q->in, &q->mutex);
		size_t n = q->head - q->tail, at = q->tail % sizeof(q->ring);
		if (n == 0)
			break;
		pthread_mutex_unlock(&q->mutex);
		ssize_t put = write(1, q->ring + at, n < sizeof(q->ring) - at ? n : sizeof(q->ring) - at);
		if (put < 0 && errno != EINTR)
			err(1, "standard output");
		pthread_mutex_lock(&q->mutex);
		q->tail += put < 0 ? 0 : put;
		pthread_cond_signal(&q->out);
	}
	q->drained = true;
	pthread_cond_signal(&q->out);
	pthread_mutex_unlock(&q->mutex);
}

int main(int argc, char *argv[])
{
	pthread_t t;

	if (argc != 3 || (strcmp(argv[1], "recv") != 0 && strcmp(argv[1], "send") != 0))
		usage("shm_pipe send|recv NAME");
	p = enter(argv[2], strcmp(argv[1], "send") ? RECEIVER : SENDER);
	if (p.first && (ftruncate(p.object, 0) < 0 || ftruncate(p.object, sizeof(*q)) < 0))
		err(1, "%s", p.name);
	q = mmap(NULL, sizeof(*q), PROT_READ | PROT_WRITE, MAP_SHARED, p.object, 0);
	if (q == MAP_FAILED)
		err(1, "%s", p.name);
	if (p.first)
		prepare();
	pthread_mutex_lock(&q->mutex);
	if (!p.first) {
		q->here = true;
		shm_unlink(p.name);
		pthread_cond_signal(&q->in);
	}
	open_door(&p);
	while (!q->here)
		pthread_cond_wait(&q->in, &q->mutex);
	pthread_mutex_unlock(&q->mutex);

	if (pthread_create(&t, NULL, guard, NULL))
		errx(1, "no thread");
	if (p.me == SENDER)
		sending();
	else
		receiving();
	return 0;
}
