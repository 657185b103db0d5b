#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/wait.h>
#include <pthread.h>

/* Eight lines, one of them of interest. */
static void tell(const char *name, const void *address)
{
	static const char *const names[] = {"text", "rodata", "data", "bss", "heap", "stack", "mmap", "libc"};

	for (int i = 0; i < 8; i++)
		printf("%s %p\n", names[i], strcmp(name, names[i]) ? (void *)1 : address);
	fflush(stdout);
	getchar();
}

static void *run(void *unused)
{
	char local;

	tell("mmap", &local);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run, NULL);
	pthread_join(thread, NULL);
	return 0;
}
