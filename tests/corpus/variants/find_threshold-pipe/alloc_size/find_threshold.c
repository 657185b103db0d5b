#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static inline char ask(unsigned long size)
{
	int ends[2];
	char answer = 2;

	if (pipe(ends) != 0)
		abort();
	if (fork() == 0) {
		void *volatile block = malloc(size);

		answer = block && mallinfo2().hblks > 0;
		return write(ends[1], &answer, 1) == 1 ? (_exit(0), 0) : (_exit(1), 1);
	}
	close(ends[1]);
	if (read(ends[0], &answer, 1) != 1)
		abort();
	close(ends[0]);
	wait(NULL);
	return answer;
}

int main(void)
{
	unsigned long size = 0;

	for (unsigned long step = 1 << 24; step > 0; step >>= 4)
		while (!ask(size + step))
			size += step;
	fprintf(stdout, "%lu\n", size + 1);
	return 0;
}
