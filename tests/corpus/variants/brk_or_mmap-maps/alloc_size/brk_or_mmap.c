#include "../lab.h"

#include <stdbool.h>

static bool in_heap(void *block)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char *line = NULL;
	uintptr_t start, end;
	bool found = false;
	size_t size = 0;

	if (!maps)
		err(EXIT_FAILURE, "/proc/self/maps");
	while (!found && getline(&line, &size, maps) > 0)
		found = strstr(line, "[heap]") && sscanf(line, "%jx-%jx", &start, &end) == 2 &&
			(uintptr_t)block >= start && (uintptr_t)block < end;
	free(line);
	fclose(maps);
	return found;
}

int main(int argc, char **argv)
{
	size_t sizes[argc];

	if (argc == 1)
		usage("brk_or_mmap BYTES…");
	for (int i = 1; i < argc; i++)
		sizes[i] = number(argv[i], "brk_or_mmap BYTES…");
	for (int i = 1; i < argc; i++) {
		void *volatile block = malloc(sizes[i]);

		if (block == NULL)
			errx(EXIT_FAILURE, "%s: %s", argv[i], strerror(ENOMEM));
		printf("%s %s\n", argv[i], in_heap(block) ? "brk" : "mmap");
	}
	return EXIT_SUCCESS;
}
