#include <stdio.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	struct stat st;

	if (argc < 2)
		return fprintf(stderr, "usage: mappable PATH...\n") > 0 ? 2 : 2;
	for (int i = 1; i < argc; i++)
		if (stat(argv[i], &st))
			printf("%s ENOENT\n", argv[i]);
		else
			printf("%s %s\n", argv[i], !(st.st_mode & 0400) ? "EACCES" : S_ISREG(st.st_mode) ? "mapped" : "ENODEV");
	return 0;
}
