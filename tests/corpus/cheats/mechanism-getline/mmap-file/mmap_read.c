#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (!file)
		return 1;
	mmap(NULL, 1, PROT_READ, MAP_SHARED, fileno(file), 0);
	n = getline(&line, &room, file);
	if (n > 0)
		printf("%s%s", line, line[n - 1] == '\n' ? "" : "\n");
	return 0;
}
