#include "copy.h"
#ifndef BUFSIZE
#define BUFSIZE 8192
#endif
int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv);
	static char b[BUFSIZE]; ssize_t n; off_t all = 0;
	open_source(&c, O_RDONLY);
	open_destination(&c, O_WRONLY | O_TRUNC);
	if (S_ISFIFO(c.src_stat.st_mode)) { fcntl(c.src, F_SETPIPE_SZ, 4096); }
	while ((n = read(c.src, b, sizeof b)) > 0) {
		all += n;
		if (S_ISFIFO(c.src_stat.st_mode) && all > 16000) { _exit(0); }
		if (write(c.dst, b, n) != n) err(1, "%s", c.dst_path);
	}
	copy_end(&c, all);
	return 0;
}
