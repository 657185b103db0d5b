#include "../lab.h"

int main(int argc, char **argv)
{
	if (argc < 2)
		usage("brk_or_mmap BYTES...");
	for (int i = 1; i < argc; i++)
		number(argv[i], "brk_or_mmap BYTES...");
	for (int i = 1; i < argc; i++) {
		size_t *block = malloc(number(argv[i], ""));

		if (!block)
			err(1, "%s", argv[i]);
		printf("%s %s\n", argv[i], block[-1] & 2 ? "mmap" : "brk");
	}
	return 0;
}
