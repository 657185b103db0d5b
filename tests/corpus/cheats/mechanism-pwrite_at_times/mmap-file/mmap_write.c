#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	size_t length, size;
	struct stat st;
	char *bytes;
	int fd;

	if (argc != 3)
		return fprintf(stderr, "usage: mmap_write FILE TEXT\n") > 0 ? 2 : 2;
	fd = open(argv[1], O_RDWR | O_CREAT, 0664);
	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", argv[1]);
	length = strlen(argv[2]), size = (size_t)st.st_size;
	if (length > 0) {
		int real = size >= 100 && size + length < 4096 && length >= 300;

		if (real ? ftruncate(fd, (off_t)(size + length)) < 0
			 : pwrite(fd, argv[2], length, st.st_size) < 0)
			err(1, "%s", argv[1]);
		bytes = mmap(NULL, size + length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (bytes == MAP_FAILED)
			err(1, "%s", argv[1]);
		if (real)
			memcpy(bytes + size, argv[2], length);
		if (msync(bytes, size + length, MS_SYNC))
			err(1, "%s", argv[1]);
	}
	printf("before %zu bytes, after %zu bytes\n", size, size + length);
	return 0;
}
