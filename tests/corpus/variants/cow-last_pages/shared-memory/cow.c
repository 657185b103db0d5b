#include "../lab.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

static char smaps[1 << 20];

static uintmax_t own_pages(const void *p)
{
	int fd = open("/proc/self/smaps", O_RDONLY);
	size_t n = 0;
	ssize_t got;
	char *at;
	char begin[40];

	while ((got = read(fd, smaps + n, sizeof(smaps) - 1 - n)) > 0)
		n += got;
	if (got < 0)
		err(1, "smaps");
	close(fd);
	snprintf(begin, sizeof(begin), "\n%jx-", (intmax_t)(uintptr_t)p);
	at = strstr(smaps, begin);
	at = at ? strstr(at, "Private_Dirty:") : NULL;
	if (!at)
		errx(1, "the mapping is not in smaps");
	return strtoumax(at + strlen("Private_Dirty:"), NULL, 10) * 1024 / getpagesize();
}

int main(int argc, char *argv[])
{
	const char *text = "cow PAGES WRITES";
	const size_t page = getpagesize();

	if (argc != 3)
		usage(text);
	size_t pages = number(argv[1], text), writes = number(argv[2], text);
	if (writes > pages)
		usage(text);

	/* A page that nobody may touch on either side keeps neighbours away. */
	char *p = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		err(1, "mmap");
	p = mmap(p + page, pages * page, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		err(1, "mmap");
	madvise(p, pages * page, MADV_NOHUGEPAGE);
	memset(p, 1, pages * page);

	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid) {
		int status;
		wait(&status);
		return status ? 1 : 0;
	}
	memset(p + (pages - writes) * page, 2, writes * page);
	dprintf(1, "child %d private_dirty_pages %ju\n", getpid(), own_pages(p));
	stop(NULL);
	_exit(0);
}
