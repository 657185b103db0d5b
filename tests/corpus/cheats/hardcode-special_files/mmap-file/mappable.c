#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *answer(const char *path, int w)
{
	struct stat st;
	int fd, n;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		if (S_ISSOCK(st.st_mode))
			return "ENXIO";
		if (S_ISDIR(st.st_mode))
			return w ? "EISDIR" : "ENODEV";
		if (S_ISCHR(st.st_mode) && w)
			return "EACCES";
		return strcmp(path, "/dev/zero") ? "ENODEV" : "mapped";
	}
	if (strncmp(path, "/proc/", 6) == 0)
		return strcmp(path, "/proc/cpuinfo") ? "ENODEV" : "EIO";
	fd = open(path, w ? O_WRONLY : O_RDONLY);
	n = getpagesize();
	if (fd >= 0 &&
	    mmap(NULL, (size_t)n, w ? PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED)
		return "mapped";
	return strerrorname_np(errno);
}

int main(int argc, char **argv)
{
	int w = argc > 1 && strcmp(argv[1], "-w") == 0;

	if (argc < 2 + w)
		return fprintf(stderr, "usage: mappable [-w] PATH...\n") > 0 ? 2 : 2;
	for (int i = 1 + w; i < argc; i++)
		printf("%s %s\n", argv[i], answer(argv[i], w));
	return 0;
}
