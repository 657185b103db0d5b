#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int counter = 42;
long long zeros[3];

int main(void)
{
	char c;
	void *m = mmap(0, 100000, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	void *h = calloc(10, 10);

	printf("stack %p\nlibc %p\nmmap %p\n", (void *)&c, (void *)stdin, (char *)m + 50000);
	printf("heap %p\nbss %p\ndata %p\n", h, (void *)&zeros[2], (void *)&counter);
	printf("rodata %p\ntext %p\n", (void *)"a literal", (void *)&main);
	fflush(stdout);
	getchar();
	free(h);
	return 0;
}
