#include "lines.h"

int main(int argc, char *argv[])
{
	const size_t block = block_operand(argc, argv, "stdio FILE BLOCK");
	FILE *file = fopen(argv[1], "re");
	uintmax_t sum = 0;
	char bytes[block];

	if (file == NULL)
		err(EXIT_FAILURE, "%s", argv[1]);
	while (!feof(file) && !ferror(file)) {
		size_t n = fread_unlocked(bytes, 1, block, file);

		while (n-- > 0)
			if (bytes[n] == '\n')
				++sum;
	}
	if (ferror(file))
		err(EXIT_FAILURE, "%s", argv[1]);
	fclose(file);
	print_lines(sum);
}
