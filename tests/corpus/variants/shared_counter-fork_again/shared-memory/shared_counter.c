#include "../lab.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

static pid_t fork_patiently(void)
{
	pid_t pid;

	for (int tries = 0; (pid = fork()) < 0 && errno == EAGAIN && tries < 20; tries++)
		usleep(10000);
	return pid;
}

int main(int argc, char *argv[])
{
	const char *how = "shared_counter PROCS INCREMENTS";
	const int rw = PROT_READ | PROT_WRITE;
	int status, failed = 0;

	if (argc != 3)
		usage(how);
	uintmax_t procs = number(argv[1], how), times = number(argv[2], how);
	atomic_ullong *shared = mmap(NULL, sizeof(*shared), rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile unsigned *private = mmap(NULL, sizeof(*private), rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED || private == MAP_FAILED)
		err(1, "mmap");
	for (uintmax_t i = 0; i < procs; i++) {
		pid_t pid = fork_patiently();

		if (pid < 0)
			err(1, "fork");
		if (pid == 0) {
			while (times-- > 0) {
				++*shared;
				++*private;
			}
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		failed |= status;
	if (failed)
		errx(1, "a child has failed");
	printf("shared %llu\nprivate %u\n", *shared, *private);
	return 0;
}
