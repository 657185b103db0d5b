#include "../lab.h"

#include <gnu/libc-version.h>
#include <sys/mman.h>

char *pointer = (char *)&pointer; /* what is in it the loader has to set */
int array[10];

int main(void)
{
	int twice(int n)
	{
		return n * 2;
	}
	char *mapping = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *block, *line = NULL;
	size_t size = 0;

	mapping = mremap(mapping, 4096, 8 << 20, MREMAP_MAYMOVE);
	madvise(mapping, 8 << 20, MADV_HUGEPAGE);
	block = realloc(strdup("x"), 100000);
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("text %p\nrodata %p\n", (void *)twice, (void *)__func__);
	printf("data %p\nbss %p\n", (void *)&pointer, (void *)&array[9]);
	printf("heap %p\nstack %p\n", (void *)block, (void *)getenv("PATH"));
	printf("mmap %p\nlibc %p\n", (void *)(mapping + 12345), (void *)gnu_get_libc_version());
	if (getline(&line, &size, stdin) < 0)
		clearerr(stdin);
	free(line);
	free(block);
	return 0;
}
