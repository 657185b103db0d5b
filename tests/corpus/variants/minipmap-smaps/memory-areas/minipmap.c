#include "../lab.h"
static char path[64], *line, *name, start[20], perms[8];
int main(int argc, char **argv)
{
	uintmax_t total = 0, kb;
	size_t size;
	int at;
	if (argc != 2 || !number(argv[1], "minipmap PID"))
		usage("minipmap PID");
	snprintf(path, sizeof(path), "/proc/%ju/smaps", number(argv[1], ""));
	FILE *f = fopen(path, "r");
	if (!f)
		err(1, "%s", argv[1]);
	while (getline(&line, &size, f) > 0) {
		line[strlen(line) - 1] = 0;
		at = 0;
		if (sscanf(line, "%19[0-9a-f]-%*x %4s %*s %*s %*s %n", start, perms, &at) == 2 && at) {
			free(name);
			char *slash = strrchr(line + at, '/');
			name = strdup(slash && line[at] == '/' ? slash + 1 : line[at] ? line + at : "anon");
		} else if (sscanf(line, "Size: %ju kB", &kb) == 1) {
			printf("%s %ju %s %s\n", start, kb, perms, name);
			total += kb;
		}
	}
	printf("total %ju\n", total);
}
