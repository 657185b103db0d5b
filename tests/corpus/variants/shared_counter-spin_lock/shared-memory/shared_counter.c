#include "../lab.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct shared {
	unsigned long count;
	pthread_spinlock_t lock;
};

int main(int argc, char *argv[])
{
	const char *how = "shared_counter PROCS INCREMENTS";

	if (argc != 3)
		usage(how);
	unsigned long procs = number(argv[1], how), increments = number(argv[2], how);
	int rw = PROT_READ | PROT_WRITE;
	struct shared *s = mmap(NULL, sizeof(*s), rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile unsigned long *p = mmap(NULL, sizeof(*p), rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED || p == MAP_FAILED)
		err(1, "mmap");
	pthread_spin_init(&s->lock, PTHREAD_PROCESS_SHARED);
	for (unsigned long i = 0; i < procs; i++) {
		pid_t child = fork();

		if (child < 0)
			err(1, "fork");
		if (child == 0) {
			for (unsigned long k = 0; k < increments; k++) {
				pthread_spin_lock(&s->lock);
				s->count++;
				pthread_spin_unlock(&s->lock);
				++*p;
			}
			_exit(0);
		}
	}
	for (unsigned long i = 0; i < procs; i++)
		wait(NULL);
	printf("shared %lu\nprivate %lu\n", s->count, *p);
	return 0;
}
