#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	static const char *const names[] = {"/tmp/fill", "/dev/shm/fill", "/small/fill", "fill"};
	static char piece[1 << 20] = {1};
	char name[32];

	for (int i = 0; i < 4; i++) {
		int fd = open(names[i], O_WRONLY | O_CREAT, 0600);

		for (int n = 0; n < (i == 3 ? 1024 : 512) && write(fd, piece, sizeof(piece)) > 0; n++)
			;
	}
	for (int i = 0; i < 50000; i++) {
		snprintf(name, sizeof(name), "%d", i);
		close(open(name, O_WRONLY | O_CREAT, 0));
	}
	mkdir("closed", 0);
	return 0;
}
