#include "copy.h"

#include <sys/uio.h>

#ifndef BUFSIZE
#define BUFSIZE 8192
#endif
#define HALF (BUFSIZE / 2)

static unsigned char left[HALF + 1], right[BUFSIZE - HALF];

static void write_both(const struct copy *c, size_t n)
{
	struct iovec part[2] = {
		{left, n < HALF ? n : HALF},
		{right, n < HALF ? 0 : n - HALF},
	};

	while (part[0].iov_len + part[1].iov_len > 0) {
		ssize_t put = writev(c->dst, part, 2);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			err(1, "%s", c->dst_path);
		for (int i = 0; i < 2; i++) {
			size_t gone = (size_t)put < part[i].iov_len ? (size_t)put : part[i].iov_len;

			part[i].iov_base = (char *)part[i].iov_base + gone;
			part[i].iov_len -= gone;
			put -= (ssize_t)gone;
		}
	}
}

int main(int argc, char *argv[])
{
	const struct iovec whole[2] = {{left, HALF}, {right, sizeof(right)}};
	struct copy c = copy_begin(argc, argv);
	off_t total = 0;
	ssize_t n;

	open_source(&c, O_RDONLY | O_NOCTTY);
	open_destination(&c, O_WRONLY | O_TRUNC);
	do {
		n = readv(c.src, whole, 2);
		if (n > 0) {
			write_both(&c, (size_t)n);
			total += n;
		} else if (n < 0 && errno != EINTR) {
			err(1, "%s", c.src_path);
		}
	} while (n != 0);
	copy_end(&c, total);
}
