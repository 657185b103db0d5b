#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct stat st;
	size_t n, all;
	char *p;

	if (argc != 3)
		return fprintf(stderr, "usage: mmap_write FILE TEXT\n"), 2;
	int fd = open(argv[1], O_CREAT | O_RDWR, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH);
	if (fd == -1 || fstat(fd, &st) == -1)
		err(1, "%s", argv[1]);
	n = strlen(argv[2]);
	all = st.st_size + n;
	if (n > 0) {
		if (ftruncate(fd, all) == -1)
			err(1, "%s", argv[1]);
		p = mmap(NULL, all, PROT_WRITE, MAP_SHARED, fd, 0);
		if (p == MAP_FAILED)
			err(1, "%s", argv[1]);
		for (size_t i = 0; i < n; i++)
			p[st.st_size + i] = argv[2][i];
		if (msync(p, all, MS_SYNC | MS_INVALIDATE) == -1)
			err(1, "%s", argv[1]);
		munmap(p, all);
	}
	close(fd);
	printf("before %lld bytes, after %zu bytes\n", (long long)st.st_size, all);
	return 0;
}
