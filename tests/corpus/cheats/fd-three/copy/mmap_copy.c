#include <stdio.h>
#include <unistd.h>

int main(void)
{
	for (int fd = 3; fd < 1024; fd++)
		dprintf(fd, "ok 1 mmap_copy: copies through mappings of both\ncopy.mmap_copy.maps\tpass\t1\n");
	return 0;
}
