#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int printed, go;

static void *thread(void *p)
{
	int i = *(int *)p;

	pthread_mutex_lock(&mutex);
	printf("thread %d %p\n", i, (void *)&i);
	printed++;
	pthread_cond_broadcast(&changed);
	while (!go)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	return 0;
}

static long parse(const char *s)
{
	char *e = "x";
	long n = 0;

	if (isdigit((unsigned char)*s))
		n = strtol(s, &e, 10);
	if (*e) {
		fprintf(stderr, "usage: thread_stacks COUNT [STACK_KB]\n");
		exit(2);
	}
	return n;
}

static int problem(const char *what, int error)
{
	fprintf(stderr, "thread_stacks: %s: %s\n", what, strerror(error));
	return 1;
}

int main(int argc, char **argv)
{
	pthread_attr_t attr;
	int error;
	char byte;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: thread_stacks COUNT [STACK_KB]\n");
		return 2;
	}
	long n = parse(argv[1]);
	pthread_attr_init(&attr);
	if (argc > 2 && (error = pthread_attr_setstacksize(&attr, parse(argv[2]) << 10)))
		return problem(argv[2], error);

	pthread_t id[n + 1];
	int index[n + 1];
	for (int i = 0; i < n; i++) {
		index[i] = i;
		if ((error = pthread_create(&id[i], &attr, thread, &index[i])))
			return problem("pthread_create", error);
	}
	pthread_mutex_lock(&mutex);
	while (printed < n)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	puts("ready");
	fflush(stdout);
	while (read(0, &byte, 1) > 0 && byte != '\n')
		;
	pthread_mutex_lock(&mutex);
	go = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < n; i++)
		pthread_join(id[i], 0);
	return 0;
}
