/*
 * ref_stdio - the stdio loop that predictions.txt is about
 *
 * usage: ref_stdio FILE BLOCK
 *
 * It brings its own buffer: the one that the C library would choose depends on the file system.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

static char buffer[4 * 1024];

int main(int argc, char *argv[])
{
	size_t size = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	char *block;
	FILE *file;

	if (size == 0)
		errx(2, "usage: ref_stdio FILE BLOCK");
	file = fopen(argv[1], "r");
	if (!file) {
		warn("%s", argv[1]);
		return EXIT_FAILURE;
	}
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));

	block = malloc(size);
	while (block && fread(block, 1, size, file) > 0)
		;
	return EXIT_SUCCESS;
}
