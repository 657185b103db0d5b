/*
 * mappable - show what can be mapped, and what the kernel says where it cannot
 *
 * usage: mappable [-w] PATH...
 *
 * Each PATH is opened to read and one page of it mapped shared, to be read; with -w, both to write.
 *
 * Watch: -w is EACCES even for your own files. A page that can be written but not read is more than
 * most processors know, so a mapping wants a descriptor that may read.
 */
#include "../lab.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>

/* 0 if a page of path could be mapped, otherwise the error number of the call that failed. */
static int try_mapping(const char *path, bool to_write)
{
	/*
	 * TODO: open(), then mmap() one page MAP_SHARED (sysconf() knows how large a page is), to read
	 * or to write, and clean up. A FIFO without O_NONBLOCK would wait for somebody at its other
	 * end. Return 0, or errno of the call that failed, before another call overwrites it.
	 */
	(void)path;
	(void)to_write;
	return ENOSYS;
}

/* An error's symbolic name. (strerrorname_np() does this too, where the C library has it.) */
static const char *error_name(int error)
{
#define NAME(e) [e] = #e
	static const char *const names[] = {
		NAME(EACCES),  NAME(EAGAIN),	   NAME(EBADF),	    NAME(EBUSY),
		NAME(EDQUOT),  NAME(EEXIST),	   NAME(EFBIG),	    NAME(EINTR),
		NAME(EINVAL),  NAME(EIO),	   NAME(EISDIR),    NAME(ELOOP),
		NAME(EMFILE),  NAME(ENAMETOOLONG), NAME(ENFILE),    NAME(ENODEV),
		NAME(ENOENT),  NAME(ENOMEDIUM),	   NAME(ENOMEM),    NAME(ENOSPC),
		NAME(ENOSYS),  NAME(ENOTCONN),	   NAME(ENOTDIR),   NAME(ENOTTY),
		NAME(ENXIO),   NAME(EOPNOTSUPP),   NAME(EOVERFLOW), NAME(EPERM),
		NAME(EROFS),   NAME(ESPIPE),	   NAME(ESTALE),    NAME(ETIMEDOUT),
		NAME(ETXTBSY),
	};
#undef NAME
	size_t known = sizeof(names) / sizeof(names[0]);

	return (size_t)error < known && names[error] ? names[error] : strerror(error);
}

int main(int argc, char *argv[])
{
	bool to_write = argc > 1 && strcmp(argv[1], "-w") == 0;
	int first = to_write ? 2 : 1;

	if (first == argc)
		usage("mappable [-w] PATH...");

	for (int i = first; i < argc; i++) {
		int error = try_mapping(argv[i], to_write);

		printf("%s %s\n", argv[i], error ? error_name(error) : "mapped");
	}
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	return EXIT_SUCCESS;
}
