/*
 * acts - one act on memory each, between marks
 *
 * usage: acts ACT [ARGUMENT]
 */
#include "../../../support/lab.h"
#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static long page;
static void *volatile sink; /* so that no allocation is optimised away */

static char *map(size_t size, int prot, int flags)
{
	char *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

/* The threshold rises when a mapped block is freed: the second block comes from brk. */
static void threshold(void)
{
	sink = malloc(1000);
	mark("first");
	sink = malloc(320000);
	mark("free");
	free(sink);
	mark("second");
	sink = malloc(320000);
	mark("end");
}

static int deep(int n)
{
	volatile char frame[10000];

	memset((char *)frame, n, sizeof(frame));
	return n ? deep(n - 1) + frame[1] : frame[0];
}

static void recurse(void)
{
	mark("before");
	printf("%d\n", deep(100));
	fflush(stdout);
	mark("after");
}

static void *allocate(void *unused)
{
	sink = malloc(100);
	return unused;
}

static void thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, allocate, NULL);
	pthread_join(t, NULL);
	mark("joined");
}

static void replace(void)
{
	char *p = map(8 * (size_t)page, PROT_READ | PROT_WRITE, 0);

	mark("replace");
	mmap(p + 2 * page, (size_t)page, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	mark("punch");
	munmap(p + 4 * page, (size_t)page);
	mark("protect");
	mprotect(p, (size_t)page, PROT_READ);
	mark("move");
	p = mremap(p + 5 * page, 3 * (size_t)page, 600 * (size_t)page, MREMAP_MAYMOVE);
	mark("shrink");
	mremap(p, 600 * (size_t)page, (size_t)page, 0);
	mark("fail");
	mmap(p + 1, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	mark("end");
}

/* One of many calls, on some pages of a window: what is there is split, joined, replaced, or gone. */
static void change(char *window, int pages)
{
	int first = rand() % pages, n = 1 + rand() % (pages - first), prot = rand() % 4;
	int flags = MAP_PRIVATE | MAP_FIXED;
	char *at = window + first * page;
	size_t size = (size_t)(n * page);

	switch (rand() % 7) {
	case 0:
	case 1:
		mmap(at, size, prot, flags | MAP_ANONYMOUS, -1, 0);
		break;
	case 2:
		mmap(at, size, PROT_READ, flags, open("/proc/self/exe", O_RDONLY), n % 2 * page);
		break;
	case 3:
		munmap(at, size);
		break;
	case 4:
		mprotect(at, size, prot);
		break;
	case 5:
		madvise(at, size, prot % 2 ? MADV_DONTFORK : MADV_DOFORK);
		break;
	default:
		mremap(at, size, (size_t)page, 0);
	}
}

/* Now and then the stack grows by faults between two of them. */
static void shuffle(int seed)
{
	char *window = map(24 * (size_t)page, PROT_NONE, 0);

	srand((unsigned)seed);
	for (int i = 0; i < 400; i++) {
		change(window, 24);
		if (i % 100 == 99)
			sink = (void *)(intptr_t)deep(i / 4);
	}
}

/* Each mapping lies beside the one before and merges with it: maps has no new line. */
static void merge(void)
{
	map((size_t)page, PROT_READ | PROT_WRITE, 0);
	mark("merge");
	for (int i = 0; i < 5; i++)
		map((size_t)page, PROT_READ | PROT_WRITE, 0);
	mark("end");
}

static void guard(void)
{
	char *p = map(8 * (size_t)page, PROT_READ | PROT_WRITE, 0);

	mark("install");
	if (madvise(p + page, (size_t)page, 102))
		exit(77);
	mark("remove");
	madvise(p + page, (size_t)page, 103);
	mark("end");
}

/* There is no memory under the last page: the call fails when the others have their guards. */
static void guard_hole(void)
{
	char *p = map(8 * (size_t)page, PROT_READ | PROT_WRITE, 0);

	munmap(p + 3 * page, (size_t)page);
	mark("install");
	if (!madvise(p + 2 * page, 2 * (size_t)page, 102) || errno != ENOMEM)
		exit(77);
	mark("end");
}

/* Mapped where the heap ends, and alike: the kernel makes them one mapping, named [heap]. */
static void above(void)
{
	char *end;

	sink = malloc(1000);
	end = sbrk(0);
	mark("map");
	if (mmap(end, (size_t)page, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != end)
		exit(77);
	mark("end");
}

/* Stacks of one's own grow by faults as well; what is far below is not to be touched by them. */
static void downward(void)
{
	char *other = map(2 * (size_t)page, PROT_READ | PROT_WRITE, 0);
	char *floor = map(200 * (size_t)page, PROT_NONE, 0), *p = floor + 190 * page;

	munmap(floor, 200 * (size_t)page);
	mmap(p, (size_t)page, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	mark("grow");
	p[-5 * page] = 1;
	mprotect(other, (size_t)page, PROT_READ);
	mark("end");
}

/* The ring of an asynchronous I/O context is mapped by a call that is no memory call by its name. */
static void ring(void)
{
	unsigned long context = 0;

	mark("make");
	if (syscall(SYS_io_setup, 8, &context))
		exit(77);
	mark("end");
}

static int faults; /* userfaultfd's */

/* Fill each page where a fault waits, with one that is mapped for it. */
static void *fill(void *unused)
{
	struct uffd_msg message;

	while (read(faults, &message, sizeof(message)) == sizeof(message)) {
		struct uffdio_copy copy = {.len = (size_t)page};
		char *with = map((size_t)page, PROT_READ | PROT_WRITE, 0);

		copy.dst = message.arg.pagefault.address & -(size_t)page;
		copy.src = (uintptr_t)with;
		ioctl(faults, UFFDIO_COPY, &copy);
		munmap(with, (size_t)page);
	}
	return unused;
}

/* A memory call that returns only after memory calls of another thread */
static void wait_for_other(void)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register range = {.mode = UFFDIO_REGISTER_MODE_MISSING};
	char *p = map(4 * (size_t)page, PROT_READ | PROT_WRITE, 0);
	pthread_t t;

	faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	range.range = (struct uffdio_range){(uintptr_t)p, 4 * (size_t)page};
	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) || ioctl(faults, UFFDIO_REGISTER, &range))
		exit(77);
	pthread_create(&t, NULL, fill, NULL);
	exit(madvise(p, 4 * (size_t)page, 23) ? 77 : 0); /* MADV_POPULATE_WRITE */
}

static void *map_for_ever(void *unused)
{
	for (;;)
		munmap(map((size_t)page, PROT_READ, 0), (size_t)page);
	return unused;
}

/* The process ends while its threads are anywhere in their calls. */
static void leave(int n)
{
	pthread_t t;

	for (int i = 0; i < n; i++)
		pthread_create(&t, NULL, map_for_ever, NULL);
	for (int i = 0; i < 200; i++)
		munmap(map((size_t)page, PROT_READ, 0), (size_t)page);
	exit(0);
}

static char state_of(pid_t pid)
{
	char path[64], text[512] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (!f || !fgets(text, sizeof(text), f))
		_exit(1);
	fclose(f);
	return strrchr(text, ')')[2];
}

static void *outlive(void *unused)
{
	char line[8];

	while (state_of(getpid()) != 'Z')
		sched_yield();
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		;
	exit(0);
	return unused;
}

/* Only a second thread is left. */
static void headless(void)
{
	pthread_t t;

	sink = malloc(1000);
	pthread_create(&t, NULL, outlive, NULL);
	pthread_exit(NULL);
}

static void child(void)
{
	pid_t pid;

	mark("fork");
	pid = fork();
	if (!pid) {
		map(5 * (size_t)page, PROT_READ, 0);
		_exit(5);
	}
	waitpid(pid, NULL, 0);
	map(7 * (size_t)page, PROT_READ, 0);
}

/* A child that has ended, and is not waited for */
static void zombie(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	printf("%d\n", pid);
	stop("ready");
}

static void *become(void *unused)
{
	execl("/bin/echo", "echo", "became", NULL);
	return unused;
}

static void exec_from_thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, become, NULL);
	pthread_exit(NULL);
}

static void spawn(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	mark("back");
}

static void *storm_of_one(void *unused)
{
	for (int i = 1; i <= 20; i++) {
		char *p = map((size_t)(i * page), PROT_READ | PROT_WRITE, 0);

		munmap(p, (size_t)(i * page));
	}
	return unused;
}

static void storm(int n)
{
	pthread_t t[n];

	for (int i = 0; i < n; i++) {
		errno = pthread_create(&t[i], NULL, storm_of_one, NULL);
		if (errno)
			err(1, "thread %d", i);
	}
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
}

static void touch(void)
{
	char *p = map(100 * (size_t)page, PROT_READ | PROT_WRITE, 0);

	mark("mapped");
	for (int i = 0; i < 30; i++)
		p[i * page] = 1;
	mark("touched");
	madvise(p, 10 * (size_t)page, MADV_DONTNEED);
	mark("end");
}

static void daemonise(void)
{
	if (fork())
		_exit(4);
	setsid();
	if (fork())
		_exit(5);
	map(3 * (size_t)page, PROT_READ, 0);
	_exit(6);
}

/* Whoever is not dumpable cannot be looked at by its own user. */
static void hide(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	map(3 * (size_t)page, PROT_READ, 0);
	mark("hidden");
	if (!fork())
		_exit(0);
	wait(NULL);
	map(5 * (size_t)page, PROT_READ, 0);
}

static void stopped(void)
{
	pid_t parent = getpid();

	if (!fork()) {
		while (state_of(parent) != 't' && state_of(parent) != 'T')
			sched_yield();
		kill(parent, SIGCONT);
		_exit(0);
	}
	raise(SIGSTOP);
	puts("went on");
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int count_maps(void)
{
	char text[1 << 16];
	int fd = open("/proc/self/maps", O_RDONLY), n = 0;

	for (ssize_t got; (got = read(fd, text, sizeof(text))) > 0;)
		for (ssize_t i = 0; i < got; i++)
			n += text[i] == '\n';
	close(fd);
	return n;
}

/* Calls that change memory, with 30 mappings; then reading maps: microseconds of each */
static void loop(long n)
{
	double start;
	char *p = map(8 * (size_t)page, PROT_READ | PROT_WRITE, 0);

	for (int i = count_maps() + 2; i < 30; i++)
		map((size_t)page, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, 0);
	start = now();
	for (long i = 0; i < n; i++)
		mprotect(p + page, (size_t)page, i % 2 ? PROT_READ | PROT_WRITE : PROT_READ);
	printf("%.3f ", (now() - start) * 1e6 / (double)n);
	start = now();
	for (long i = 0; i < n / 10; i++)
		count_maps();
	printf("%.3f\n", (now() - start) * 1e6 / ((double)n / 10));
}

/* Calls that have nothing to do with memory, reading a file byte by byte, and of the emptiest sort:
 * microseconds of each */
static void calls(long n)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	double start = now();
	char byte;

	for (long i = 0; i < n; i++)
		if (pread(fd, &byte, 1, i & 1023) != 1)
			err(1, "pread");
	printf("%.4f ", (now() - start) * 1e6 / (double)n);
	start = now();
	for (long i = 0; i < n; i++)
		syscall(SYS_getppid);
	printf("%.4f\n", (now() - start) * 1e6 / (double)n);
}

int main(int argc, char **argv)
{
	const char *act = argc > 1 ? argv[1] : "";
	int n = argc > 2 ? atoi(argv[2]) : 0;

	page = sysconf(_SC_PAGESIZE);
	if (!strcmp(act, "threshold"))
		threshold();
	else if (!strcmp(act, "recurse"))
		recurse();
	else if (!strcmp(act, "thread"))
		thread();
	else if (!strcmp(act, "replace"))
		replace();
	else if (!strcmp(act, "shuffle"))
		shuffle(n);
	else if (!strcmp(act, "merge"))
		merge();
	else if (!strcmp(act, "guard"))
		guard();
	else if (!strcmp(act, "guard-hole"))
		guard_hole();
	else if (!strcmp(act, "above"))
		above();
	else if (!strcmp(act, "downward"))
		downward();
	else if (!strcmp(act, "ring"))
		ring();
	else if (!strcmp(act, "wait-for-other"))
		wait_for_other();
	else if (!strcmp(act, "leave"))
		leave(n);
	else if (!strcmp(act, "headless"))
		headless();
	else if (!strcmp(act, "child"))
		child();
	else if (!strcmp(act, "zombie"))
		zombie();
	else if (!strcmp(act, "exec"))
		exec_from_thread();
	else if (!strcmp(act, "spawn"))
		spawn();
	else if (!strcmp(act, "storm"))
		storm(n);
	else if (!strcmp(act, "touch"))
		touch();
	else if (!strcmp(act, "daemon"))
		daemonise();
	else if (!strcmp(act, "hide"))
		hide();
	else if (!strcmp(act, "stopped"))
		stopped();
	else if (!strcmp(act, "loop"))
		loop(n);
	else if (!strcmp(act, "calls"))
		calls(n);
	else if (!strcmp(act, "exit"))
		exit(n);
	else if (!strcmp(act, "signal"))
		kill(getpid(), n);
	else
		errx(2, "usage: acts ACT [ARGUMENT]");
	return 0;
}
