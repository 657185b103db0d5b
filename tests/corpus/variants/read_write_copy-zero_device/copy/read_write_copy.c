/* the buffer is private memory from /dev/zero, as it was got before MAP_ANONYMOUS */
#include "copy.h"
#include <sys/mman.h>
#ifndef BUFSIZE
#define BUFSIZE 8192
#endif
int main(int argc, char *argv[])
{
	struct copy c = copy_begin(argc, argv); off_t all = 0; ssize_t n, w;
	int zero = open("/dev/zero", O_RDWR); char *b = mmap(NULL, BUFSIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	close(zero);
	open_source(&c, O_RDONLY);
	do n = read(c.src, b, 0); while (n < 0 && errno == EINTR);
	if (n < 0) err(1, "%s", c.src_path);
	open_destination(&c, O_WRONLY | O_TRUNC);
again:
	n = read(c.src, b, BUFSIZE);
	if (n < 0 && errno == EINTR) goto again;
	if (n < 0) err(1, "%s", c.src_path);
	if (n == 0) { copy_end(&c, all); return 0; }
	for (ssize_t d = 0; d < n;) { w = write(c.dst, b + d, n - d); if (w < 0 && errno != EINTR) err(1, "%s", c.dst_path); if (w > 0) d += w; }
	all += n;
	goto again;
}
