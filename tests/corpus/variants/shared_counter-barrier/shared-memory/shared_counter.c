#include "../lab.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct shared {
	atomic_ullong count;
	pthread_barrier_t start;
};

static void *map(size_t size, int kind)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

int main(int argc, char *argv[])
{
	const char *how = "shared_counter PROCS INCREMENTS";
	pthread_barrierattr_t attributes;

	if (argc != 3)
		usage(how);
	uintmax_t procs = number(argv[1], how), increments = number(argv[2], how);
	struct shared *shared = map(sizeof(*shared), MAP_SHARED);
	volatile unsigned long long *private = map(sizeof(*private), MAP_PRIVATE);
	pid_t *children = calloc(procs + 1, sizeof(*children));

	pthread_barrierattr_init(&attributes);
	pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (procs > 0)
		pthread_barrier_init(&shared->start, &attributes, procs);
	for (uintmax_t i = 0; i < procs; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			pthread_barrier_wait(&shared->start);
			for (uintmax_t k = 0; k < increments; k++) {
				shared->count++;
				++*private;
			}
			_exit(0);
		}
		if (children[i] < 0) {
			int why = errno;

			while (i-- > 0)
				kill(children[i], SIGKILL);
			errno = why;
			err(1, "fork");
		}
	}
	for (uintmax_t i = 0; i < procs; i++) {
		int status;

		if (waitpid(children[i], &status, 0) < 0 || status != 0)
			errx(1, "a child has failed");
	}
	printf("shared %llu\nprivate %llu\n", shared->count, *private);
	free(children);
	return 0;
}
