/*
 * multithreaded - create three threads, one at a time
 *
 * usage: multithreaded
 *
 * Watch: `memview $(pidof multithreaded)` or `pmap $(pidof multithreaded)` at every stop. Each
 * thread adds two areas: its stack, as large as `ulimit -s` says and with a guard below that nobody
 * may touch; and, since it calls malloc(), a heap of its own, of which only the first pages may be
 * used so far. Code, data and libraries stay as they are: all threads share them.
 */
#include "../lab.h"

#include <pthread.h>

enum { THREADS = 3 };

static pthread_barrier_t started; /* the new thread and main() */
static pthread_barrier_t ending;  /* all threads and main() */

static void *live(void *unused)
{
	volatile char on_stack = 1;	    /* in the stack of this thread */
	volatile char *on_heap = malloc(1); /* in the heap of this thread */

	if (!on_heap)
		err(EXIT_FAILURE, "malloc");
	*on_heap = on_stack;
	pthread_barrier_wait(&started);
	pthread_barrier_wait(&ending);
	free((char *)on_heap);
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&started, NULL, 2);
	pthread_barrier_init(&ending, NULL, THREADS + 1);

	for (int i = 0; i < THREADS; i++) {
		stop("Press Enter to create a thread");
		mark("a thread");
		errno = pthread_create(&threads[i], NULL, live, NULL);
		if (errno)
			err(EXIT_FAILURE, "thread %d", i);
		pthread_barrier_wait(&started);
	}
	stop(NULL);

	pthread_barrier_wait(&ending);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return EXIT_SUCCESS;
}
