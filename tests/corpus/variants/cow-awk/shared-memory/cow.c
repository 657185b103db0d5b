#include "../lab.h"

#include <sys/mman.h>
#include <sys/wait.h>

int main(int argc, char *argv[])
{
	const char *synopsis = "cow PAGES WRITES";
	const size_t page = sysconf(_SC_PAGESIZE);
	char command[256], kb[32];

	if (argc != 3)
		usage(synopsis);
	uintmax_t pages = number(argv[1], synopsis), writes = number(argv[2], synopsis);
	if (writes > pages)
		usage(synopsis);

	char *p = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p += page, pages * page, PROT_READ | PROT_WRITE) < 0)
		err(1, "%s", argv[1]);
	memset(p, 'p', pages * page);
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		for (uintmax_t i = 0; i < writes; i++)
			p[i * page] = 'c';
		snprintf(command, sizeof(command),
			 "awk '/^%jx-/ { here = 1 } here && /^Private_Dirty:/ { print $2; exit }' /proc/%d/smaps",
			 (uintmax_t)(uintptr_t)p, getpid());
		FILE *awk = popen(command, "r");
		if (!awk || !fgets(kb, sizeof(kb), awk))
			errx(1, "awk has not said anything");
		pclose(awk);
		printf("child %d private_dirty_pages %lu\n", getpid(), strtoul(kb, NULL, 10) * 1024 / page);
		stop(NULL);
		return 0;
	}
	int status;
	return wait(&status) < 0 || status != 0;
}
