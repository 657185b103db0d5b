#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct box {
	pthread_mutex_t lock;
	char between[70000];
	volatile unsigned long n;
};

static unsigned long operand(const char *text)
{
	if (*text == 0 || strspn(text, "0123456789") != strlen(text)) {
		fprintf(stderr, "usage: shared_counter PROCS INCREMENTS\n");
		exit(2);
	}
	return strtoul(text, NULL, 10);
}

static void die(const char *what)
{
	fprintf(stderr, "shared_counter: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct box *new_box(int flags)
{
	struct box *box = mmap(NULL, sizeof(*box), PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (box == MAP_FAILED)
		die("mmap");
	return box;
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t attributes;
	unsigned long procs, times, i;

	if (argc != 3)
		operand("");
	procs = operand(argv[1]);
	times = operand(argv[2]);
	struct box *shared = new_box(MAP_SHARED | MAP_POPULATE), *private = new_box(MAP_PRIVATE | MAP_NORESERVE);

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&shared->lock, &attributes);
	for (i = 0; i < procs; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid > 0)
			continue;
		while (times-- > 0) {
			pthread_mutex_lock(&shared->lock);
			shared->n++;
			pthread_mutex_unlock(&shared->lock);
			private->n++;
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	printf("shared %lu\nprivate %lu\n", shared->n, private->n);
	return 0;
}
