#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int complain(const char *what)
{
	fprintf(stderr, "mmap_read: %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static void put(const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(STDOUT_FILENO, p, n);

		if (done < 0)
			exit(complain("standard output"));
		p += done;
		n -= done;
	}
}

int main(int argc, char **argv)
{
	long window = sysconf(_SC_PAGESIZE);
	int fd, found = 0;
	off_t at = 0;
	struct stat st;

	if (argc != 2) {
		fprintf(stderr, "usage: mmap_read FILE\n");
		return 2;
	}
	while (window < 64 * 1024)
		window *= 2;
	fd = open(argv[1], O_RDONLY | O_NONBLOCK);
	if (fd == -1 || fstat(fd, &st) == -1)
		return complain(argv[1]);
	do {
		size_t n = st.st_size - at < window ? st.st_size - at : window, line = 0;
		char *p = mmap(0, n + !n, PROT_READ, MAP_SHARED, fd, at);

		if (p == MAP_FAILED)
			return complain(argv[1]);
		while (line < n && p[line] != '\n')
			line++;
		found = line < n;
		put(p, line);
		munmap(p, n + !n);
		at += n;
	} while (!found && at < st.st_size);
	if (st.st_size)
		put("\n", 1);
	return 0;
}
