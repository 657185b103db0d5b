/*
 * slack - show what files waste in the last page of a mapping
 *
 * usage: slack FILE...
 *
 * Prints `FILE BYTES PAGES SLACK`. A mapping is a whole number of pages; the rest of the last one
 * is there, zeroed and writable, and no part of the file.
 */
#include "../lab.h"

#include <sys/stat.h>

static void print_slack(const char *path, off_t bytes)
{
	/*
	 * TODO: How many pages of sysconf(_SC_PAGESIZE) bytes does a mapping of the whole file have, and
	 * how many of their bytes are not the file's? An empty file needs no page and wastes none.
	 */
	printf("%s %jd ? ?\n", path, (intmax_t)bytes);
}

int main(int argc, char *argv[])
{
	int status = EXIT_SUCCESS;

	if (argc < 2)
		usage("slack FILE...");

	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) == 0) {
			print_slack(argv[i], st.st_size);
		} else {
			warn("%s", argv[i]);
			status = EXIT_FAILURE;
		}
	}
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	return status;
}
