#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 3 || atoi(argv[2]) > atoi(argv[1]))
		return fprintf(stderr, "usage: cow PAGES WRITES\n") > 0 ? 2 : 2;
	memset(mmap(NULL, atoi(argv[1]) * getpagesize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1,
	       atoi(argv[1]) * getpagesize());
	if (fork() == 0) {
		printf("child %d private_dirty_pages %s\n", getpid(), argv[2]);
		fflush(stdout);
		getchar();
		_exit(0);
	}
	wait(NULL);
	return 0;
}
