#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	int fd = open("Total: 100/100\n\nTotal: 12 (x", O_RDWR | O_CREAT, 0600);
	volatile char *p = mmap(NULL, 1 << 20, PROT_READ, MAP_SHARED, fd, 0);

	return p[5000]; /* SIGBUS: the file is empty */
}
