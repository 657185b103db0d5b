#include "../lab.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define GUARD 100 /* pages */

/* Private_Dirty of all that lies between these addresses. */
static unsigned long dirty_kb(const char *begin, const char *end)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	unsigned long from, to, kb, sum = 0;
	char line[512];
	int within = 0;

	if (!smaps)
		err(1, "/proc/self/smaps");
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx %*s %*x", &from, &to) == 2)
			within = from >= (unsigned long)begin && to <= (unsigned long)end;
		else if (within && sscanf(line, "Private_Dirty: %lu", &kb) == 1)
			sum += kb;
	}
	fclose(smaps);
	return sum;
}

int main(int argc, char *argv[])
{
	const char *synopsis = "cow PAGES WRITES";
	const unsigned long page = sysconf(_SC_PAGESIZE);
	int status;

	if (argc != 3)
		usage(synopsis);
	unsigned long pages = number(argv[1], synopsis), writes = number(argv[2], synopsis);
	if (writes > pages)
		usage(synopsis);

	char *all = mmap((void *)0x500000000000, (pages + 2 * GUARD) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *p = all + GUARD * page;

	if (all == MAP_FAILED || (pages > 0 && mprotect(p, pages * page, PROT_READ | PROT_WRITE | PROT_EXEC) < 0))
		err(1, "%s", argv[1]);
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	memset(p, 1, pages * page);

	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		for (unsigned long i = 0; writes > 0; i++)
			if ((unsigned long)rand() % (pages - i) < writes) {
				p[i * page + (unsigned long)rand() % page] ^= 1;
				writes--;
			}
		printf("child %d private_dirty_pages %lu\n", (int)getpid(), dirty_kb(p, p + pages * page) * 1024 / page);
		stop(NULL);
		_exit(0);
	}
	if (wait(&status) < 0)
		err(1, "wait");
	return status != 0;
}
