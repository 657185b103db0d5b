/*
 * shared_counter - let several processes count in shared and in private memory
 *
 * usage: shared_counter PROCS INCREMENTS
 *
 * Watch: fork() copies both mappings, at the same addresses. The shared one is the same memory in
 * every process; of the private one each process gets its own copy with its first store to it.
 */
#include "../lab.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* A counter of 0 in a mapping of its own. flags: MAP_SHARED or MAP_PRIVATE */
static atomic_ullong *new_counter(int flags)
{
	//{ TODO: A variable of yours becomes private with fork(): mmap() anonymous memory instead, with
	//{ these flags. The kernel hands it out zeroed.
	//| static atomic_ullong in_bss;
	//|
	//| (void)flags;
	//| return &in_bss;
	void *p = mmap(NULL, sizeof(atomic_ullong), PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	return p;
	//}
}

static void increment(atomic_ullong *counter)
{
	//{ TODO: A load, an addition and a store: another process may store in between, and what it added
	//{ is lost. <stdatomic.h> has the three as one step. (++ on an atomic type is one, too.)
	//| (void)counter;
	atomic_fetch_add(counter, 1);
	//}
}

/* Start a child that counts to times in both counters. */
static void start_child(atomic_ullong *shared, atomic_ullong *private, uintmax_t times)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (pid > 0)
		return;
	/* Without its parent it would count for nobody. The parent may be gone already. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(EXIT_FAILURE);
	while (times-- > 0) {
		increment(shared);
		increment(private);
	}
	_exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
	const char *synopsis = "shared_counter PROCS INCREMENTS";
	atomic_ullong *shared, *private;
	uintmax_t procs, times;
	int status;

	if (argc != 3)
		usage(synopsis);
	procs = number(argv[1], synopsis);
	times = number(argv[2], synopsis);

	for (int i = 0; i < 4000; i++) new_counter(MAP_SHARED);
	shared = new_counter(MAP_SHARED);
	private = new_counter(MAP_PRIVATE);
	for (uintmax_t i = 0; i < procs; i++)
		start_child(shared, private, times);
	while (wait(&status) > 0)
		if (status != 0)
			errx(EXIT_FAILURE, "a child died before it was done");

	printf("shared %llu\nprivate %llu\n", atomic_load(shared), atomic_load(private));
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	return EXIT_SUCCESS;
}
