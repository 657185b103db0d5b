#include <err.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	unsigned long lines = 0;
	char *end = NULL, *block;
	size_t size, n;
	FILE *file;

	size = argc == 3 ? strtoul(argv[2], &end, 10) : 0;
	if (argc != 3 || size == 0 || *end != '\0' || argv[2][0] == '-') {
		fputs("usage: stdio FILE BLOCK\n", stderr);
		exit(2);
	}

	file = fopen(argv[1], "r");
	if (file == NULL)
		err(1, "%s", argv[1]);
	setvbuf(file, NULL, _IONBF, 0);
	block = malloc(size);
	if (block == NULL)
		err(1, "%s", argv[2]);

	while (!feof(file)) {
		n = fread(block, 1, size, file);
		if (ferror(file))
			err(1, "%s", argv[1]);
		while (n-- > 0)
			if (block[n] == '\n')
				lines++;
	}
	printf("lines %lu\n", lines);
	return 0;
}
