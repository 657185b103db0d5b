#include "../lab.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct file {
	const char *name;
	int fd;
	off_t end;
};

static void check(bool good, const struct file *f)
{
	if (!good)
		err(EXIT_FAILURE, "%s", f->name);
}

/* As much of text as fits into the page that the file's end lies in. */
static size_t fill_page(struct file *f, const char *text, size_t length)
{
	size_t page = getpagesize(), used = f->end % page;
	size_t n = length < page - used ? length : page - used;
	char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, f->fd, f->end - used);

	check(p != MAP_FAILED, f);
	memcpy(p + used, text, n);
	check(msync(p, used + n, MS_SYNC) == 0, f);
	munmap(p, page);
	f->end += n;
	return n;
}

int main(int argc, char *argv[])
{
	struct stat st;
	struct file f;

	if (argc != 3)
		usage("mmap_write FILE TEXT");
	f.name = argv[1];
	f.fd = open(f.name, O_RDWR | O_CREAT, 0664);
	check(f.fd >= 0 && fstat(f.fd, &st) == 0, &f);
	f.end = st.st_size;

	const char *text = argv[2];
	size_t left = strlen(text);
	if (left > 0)
		check(pwrite(f.fd, text + left - 1, 1, f.end + left - 1) == 1, &f);
	while (left > 0) {
		size_t n = fill_page(&f, text, left);
		text += n;
		left -= n;
	}
	printf("before %jd bytes, after %jd bytes\n", (intmax_t)st.st_size, (intmax_t)f.end);
	return 0;
}
