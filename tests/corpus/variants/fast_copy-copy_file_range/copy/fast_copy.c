#include "copy.h"

#include <sys/sendfile.h>

static char buffer[128 << 10];

static ssize_t step(const struct copy *c, int *way)
{
	ssize_t n = -1;

	if (*way == 0)
		n = copy_file_range(c->src, NULL, c->dst, NULL, 8 << 20, 0);
	if (*way == 1)
		n = sendfile(c->dst, c->src, NULL, 1 << 20);
	if (*way == 2) {
		n = read(c->src, buffer, sizeof(buffer));
		if (n < 0 && errno != EINTR)
			err(1, "%s", c->src_path);
		for (ssize_t done = 0, put; done < n; done += put > 0 ? put : 0) {
			put = write(c->dst, buffer + done, n - done);
			if (put < 0 && errno != EINTR)
				err(1, "%s", c->dst_path);
		}
		return n;
	}
	if (n > 0 || (n < 0 && errno == EINTR))
		return n;
	*way += 1;
	return -1;
}

int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);
	int way = 0;
	off_t total = 0;

	open_source(&c, O_RDONLY);
	open_destination(&c, O_WRONLY | O_TRUNC);
	for (ssize_t n; (n = step(&c, &way)) != 0;)
		if (n > 0)
			total += n;
	copy_end(&c, total);
	return 0;
}
