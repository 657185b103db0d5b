/*
 * tenants - threads, their stacks and arenas: prints NAME ADDRESS TID, then ready, and waits
 *
 * usage: tenants THREADS [own|spin]
 *
 * own: the threads' stacks are in memory that the program mapped. spin: they never block.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_barrier_t all;
static volatile int spin;

static void *live(void *unused)
{
	volatile char local = 0;
	char *in_arena = malloc(100);

	(void)unused;
	printf("thread %p %d\narena %p 0\n", (void *)&local, gettid(), (void *)in_arena);
	pthread_barrier_wait(&all);
	while (spin)
		local++;
	pause();
	return in_arena;
}

static void own_stack(pthread_attr_t *attr)
{
	size_t size = 1 << 20;
	void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	pthread_attr_setstack(attr, stack, size);
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 1;
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	spin = argc > 2 && !strcmp(argv[2], "spin");
	pthread_barrier_init(&all, NULL, (unsigned)n + 1);
	for (int i = 0; i < n; i++) {
		pthread_t t;

		if (argc > 2 && !strcmp(argv[2], "own"))
			own_stack(&attr);
		errno = pthread_create(&t, &attr, live, NULL);
		if (errno)
			err(1, "thread %d", i);
	}
	pthread_barrier_wait(&all);
	puts("ready");
	fflush(stdout);
	return getchar() == 'x';
}
