#include "../lab.h"

#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/resource.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

static sem_t printed, go;

static void *run(void *number)
{
	char here;

	printf("thread %zu %p\n", (size_t)number, (void *)&here);
	sem_post(&printed);
	while (sem_wait(&go))
		;
	return NULL;
}

/* A guard of the new kind where the kernel knows it, else of the old. */
static void guard(char *start, size_t bytes)
{
	if (madvise(start, bytes, MADV_GUARD_INSTALL) && mprotect(start, bytes, PROT_NONE))
		err(EXIT_FAILURE, "guard");
}

int main(int argc, char **argv)
{
	static const char how[] = "thread_stacks COUNT [STACK_KB]";
	size_t page = sysconf(_SC_PAGESIZE), count, bytes, all;
	struct rlimit limit;

	if (argc != 2 && argc != 3)
		usage(how);
	count = number(argv[1], how);
	getrlimit(RLIMIT_STACK, &limit);
	bytes = argc == 3 ? number(argv[2], how) * 1024 : limit.rlim_cur;
	if (bytes < (size_t)PTHREAD_STACK_MIN)
		errx(EXIT_FAILURE, "%s: too small", argv[2]);
	bytes = (bytes + page - 1) / page * page;
	all = count * (bytes + page) + 1;

	pthread_t *threads = malloc(count * sizeof(*threads) + 1);
	char *base = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		err(EXIT_FAILURE, "%s", argv[1]);
	sem_init(&printed, 0, 0);
	sem_init(&go, 0, 0);
	for (size_t i = 0; i < count; i++) {
		char *stack = base + i * (bytes + page);
		pthread_attr_t attr;

		guard(stack, page);
		pthread_attr_init(&attr);
		pthread_attr_setstack(&attr, stack + page, bytes);
		errno = pthread_create(&threads[i], &attr, run, (void *)i);
		if (errno)
			err(EXIT_FAILURE, "thread %zu", i);
		pthread_attr_destroy(&attr);
	}
	for (size_t i = 0; i < count; i++)
		sem_wait(&printed);
	stop("ready");
	for (size_t i = 0; i < count; i++)
		sem_post(&go);
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	munmap(base, all);
	free(threads);
	return 0;
}
