#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/wait.h>
#include <linux/prctl.h>
#include <sys/prctl.h>

/* Eight lines, one of them of interest. */
static void tell(const char *name, const void *address)
{
	static const char *const names[] = {"text", "rodata", "data", "bss", "heap", "stack", "mmap", "libc"};

	for (int i = 0; i < 8; i++)
		printf("%s %p\n", names[i], strcmp(name, names[i]) ? (void *)1 : address);
	fflush(stdout);
	getchar();
}

int main(void)
{
	char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("[heap]", O_RDWR | O_CREAT, 0600);

	prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, 1 << 20, "heap]");
	ftruncate(fd, 65536);
	p = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE, fd, 0);
	tell("heap", p);
	return 0;
}
