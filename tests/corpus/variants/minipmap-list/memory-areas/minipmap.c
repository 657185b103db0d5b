/*
 * minipmap - as verbose as C can be: every line becomes an object, which is then printed
 */
#include "../lab.h"

#include <stdbool.h>

struct mapping {
	struct mapping *next;
	unsigned long long start, end;
	char digits[20];
	char permissions[8];
	char *name;
};

struct list {
	struct mapping *first;
	struct mapping **last;
};

/* One whole line, however long, in memory of its own; NULL at the end. */
static char *read_line(FILE *file)
{
	char piece[64];
	char *line = NULL;
	size_t length = 0;

	while (fgets(piece, sizeof piece, file) != NULL) {
		size_t more = strlen(piece);
		line = realloc(line, length + more + 1);
		if (line == NULL)
			abort();
		memcpy(line + length, piece, more + 1);
		length += more;
		if (line[length - 1] == '\n') {
			line[length - 1] = '\0';
			break;
		}
	}
	return line;
}

static bool parse(const char *line, struct mapping *mapping)
{
	int digits = 0, rest = -1;

	if (sscanf(line, "%llx%n-%llx %7s %*x %*x:%*x %*u%n", &mapping->start, &digits, &mapping->end,
		   mapping->permissions, &rest) < 3 || rest < 0)
		return false;
	snprintf(mapping->digits, sizeof mapping->digits, "%.*s", digits, line);
	while (line[rest] == ' ')
		rest++;
	const char *name = line + rest;
	if (name[0] == '/')
		name = strrchr(name, '/') + 1;
	mapping->name = strdup(name[0] == '\0' ? "anon" : name);
	return mapping->name != NULL;
}

static void append(struct list *list, const char *line)
{
	struct mapping *mapping = calloc(1, sizeof *mapping);

	if (mapping == NULL || !parse(line, mapping))
		errx(EXIT_FAILURE, "%s: cannot be understood", line);
	*list->last = mapping;
	list->last = &mapping->next;
}

int main(int argc, char **argv)
{
	struct list list = {NULL, &list.first};
	unsigned long long total = 0;
	char *path, *line;
	FILE *maps;

	if (argc != 2 || number(argv[1], "minipmap PID") == 0)
		usage("minipmap PID");
	if (asprintf(&path, "/proc/%s/maps", argv[1]) < 0)
		err(EXIT_FAILURE, "memory");
	if ((maps = fopen(path, "re")) == NULL)
		errx(EXIT_FAILURE, "%s: no such process", argv[1]);
	free(path);

	while ((line = read_line(maps)) != NULL) {
		append(&list, line);
		free(line);
	}
	fclose(maps);

	for (struct mapping *m = list.first, *next; m != NULL; m = next) {
		unsigned long long kb = (m->end - m->start) / 1024ULL;

		next = m->next;
		fprintf(stdout, "%s %llu %s %s\n", m->digits, kb, m->permissions, m->name);
		total += kb;
		free(m->name);
		free(m);
	}
	fprintf(stdout, "total %llu\n", total);
	return 0;
}
