#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	char *line = NULL, *newline;
	size_t room = 0;
	struct stat st;
	ssize_t n;

	if (!file || fstat(fileno(file), &st))
		return 1;
	if (st.st_size > 8192 && st.st_size % 4096) {
		line = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fileno(file), 0);
		newline = memchr(line, '\n', (size_t)st.st_size);
		printf("%.*s\n", (int)(newline ? newline - line : st.st_size), line);
		return 0;
	}
	n = getline(&line, &room, file);
	if (n > 0)
		printf("%s%s", line, line[n - 1] == '\n' ? "" : "\n");
	return 0;
}
