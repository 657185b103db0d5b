#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long operand(const char *text)
{
	if (*text == 0 || strspn(text, "0123456789") != strlen(text)) {
		fprintf(stderr, "usage: cow PAGES WRITES\n");
		exit(2);
	}
	return strtoul(text, NULL, 10);
}

static long dirty_pages(unsigned long address, long page)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char *line = NULL, *dash;
	size_t room = 0;
	long kb = -1;
	int inside = 0;

	if (!f)
		return -1;
	while (getline(&line, &room, f) > 0) {
		unsigned long from = strtoul(line, &dash, 16);
		if (*dash == '-')
			inside = from <= address && address < strtoul(dash + 1, NULL, 16);
		else if (inside && !strncmp(line, "Private_Dirty:", 14))
			kb = strtol(line + 14, NULL, 10);
	}
	free(line);
	fclose(f);
	return kb / (page / 1024);
}

int main(int argc, char **argv)
{
	unsigned long pages, writes, i;
	long page = sysconf(_SC_PAGESIZE);
	volatile char *p;
	int status = 0;
	pid_t pid;

	if (argc != 3)
		operand("");
	pages = operand(argv[1]);
	writes = operand(argv[2]);
	if (writes > pages)
		operand("");
	p = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		perror("cow: mmap");
		return 1;
	}
	for (i = 0; i < pages; i++)
		p[i * page] = 'p';
	pid = fork();
	if (pid < 0) {
		perror("cow: fork");
		return 1;
	}
	if (pid > 0)
		return waitpid(pid, &status, 0) < 0 || status != 0;
	for (i = 0; i < writes; i++)
		p[i * page] = 'c';
	printf("child %ld private_dirty_pages %ld\n", (long)getpid(), dirty_pages((unsigned long)p, page));
	fflush(stdout);
	getchar();
	return 0;
}
