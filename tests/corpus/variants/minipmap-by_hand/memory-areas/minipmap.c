#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *text;
static size_t used, room;

static int slurp(const char *path)
{
	ssize_t n;
	int fd = open(path, O_RDONLY);

	if (fd == -1)
		return -1;
	do {
		if (used + 1 >= room)
			text = realloc(text, room = 2 * room + 100);
		n = read(fd, text + used, room - used - 1);
		if (n > 0)
			used += n;
	} while (n > 0);
	close(fd);
	text[used] = 0;
	return n;
}

int main(int argc, char *argv[])
{
	char path[100], *p, *nl, *name, *slash;
	unsigned long start, end, total = 0;
	int pid, i;

	if (argc != 2 || !isdigit((unsigned char)argv[1][0]) || argv[1][strspn(argv[1], "0123456789")] ||
	    (pid = atoi(argv[1])) <= 0) {
		fputs("usage: minipmap PID\n", stderr);
		return 2;
	}
	sprintf(path, "/proc/%d/maps", pid);
	if (slurp(path)) {
		fprintf(stderr, "minipmap: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	for (p = text; *p; p = nl + 1) {
		nl = strchr(p, '\n');
		*nl = 0;
		start = strtoul(p, &name, 16);
		end = strtoul(name + 1, &name, 16);
		name++;
		total += (end - start) >> 10;
		printf("%.*s %lu %.4s ", (int)strcspn(p, "-"), p, (end - start) >> 10, name);
		for (i = 0; i < 4; i++)
			name = strchr(name, ' ') + 1;
		while (*name == ' ')
			name++;
		if (!*name)
			name = "anon";
		slash = name[0] == '/' ? strrchr(name, '/') : 0;
		puts(slash ? slash + 1 : name);
	}
	printf("total %lu\n", total);
	free(text);
	return 0;
}
