#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int flags = O_RDONLY, prot = PROT_READ;
	char **path = argv + 1;

	if (*path && !strcmp(*path, "-w")) {
		flags = O_WRONLY;
		prot = PROT_WRITE;
		path++;
	}
	if (!*path) {
		fputs("usage: mappable [-w] PATH...\n", stderr);
		return 2;
	}
	for (; *path; path++) {
		const char *answer = "mapped";
		int fd = open(*path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		void *p = fd < 0 ? MAP_FAILED : mmap(NULL, 1, prot, MAP_SHARED, fd, 0);

		if (p == MAP_FAILED)
			answer = strerrorname_np(errno);
		else
			munmap(p, 1);
		if (fd >= 0)
			close(fd);
		printf("%s %s\n", *path, answer);
	}
	return 0;
}
