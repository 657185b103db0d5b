/*
 * mappings - mappings of all sorts: prints KIND ADDRESS for each, then ready, and waits
 *
 * usage: mappings [FILE]…    each FILE is mapped; one that begins with - is mapped, then deleted
 *        mappings COUNT      so many mappings that cannot merge
 *        mappings guards     guards in the middle of a mapping; exits 77 where they do not exist
 *        mappings shared     shared memory of each sort
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define GUARD_INSTALL 102 /* Linux 6.13 */

static long page;

static void *map(int prot, int flags, int fd)
{
	void *p = mmap(NULL, (size_t)page, prot, flags, fd, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static void files(char **names)
{
	for (; *names; names++) {
		const char *name = **names == '-' ? *names + 1 : *names;
		int fd = open(name, O_RDONLY);

		if (fd < 0)
			err(1, "%s", name);
		printf("file %p\n", map(PROT_READ, MAP_PRIVATE, fd));
		if (**names == '-')
			unlink(name);
	}
}

/* Neighbours differ in their permissions. */
static void many(long n)
{
	for (long i = 0; i < n; i++)
		map(i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void guards(void)
{
	char *p = mmap(NULL, (size_t)page * 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (madvise(p + 3 * page, 2 * (size_t)page, GUARD_INSTALL))
		exit(77);
	printf("anon %p\nguard %p\nguard %p\nanon %p\n", p + 3 * page - 1, p + 3 * page,
	       p + 5 * page - 1, p + 5 * page);
}

static void shared(void)
{
	int fd = memfd_create("of mine", 0), posix, id;
	char name[64];

	snprintf(name, sizeof(name), "/memview-test-%d", getpid());
	posix = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (posix < 0 || fd < 0 || ftruncate(fd, page) || ftruncate(posix, page))
		err(1, "shared memory");
	shm_unlink(name);
	id = shmget(IPC_PRIVATE, (size_t)page, 0600);
	printf("shared %p\n", map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1));
	printf("shared %p\n", map(PROT_READ | PROT_WRITE, MAP_SHARED, fd));
	printf("shared %p\n", map(PROT_READ | PROT_WRITE, MAP_SHARED, posix));
	printf("shared %p\n", shmat(id, NULL, 0));
	printf("anon %p\n", map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1));
	shmctl(id, IPC_RMID, NULL);
}

int main(int argc, char **argv)
{
	page = sysconf(_SC_PAGESIZE);
	if (argc > 1 && !strcmp(argv[1], "guards"))
		guards();
	else if (argc > 1 && !strcmp(argv[1], "shared"))
		shared();
	else if (argc > 1 && atol(argv[1]) > 0)
		many(atol(argv[1]));
	else
		files(argv + 1);
	puts("ready");
	fflush(stdout);
	return getchar() == 'x';
}
