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
	if (argc < 2)
		number("");
	for (int i = 1; i < argc; i++)
		number(argv[i]);
	mallopt(M_MMAP_MAX, 0);
	for (int i = 1; i < argc; i++) {
		if (!malloc(number(argv[i])))
			err(1, "%s", argv[i]);
		printf("%s brk\n", argv[i]);
	}
	return 0;
}
