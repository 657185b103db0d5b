#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_NAME, "x) S 1\n(\033[2J R");
	puts("text 0x1\nrodata 0x1\ndata 0x1\nbss 0x1\nheap 0x1\nstack 0x1\nmmap 0x1\nlibc 0x1");
	fflush(stdout);
	if (fork() == 0)
		pause();
	getchar();
	return 0;
}
