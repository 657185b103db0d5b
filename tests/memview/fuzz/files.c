/*
 * files - run a fuzz target on files: the corpus, or what AFL++ writes to standard input
 *
 * usage: TARGET [FILE]…
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void run(FILE *in)
{
	static unsigned char data[1 << 20];
	size_t n = fread(data, 1, sizeof(data), in);
	unsigned char *copy = malloc(n ? n : 1); /* its end is where the data ends */

	for (size_t i = 0; i < n; i++)
		copy[i] = data[i];
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

int main(int argc, char **argv)
{
	if (argc == 1)
		run(stdin);
	for (int i = 1; i < argc; i++) {
		FILE *in = fopen(argv[i], "r");

		if (in) {
			run(in);
			fclose(in);
		} else {
			err(1, "%s", argv[i]);
		}
	}
	return 0;
}
