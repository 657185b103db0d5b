#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool is_number(const char *s)
{
	const char *p = s;
	while (isdigit((unsigned char)*p))
		++p;
	return p > s && *p == '\0';
}

int main(int argc, char **argv)
{
	if (argc != 3 || !is_number(argv[2]) || atoll(argv[2]) == 0) {
		fprintf(stderr, "usage: %s FILE BLOCK\n", argv[0]);
		exit(2);
	}
	size_t block = atoll(argv[2]);
	int fd = open(argv[1], O_RDONLY);
	if (fd < 0)
		err(1, "%s", argv[1]);
	off_t size = lseek(fd, 0, SEEK_END);
	long lines = 0;
	char *p = mmap(NULL, size <= 0 || size > 1L << 60 ? 1 : size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		err(1, "%s", argv[1]);
	for (char *b = p, *end = p + size; b < end; b += block) {
		char *stop = (size_t)(end - b) < block ? end : b + block;
		for (char *q = b; q < stop && (q = memchr(q, '\n', stop - q)); q++)
			lines++;
	}
	return printf("lines %ld\n", lines) < 0;
}
