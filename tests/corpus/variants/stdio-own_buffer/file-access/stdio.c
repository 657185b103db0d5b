#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char room[1 << 16];

int main(int argc, char **argv)
{
	unsigned long long lines = 0, block;
	char *end, *bytes;
	FILE *f;
	size_t n;

	if (argc != 3 || argv[2][0] < '0' || argv[2][0] > '9' || (block = strtoull(argv[2], &end, 10)) == 0 || *end) {
		fprintf(stderr, "usage: stdio FILE BLOCK\n");
		return 2;
	}
	if (!(f = fopen(argv[1], "rb")))
		err(1, "%s", argv[1]);
	setvbuf(f, room, _IOFBF, sizeof(room));
	if (!(bytes = calloc(block, 1)))
		err(1, "%llu bytes", block);
	do {
		n = fread(bytes, sizeof(char), block, f);
		for (char *p = bytes; (p = memchr(p, '\n', bytes + n - p)); p++)
			lines++;
	} while (n == block);
	if (ferror(f))
		err(1, "%s", argv[1]);
	printf("lines %llu\n", lines);
	return fclose(f) != 0;
}
