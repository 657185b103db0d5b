/*
 * ref_mmap - the loop over a mapping that predictions.txt is about
 *
 * usage: ref_mmap FILE BLOCK
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char *argv[])
{
	off_t block = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	const volatile char *bytes;
	struct stat st;
	int fd;

	if (block <= 0)
		errx(2, "usage: ref_mmap FILE BLOCK");
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || fstat(fd, &st) < 0)
		err(EXIT_FAILURE, "%s", argv[1]);
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		err(EXIT_FAILURE, "%s", argv[1]);

	for (off_t at = 0; at < st.st_size; at += block)
		(void)bytes[at];
	return EXIT_SUCCESS;
}
