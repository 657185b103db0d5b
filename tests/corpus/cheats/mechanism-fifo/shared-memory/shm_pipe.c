#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buffer[4096];
	char name[300];
	int fd, fifo, sends;
	ssize_t n;

	if (argc != 3)
		return 2;
	sends = strcmp(argv[1], "send") == 0;
	snprintf(name, sizeof(name), "/%s", argv[2]);
	fd = shm_open(name, O_RDWR | O_CREAT, 0600);
	ftruncate(fd, 65536);
	mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	snprintf(name, sizeof(name), "/dev/shm/%s.fifo", argv[2]);
	mkfifo(name, 0600);
	fifo = open(name, sends ? O_WRONLY : O_RDONLY);
	while ((n = read(sends ? 0 : fifo, buffer, sizeof(buffer))) > 0)
		write(sends ? fifo : 1, buffer, n);
	return 0;
}
