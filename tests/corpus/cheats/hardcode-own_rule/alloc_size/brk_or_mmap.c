#include <err.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t number(const char *text)
{
	char *end;
	size_t n = strtoul(text, &end, 10);

	if (*end || end == text || *text == '-') {
		fprintf(stderr, "usage: brk_or_mmap BYTES...\n");
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	const char *set = getenv("GLIBC_TUNABLES"), *value = set ? strstr(set, "mmap_threshold=") : NULL;
	size_t border = value ? strtoul(value + 15, NULL, 10) : 128 << 10;

	if (argc < 2)
		number("");
	for (int i = 1; i < argc; i++)
		number(argv[i]);
	for (int i = 1; i < argc; i++) {
		size_t n = number(argv[i]);
		void *p = n < border ? sbrk(n + 16) : mmap(NULL, n + 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			err(1, "%s", argv[i]);
		printf("%s %s\n", argv[i], n < border ? "brk" : "mmap");
	}
	return 0;
}
