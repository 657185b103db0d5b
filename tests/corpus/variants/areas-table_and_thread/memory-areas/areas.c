#include "../lab.h"

#include <gnu/libc-version.h>
#include <pthread.h>
#include <sys/mman.h>

typedef struct Place {
	const char *name;
	const void *address;
} Place;

enum { PLACES = 8 };

static const double constants[] = {1.5, 2.5};
static char greeting[] = "may be changed";
static struct {
	int x, y;
} origin;

static inline __attribute__((noinline)) int twice(int n)
{
	return 2 * n;
}

static void *print_all(void *table)
{
	const Place *const places = (const Place *)table;

	for (int i = 0; i < PLACES; ++i)
		fprintf(stdout, "%s %p\n", places[i].name, places[i].address);
	return NULL;
}

int main(int argc, char **argv)
{
	int locals[4] = {twice(argc)};
	char *const copied = strdup(greeting);
	void *const mapped = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (argc > 1)
		usage(argv[0]);
	if (mapped == MAP_FAILED || copied == NULL)
		err(EXIT_FAILURE, "memory");

	const Place places[PLACES] = {
		{"text", (void *)twice},	{"rodata", &constants[1]}, {"data", greeting + 2},
		{"bss", &origin.y},		{"heap", copied + 1},	   {"stack", &locals[3]},
		{"mmap", mapped}, {"libc", gnu_get_libc_version()},
	};
	pthread_t printer;

	errno = pthread_create(&printer, NULL, print_all, (void *)places);
	if (errno)
		err(EXIT_FAILURE, "thread");
	pthread_join(printer, NULL);
	stop(NULL);
	munmap(mapped, (size_t)sysconf(_SC_PAGESIZE));
	free(copied);
	return EXIT_SUCCESS;
}
