#include "../lab.h"
#include <fcntl.h>

static inline intmax_t round_up(intmax_t n, intmax_t unit)
{
	intmax_t rest = n % unit;

	return rest == 0 ? n : n + unit - rest;
}

int main(int argc, char *argv[])
{
	int failures = 0;

	if (argc < 2)
		usage("slack FILE...");
	for (char **file = argv + 1; file != argv + argc; ++file) {
		int fd = open(*file, O_RDONLY | O_NONBLOCK);
		intmax_t bytes = fd < 0 ? -1 : lseek(fd, 0, SEEK_END), mapped;

		if (bytes < 0) {
			warn("%s", *file);
			failures++;
		} else {
			mapped = round_up(bytes, getpagesize());
			printf("%s %jd %jd %jd\n", *file, bytes, mapped / getpagesize(), mapped - bytes);
		}
		if (fd >= 0)
			close(fd);
	}
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
