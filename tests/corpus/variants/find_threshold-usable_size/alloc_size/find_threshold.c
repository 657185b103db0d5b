#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of a mapped block the end is the mapping's: nobody can touch what follows, or it is another mapping's. */
static int told(size_t size)
{
	char *block = malloc(size), *end = block + malloc_usable_size(block);

	return block && (size_t)end % sysconf(_SC_PAGESIZE) == 0 && (char *)sbrk(0) < block;
}

int main(int argc, char **argv)
{
	size_t border = 0;

	if (argc > 1)
		return told(strtoul(argv[1], NULL, 10));
	for (size_t step = 1 << 25; step > 0; step /= 2) {
		char size[32];
		int status;
		pid_t child;

		snprintf(size, sizeof(size), "%zu", border + step);
		child = vfork();
		if (child == 0) {
			execl("/proc/self/exe", argv[0], size, (char *)NULL);
			_exit(3);
		}
		if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
			return 1;
		if (WEXITSTATUS(status) == 0)
			border += step;
	}
	printf("%zu\n", border + 1);
	return 0;
}
