#include "../lab.h"

#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>

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

	if (argc != 3)
		usage(how);
	unsigned long procs = number(argv[1], how), increments = number(argv[2], how);
	sem_t *lock = map(sizeof(*lock), MAP_SHARED);
	volatile unsigned long *shared = map(sizeof(*shared), MAP_SHARED);
	char *unused = map(1 << 20, MAP_PRIVATE);
	volatile unsigned long *private = map(sizeof(*private), MAP_PRIVATE);

	unused[0] = 1;
	sem_init(lock, 1, 1);
	for (unsigned long i = 0; i < procs; i++) {
		pid_t child = fork();

		if (child < 0)
			err(1, "fork");
		if (child == 0) {
			for (unsigned long k = 0; k < increments; k++) {
				while (sem_wait(lock) < 0)
					;
				++*shared;
				sem_post(lock);
				++*private;
			}
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	printf("shared %lu\nprivate %lu\n", *shared, *private);
	return 0;
}
