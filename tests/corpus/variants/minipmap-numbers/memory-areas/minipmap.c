#include "../lab.h"

int main(int argc, char **argv)
{
	unsigned long start, end, total = 0;
	char path[64], perms[5], *line = NULL, *rest;
	size_t size = 0;
	int at;

	if (argc != 2)
		usage("minipmap PID");
	long pid = strtol(argv[1], &rest, 10);
	if (rest == argv[1] || *rest || pid <= 0)
		usage("minipmap PID");
	sprintf(path, "/proc/%ld/maps", pid);
	FILE *maps = fopen(path, "r");
	if (!maps)
		err(1, "%s", argv[1]);
	while (getline(&line, &size, maps) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &start, &end, perms, &at) != 3)
			errx(1, "%s: odd line", line);
		char *name = line + at, *slash = strrchr(name, '/');

		if (*name == '/' && slash)
			name = slash + 1;
		if (!*name)
			name = "anon";
		printf("%lx %lu %s %s\n", start, (end - start) / 1024, perms, name);
		total += (end - start) / 1024;
	}
	if (ferror(maps))
		err(1, "%s", argv[1]);
	printf("total %lu\n", total);
	free(line);
	fclose(maps);
	return 0;
}
