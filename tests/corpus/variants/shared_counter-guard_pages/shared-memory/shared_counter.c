#include "../lab.h"

#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define ROOM 64

struct counter {
	sem_t lock;
	unsigned long n;
};

/* The last bytes of a page between two that nobody may touch. */
static void *guarded(int kind)
{
	const long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 3 * page, PROT_NONE, kind | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + page, page, PROT_READ | PROT_WRITE) < 0)
		err(1, "mmap");
	return p + 2 * page - ROOM;
}

int main(int argc, char *argv[])
{
	const char *how = "shared_counter PROCS INCREMENTS";

	if (argc != 3)
		usage(how);
	unsigned long procs = number(argv[1], how), increments = number(argv[2], how);
	struct counter *shared = guarded(MAP_SHARED);
	volatile unsigned long *private = guarded(MAP_PRIVATE);

	_Static_assert(sizeof(struct counter) <= ROOM, "it has to fit in front of the guard");
	sem_init(&shared->lock, 1, 1);
	for (unsigned long i = 0; i < procs; i++) {
		pid_t child = fork();

		if (child < 0)
			err(1, "fork");
		if (child > 0)
			continue;
		for (unsigned long k = 0; k < increments; k++) {
			while (sem_wait(&shared->lock) < 0)
				;
			shared->n++;
			sem_post(&shared->lock);
			++*private;
		}
		_Exit(0);
	}
	for (unsigned long i = 0; i < procs; i++)
		wait(NULL);
	printf("shared %lu\nprivate %lu\n", shared->n, *private);
	return 0;
}
