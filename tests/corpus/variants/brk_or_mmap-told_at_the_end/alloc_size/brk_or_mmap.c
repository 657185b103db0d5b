#include "../lab.h"

int main(int argc, char **argv)
{
	char *const bottom = sbrk(0);

	if (argc < 2)
		usage("brk_or_mmap BYTES…");
	char **blocks = calloc(argc, sizeof *blocks);
	for (int i = 1; i < argc; i++)
		number(argv[i], "brk_or_mmap BYTES…");
	for (int i = 1; i < argc; i++) {
		blocks[i] = calloc(number(argv[i], ""), 1);
		if (blocks[i] == NULL)
			err(EXIT_FAILURE, "%s", argv[i]);
	}
	char *const top = sbrk(0);
	for (int i = 1; i < argc; i++)
		printf("%s %s\n", argv[i], blocks[i] >= bottom && blocks[i] < top ? "brk" : "mmap");
	for (int i = 1; i < argc; i++)
		free(blocks[i]);
	free(blocks);
	return 0;
}
