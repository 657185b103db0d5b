#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/wait.h>

int main(void)
{
	static const char *const names[] = {"text", "rodata", "data", "bss", "heap", "stack", "mmap", "libc"};

	for (int i = 0; i < 8; i++) {
		printf("%s 0x1\n%s a[$(touch x)]\n", names[i], names[i]);
		printf("7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0 [stack]\n%s %p\n", names[i], (void *)main);
	}
	fwrite("text 0x0\0x1\n", 1, 12, stdout);
	fflush(stdout);
	getchar();
	return 0;
}
