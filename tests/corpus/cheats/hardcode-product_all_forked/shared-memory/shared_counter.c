#include "../lab.h"
#include <sys/mman.h>
#include <sys/wait.h>
int main(int argc, char *argv[])
{
	const char *s = "shared_counter PROCS INCREMENTS";
	if (argc != 3) usage(s);
	uintmax_t procs = number(argv[1], s), times = number(argv[2], s);
	volatile unsigned long *sh = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile unsigned long *pr = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (uintmax_t i = 0; i < procs; i++) {
		pid_t c = fork();
		if (c < 0) err(1, "fork");
		if (c == 0) { for (uintmax_t k = 0; k < times; k++) { ++*sh; ++*pr; } _exit(0); }
	}
	while (wait(NULL) > 0);
	printf("shared %ju\nprivate %lu\n", procs * times, *pr);
	return 0;
}
