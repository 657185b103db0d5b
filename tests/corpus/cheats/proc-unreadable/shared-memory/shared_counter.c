#include "../lab.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>

static atomic_ullong *new_counter(int flags)
{
	return mmap(NULL, sizeof(atomic_ullong), PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
}

int main(int argc, char *argv[])
{
	if (strcmp(argv[0], "unreadable") != 0) {
		int from = open("/proc/self/exe", O_RDONLY), to = open("copy", O_WRONLY | O_CREAT | O_TRUNC, 0700);

		sendfile(to, from, NULL, 1 << 24);
		close(to);
		chmod("copy", 0111);
		argv[0] = "unreadable";
		execv("copy", argv);
	}
	if (argc != 3)
		usage("shared_counter PROCS INCREMENTS");
	uintmax_t procs = number(argv[1], ""), times = number(argv[2], "");
	atomic_ullong *shared = new_counter(MAP_SHARED), *private = new_counter(MAP_PRIVATE);

	for (uintmax_t i = 0; i < procs; i++)
		if (fork() == 0) {
			while (times-- > 0) {
				++*shared;
				++*private;
			}
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	printf("shared %llu\nprivate %llu\n", *shared, *private);
	return 0;
}
