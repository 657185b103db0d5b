/*
 * elf - fuzz target: any bytes as the ELF file of a program
 */
#include "../../../memview/space.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static int fd = -1;
	struct source from = {.read = read_from_file};
	struct elf *e;

	if (fd < 0)
		fd = memfd_create("elf", 0);
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		return 0;
	from.fd = fd;
	e = elf_read(&from);
	for (size_t i = 1; e && i < e->nparts; i++)
		if (e->parts[i - 1].vaddr > e->parts[i].vaddr)
			abort();
	elf_free(e);
	return 0;
}
