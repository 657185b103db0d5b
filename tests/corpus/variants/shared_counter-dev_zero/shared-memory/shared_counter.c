#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static long long parse(const char *s)
{
	char *end;
	long long n = strtoll(s, &end, 10);

	if (*s < '0' || *s > '9' || *end) {
		fprintf(stderr, "usage: shared_counter PROCS INCREMENTS\n");
		exit(2);
	}
	return n;
}

static void fail(const char *what)
{
	fprintf(stderr, "shared_counter: ");
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	long long procs = argc == 3 ? parse(argv[1]) : parse(""), times = parse(argv[2]);
	long page = sysconf(_SC_PAGESIZE);
	int zero = open("/dev/zero", O_RDWR);
	long *all = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED, zero, 0);
	long *own = mmap(0, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	pid_t *pids = calloc(procs + 1, sizeof(*pids));

	if (all == MAP_FAILED || own == MAP_FAILED || !pids)
		fail("mmap");
	for (int i = 0; i < procs; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			fail("fork");
		if (pids[i] == 0) {
			for (long k = 0; k < times; k++) {
				__atomic_add_fetch(all, 1, __ATOMIC_SEQ_CST);
				*(volatile long *)own += 1;
			}
			_exit(0);
		}
	}
	for (int i = 0; i < procs; i++) {
		int status;
		if (waitpid(pids[i], &status, 0) < 0 || status != 0)
			fail("child");
	}
	free(pids);
	printf("shared %ld\n", *all);
	printf("private %ld\n", *own);
	return 0;
}
