#include "../lab.h"

#include <fcntl.h>
#include <sys/mman.h>

static const char *name(int e)
{
	switch (e) {
#define CASE(x) case x: return #x
	CASE(EACCES); CASE(EAGAIN); CASE(EBADF); CASE(EINVAL); CASE(EIO); CASE(EISDIR); CASE(ELOOP);
	CASE(ENODEV); CASE(ENOENT); CASE(ENOMEM); CASE(ENOTDIR); CASE(ENXIO); CASE(EPERM);
	CASE(EROFS); CASE(ETXTBSY); CASE(EOVERFLOW); CASE(ENAMETOOLONG); CASE(EMFILE); CASE(ENFILE);
#undef CASE
	default: return strerror(e);
	}
}

int main(int argc, char *argv[])
{
	int w = 0, c;

	while ((c = getopt(argc, argv, "+w")) != -1) {
		if (c != 'w')
			usage("mappable [-w] PATH...");
		w = 1;
	}
	if (optind >= argc)
		usage("mappable [-w] PATH...");
	do {
		const char *path = argv[optind];
		char *p;
		int fd;

		errno = 0;
		fd = openat(AT_FDCWD, path, O_NONBLOCK | (w ? O_WRONLY : O_RDONLY));
		if (fd != -1) {
			p = mmap(NULL, getpagesize(), w ? PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
			int saved = p == MAP_FAILED ? errno : 0;
			close(fd);
			errno = saved;
		}
		printf("%s %s\n", path, errno ? name(errno) : "mapped");
	} while (++optind < argc);
	exit(0);
}
