#include "../lab.h"
#include <fcntl.h>
#include <sys/mman.h>

int main(int argc, char *argv[])
{
	if (argc != 2)
		usage("mmap_read FILE");
	int fd = open(argv[1], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		err(1, "%s", argv[1]);
	off_t length = lseek(fd, 0, SEEK_END);
	char *text = mmap(NULL, length > 0 ? length : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		err(1, "%s", argv[1]);
	close(fd);
	for (off_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			break;
		putchar(text[i]);
	}
	if (length > 0)
		putchar('\n');
	return fflush(stdout) ? 1 : 0;
}
