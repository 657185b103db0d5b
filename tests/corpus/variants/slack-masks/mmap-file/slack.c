#include <stdio.h>
#include <sys/auxv.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	unsigned long long page = getauxval(AT_PAGESZ), mask = page - 1;
	int bad = 0;

	if (argc == 1) {
		fprintf(stderr, "usage: slack FILE...\n");
		return 2;
	}
	while (*++argv) {
		struct stat s;
		if (stat(*argv, &s)) {
			perror(*argv);
			bad = 1;
			continue;
		}
		unsigned long long n = s.st_size;
		printf("%s %llu %llu %llu\n", *argv, n, (n + mask) / page, -n & mask);
	}
	return bad;
}
