#include "../lab.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct counts {
	_Atomic unsigned long n;
};

static struct counts *map(int kind)
{
	struct counts *c = mmap(NULL, sizeof(*c), PROT_WRITE | PROT_READ, kind | MAP_ANONYMOUS, -1, 0);

	if (c == (void *)-1)
		err(1, "mmap");
	return c;
}

static inline void add_one(struct counts *c)
{
	unsigned long old = atomic_load_explicit(&c->n, memory_order_relaxed);

	while (!atomic_compare_exchange_weak(&c->n, &old, old + 1))
		;
}

int main(int argc, char *argv[])
{
	if (argc != 3)
		usage("shared_counter PROCS INCREMENTS");
	uintmax_t children = number(argv[1], "shared_counter PROCS INCREMENTS");
	uintmax_t times = number(argv[2], "shared_counter PROCS INCREMENTS");
	struct counts *mine = map(MAP_PRIVATE), *ours = map(MAP_SHARED);

	while (children-- > 0) {
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			for (uintmax_t i = 0; i != times; ++i) {
				add_one(ours);
				add_one(mine);
			}
			exit(0);
		}
	}
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	dprintf(STDOUT_FILENO, "shared %lu\nprivate %lu\n", ours->n, mine->n);
	return EXIT_SUCCESS;
}
