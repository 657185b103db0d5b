/*
 * cow - count the pages that a child process has for itself after it wrote some of its parent's
 *
 * usage: cow PAGES WRITES
 *
 * Watch: after fork() both processes map the same memory, read-only whatever maps says. The first
 * store to a page faults, and the kernel gives the one that stored a copy: copy on write.
 */
#include "../lab.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>

/*
 * A private anonymous mapping of so many pages and, in its line of smaps, of no others: the kernel
 * merges neighbours of one kind, so it stands between two pages of another kind. A huge page
 * would be copied, and counted, as a whole.
 */
static char *map_pages(uintmax_t pages, size_t page)
{
	char *p = MAP_FAILED;
	size_t length;

	errno = ENOMEM;
	if (pages < SIZE_MAX / page - 2) {
		length = (pages + 2) * page;
		p = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
	if (p == MAP_FAILED || mprotect(p + page, pages * page, PROT_READ | PROT_WRITE) < 0)
		err(EXIT_FAILURE, "%ju pages", pages);
	madvise(p + page, pages * page, MADV_NOHUGEPAGE);
	return p + page;
}

/* Store one byte into each of the first so many pages. */
static void write_pages(char *p, uintmax_t pages, size_t page)
{
	//{ TODO: A store, not a load: pages that were only read are all the same one, the kernel's
	//{ page of zeros, and nobody's private memory.
	//| (void)p;
	//| (void)pages;
	//| (void)page;
	for (uintmax_t i = 0; i < pages; i++)
		p[i * page]++;
	//}
}

/* Private_Dirty, in KB, of the mapping that begins at p, from this process' own smaps. */
static uintmax_t private_dirty_kb(const char *p)
{
	//{ TODO: In /proc/self/smaps a line `START-END ...` (hexadecimal) begins a mapping. The lines that
	//{ follow are about it; `Private_Dirty: N kB` is what was changed and no other process maps.
	//| (void)p;
	//| return 0;
	FILE *smaps = fopen("/proc/self/smaps", "r");
	uintmax_t kb = 0, start, end, n;
	bool here = false;
	char line[256];

	if (!smaps)
		err(EXIT_FAILURE, "/proc/self/smaps");
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%jx-%jx ", &start, &end) == 2)
			here = start == (uintptr_t)p;
		else if (here && sscanf(line, "Private_Dirty: %ju kB", &n) == 1)
			kb = n;
	}
	fclose(smaps);
	return kb;
	//}
}

/* The child: store, count, stay to be looked at. */
static void child(char *p, uintmax_t writes, size_t page)
{
	write_pages(p, writes, page);
	printf("child %jd private_dirty_pages %ju\n", (intmax_t)getpid(),
	       private_dirty_kb(p) * 1024 / page);
	stop(NULL);
}

int main(int argc, char *argv[])
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const char *synopsis = "cow PAGES WRITES";
	uintmax_t pages, writes;
	int status;
	pid_t pid;
	char *p;

	if (argc != 3)
		usage(synopsis);
	pages = number(argv[1], synopsis);
	writes = number(argv[2], synopsis);
	if (writes > pages)
		usage(synopsis);

	p = map_pages(pages, page);
	write_pages(p, pages, page);
	pid = fork();
	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (pid == 0) {
		child(p, writes, page);
		return EXIT_SUCCESS;
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		errx(EXIT_FAILURE, "the child died");
	return WEXITSTATUS(status);
}
