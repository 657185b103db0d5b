#include "copy.h"

#include <sys/mman.h>

int main(int argc, char *argv[])
{
	const size_t room = 2 << 20;
	struct copy c = copy_begin(argc, argv);
	char *p = mmap(0, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	intmax_t sum = 0;

	if (p == MAP_FAILED)
		err(1, "mmap");
	open_source(&c, O_RDONLY);
	posix_fadvise(c.src, 0, 0, POSIX_FADV_SEQUENTIAL);
	open_destination(&c, O_WRONLY | O_TRUNC);
again:
	ssize_t got = read(c.src, p, room);
	if (got < 0 && errno != EINTR)
		err(1, "%s", c.src_path);
	for (char *q = p; q < p + got;) {
		ssize_t put = write(c.dst, q, (size_t)(p + got - q));
		if (put < 0 && errno != EINTR)
			err(1, "%s", c.dst_path);
		q += put > 0 ? put : 0;
	}
	sum += got > 0 ? got : 0;
	if (got)
		goto again;
	copy_end(&c, sum);
}
