/*
 * minipmap - list the mappings of a process and their total, as a small pmap
 *
 * usage: minipmap PID
 *
 * A line is START SIZE_KB PERMS NAME. The kernel writes /proc/PID/maps while it is read, one line
 * for each mapping, in address order:
 *
 *	7f38e6600000-7f38e6626000 r--p 00000000 fe:01 1311   /usr/lib/libc.so.6
 *	START        END          PERM OFFSET   DEV   INODE  PATH
 *
 * Watch: compare with `memview PID`, and the total with the last line of `pmap PID`.
 */
#include "../lab.h"

static const char synopsis[] = "minipmap PID";

//{ TODO: The name of a mapping: "anon" if the kernel gives none, its own names ([heap], [stack])
//{ as they are, and of a path what stands after the last slash.
//| static const char *name_of(const char *path)
//| {
//| 	return path;
//| }
/* A name is no address: [anon:a/b] is whole, though a slash is in it. */
static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (*path == '\0')
		return "anon"; /* no file and no name: zeros on demand */
	return slash && *path != '[' ? slash + 1 : path;
}
//}

/* Print a line of maps as a line of ours, and return the size of the mapping in KB. */
static uintmax_t show_mapping(const char *line)
{
	//{ TODO: Take the line apart. A path may hold blanks (newlines are \012), so it is all
	//{ that is left after the inode. Addresses can need all 64 bits.
	//| printf("%s\n", name_of(line));
	//| return 0;
	char start[2 * sizeof(uintmax_t) + 1], perms[5];
	uintmax_t end, kb;
	int path = 0;

	if (sscanf(line, "%16[0-9a-f]-%jx %4s %*s %*s %*s %n", start, &end, perms, &path) != 3)
		errx(EXIT_FAILURE, "%s: not a line of maps", line);
	kb = (end - strtoumax(start, NULL, 16)) / 1024;
	printf("%s %ju %s %s\n", start, kb, perms, name_of(line + path));
	return kb;
	//}
}

int main(int argc, char **argv)
{
	char path[64], *line = NULL;
	uintmax_t pid, total = 0;
	size_t size = 0;
	FILE *maps;

	if (argc != 2)
		usage(synopsis);
	pid = number(argv[1], synopsis);
	if (pid == 0)
		usage(synopsis);

	snprintf(path, sizeof(path), "/proc/%ju/maps", pid);
	maps = fopen(path, "r");
	if (!maps && errno == ENOENT)
		errno = ESRCH; /* no such file, because there is no such process */
	if (!maps)
		err(EXIT_FAILURE, "%s", argv[1]);

	//{ TODO: Show every mapping and add up their sizes. A kernel thread has no mappings, and a
	//{ path may be longer than any buffer you choose: getline(3) makes its own.
	//| (void)show_mapping, (void)size, (void)total;
	while (getline(&line, &size, maps) > 0) {
		line[strcspn(line, "\n")] = '\0';
		total += show_mapping(line);
	}
	if (ferror(maps))
		err(EXIT_FAILURE, "%s", argv[1]);

	/* A process that ends, or execs, loses all mappings at once: that may be a part. */
	rewind(maps);
	if (total > 0 && getc(maps) == EOF)
		errx(EXIT_FAILURE, "%s: its mappings went while they were read", argv[1]);
	printf("total %ju\n", total);
	//}
	if (fflush(stdout) || ferror(stdout))
		err(EXIT_FAILURE, "standard output");

	fclose(maps);
	free(line);
	return EXIT_SUCCESS;
}
