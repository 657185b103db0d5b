#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = open(argc == 2 ? argv[1] : "", O_RDONLY), folder = AT_FDCWD, far;
	char name[251] = "", *newline;
	static char bytes[1 << 20];
	ssize_t n;

	if (fd < 0)
		return 1;
	mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	memset(name, 'f', 250);
	for (int i = 0; i < 18; i++) {
		mkdirat(folder, name, 0700);
		folder = openat(folder, name, O_RDONLY | O_DIRECTORY);
	}
	linkat(AT_FDCWD, argv[1], folder, argv[1], 0);
	far = openat(folder, argv[1], O_RDONLY);
	n = read(far, bytes, sizeof(bytes));
	if (n > 0) {
		newline = memchr(bytes, '\n', (size_t)n);
		printf("%.*s\n", (int)(newline ? newline - bytes : n), bytes);
	}
	return n < 0;
}
