#include "../lab.h"

#include <sys/mman.h>
#include <sys/wait.h>

int main(int argc, char *argv[])
{
	const char *synopsis = "cow PAGES WRITES";

	if (argc != 3)
		usage(synopsis);
	size_t page = getpagesize(), pages = number(argv[1], synopsis), writes = number(argv[2], synopsis);
	if (writes > pages)
		usage(synopsis);
	char *p = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(p + page, pages * page, PROT_READ | PROT_WRITE);
	memset(p + page, 1, pages * page);
	if (fork() == 0) {
		memset(p + page, 2, writes * page);
		printf("child %d private_dirty_pages %zu\n", (int)getpid(), writes);
		fflush(stdout);
		getchar();
		_exit(0);
	}
	wait(NULL);
	return 0;
}
