#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || end == text)
		exit(fprintf(stderr, "usage: shared_counter PROCS INCREMENTS\n") > 0 ? 2 : 2);
	return n;
}

int main(int argc, char **argv)
{
	volatile long *shared, *private;

	if (argc != 3)
		number("");
	long procs = number(argv[1]), times = number(argv[2]);
	shared = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	private = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (long i = 0; i < procs; i++)
		if (fork() == 0) {
			for (long n = 0; n < times; n++)
				++*shared, ++*private;
			exit(0);
		}
	while (wait(NULL) > 0)
		;
	printf("shared %ld\nprivate %ld\n", procs * times, *private);
	return 0;
}
