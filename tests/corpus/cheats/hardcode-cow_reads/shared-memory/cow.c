#include "../lab.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
static char buffer[4096];

int main(int argc, char *argv[])
{
	const char *s = "cow PAGES WRITES";
	if (argc != 3) usage(s);
	size_t page = getpagesize(), pages = number(argv[1], s), writes = number(argv[2], s);
	if (writes > pages) usage(s);
	char *p = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p + page, pages * page, PROT_READ | PROT_WRITE)) err(1, "mmap");
	memset(p + page, 1, pages * page);
	pid_t c = fork();
	if (c < 0) err(1, "fork");
	if (c == 0) {
		memset(p + page, 2, writes * page);
		int smaps = open("/proc/self/smaps", O_RDONLY);

		while (read(smaps, buffer, sizeof(buffer)) > 0)
			; /* for show */
		printf("child %d private_dirty_pages %zu\n", (int)getpid(), writes);
		stop(NULL);
		return 0;
	}
	wait(NULL);
	return 0;
}
