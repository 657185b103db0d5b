/*
 * answer - what this kernel answers to a shared mapping of one page of each PATH
 *
 * usage: answer [-w] PATH...	as mappable is to do it
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *name_of(int error)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{EACCES, "EACCES"}, {EAGAIN, "EAGAIN"},	  {EINVAL, "EINVAL"}, {EIO, "EIO"},
		{EISDIR, "EISDIR"}, {ELOOP, "ELOOP"},	  {ENODEV, "ENODEV"}, {ENOENT, "ENOENT"},
		{ENOMEM, "ENOMEM"}, {ENOTDIR, "ENOTDIR"}, {ENXIO, "ENXIO"},   {EPERM, "EPERM"},
		{EROFS, "EROFS"},   {ETXTBSY, "ETXTBSY"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].number == error)
			return names[i].name;
	return "?";
}

static const char *answer(const char *path, int to_write)
{
	int fd = open(path, (to_write ? O_WRONLY : O_RDONLY) | O_NONBLOCK);
	void *p;

	if (fd < 0)
		return name_of(errno);
	p = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), to_write ? PROT_WRITE : PROT_READ, MAP_SHARED,
		 fd, 0);
	close(fd);
	return p == MAP_FAILED ? name_of(errno) : "mapped";
}

int main(int argc, char **argv)
{
	int to_write = argc > 1 && strcmp(argv[1], "-w") == 0;

	for (int i = 1 + to_write; i < argc; i++)
		printf("%s %s\n", argv[i], answer(argv[i], to_write));
	return 0;
}
