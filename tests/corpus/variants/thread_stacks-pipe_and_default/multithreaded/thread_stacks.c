#include "../lab.h"

#include <pthread.h>

static int done[2], go[2];
static size_t next; /* the threads number themselves */
static pthread_mutex_t numbering = PTHREAD_MUTEX_INITIALIZER;

static void *thread_main(void *unused)
{
	char line[100];

	(void)unused;
	pthread_mutex_lock(&numbering);
	int length = snprintf(line, sizeof line, "thread %zu %p\n", next++, (void *)line);
	if (write(STDOUT_FILENO, line, length) != length)
		exit(EXIT_FAILURE);
	pthread_mutex_unlock(&numbering);
	if (write(done[1], "", 1) < 0)
		exit(EXIT_FAILURE);
	return (void *)(read(go[0], line, 1) < 0 ? 1L : 0L);
}

int main(int argc, char **argv)
{
	const char *const synopsis = "thread_stacks COUNT [STACK_KB]";
	pthread_attr_t attr;
	char byte;

	if (argc == 1 || argc > 3)
		usage(synopsis);
	const size_t count = number(argv[1], synopsis);
	pthread_getattr_default_np(&attr);
	if (argc == 3) {
		if ((errno = pthread_attr_setstacksize(&attr, number(argv[2], synopsis) * 1024)))
			err(1, "%s", argv[2]);
		if ((errno = pthread_setattr_default_np(&attr)))
			err(1, "%s", argv[2]);
	}
	pthread_attr_destroy(&attr);
	if (pipe(done) || pipe(go))
		err(1, "pipe");

	pthread_t *ids = NULL;
	for (size_t i = 0; i < count; ++i) {
		ids = reallocarray(ids, i + 1, sizeof *ids);
		if ((errno = pthread_create(ids + i, NULL, thread_main, NULL)))
			err(1, "thread %zu", i);
	}
	for (size_t i = 0; i < count; ++i)
		if (read(done[0], &byte, 1) != 1)
			err(1, "pipe");
	stop("ready");
	close(go[1]); /* the end of the pipe is what all of them wait for */
	while (ids && count && next--)
		pthread_join(ids[next], NULL);
	free(ids);
	return 0;
}
