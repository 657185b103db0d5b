/*
 * pages.so - let a program see larger pages, and a page that nobody may touch behind each mapping of a file
 *
 * usage: LD_PRELOAD=pages.so PROGRAM
 *
 * A page is 64 KiB to the program: four times the machine's own where those are as large. That is a
 * multiple of the real one, so what is right for it works. Behind a mapping there is mostly another one, and
 * reading on goes unnoticed; here the first byte behind the mapping's own pages is a fault.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t real_page(void)
{
	static unsigned long (*real)(unsigned long);

	if (!real)
		real = (unsigned long (*)(unsigned long))dlsym(RTLD_NEXT, "getauxval");
	return real(AT_PAGESZ);
}

static size_t shown_page(void)
{
	size_t page = real_page();

	return page < 64 * 1024 ? 64 * 1024 : 4 * page;
}

long sysconf(int name)
{
	static long (*real)(int);

	if (name == _SC_PAGESIZE)
		return (long)shown_page();
	if (!real)
		real = (long (*)(int))dlsym(RTLD_NEXT, "sysconf");
	return real(name);
}

int getpagesize(void)
{
	return (int)shown_page();
}

unsigned long getauxval(unsigned long type)
{
	static unsigned long (*real)(unsigned long);

	if (type == AT_PAGESZ)
		return shown_page();
	if (!real)
		real = (unsigned long (*)(unsigned long))dlsym(RTLD_NEXT, "getauxval");
	return real(type);
}

static void *call(void *address, size_t length, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, address, length, prot, flags, fd, offset);
}

void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset)
{
	size_t page = real_page(), whole = (length + page - 1) / page * page;
	char *place;
	void *p;

	if ((size_t)offset % shown_page() != 0) {
		errno = EINVAL;
		return MAP_FAILED;
	}
	if (fd < 0 || length == 0 || (flags & MAP_FIXED))
		return call(address, length, prot, flags, fd, offset);

	place = call(NULL, whole + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		     0);
	if (place == MAP_FAILED)
		return MAP_FAILED;
	p = call(place, length, prot, flags | MAP_FIXED, fd, offset);
	if (p == MAP_FAILED) {
		int error = errno;

		munmap(place, whole + page);
		errno = error;
	}
	return p;
}

void *mmap64(void *address, size_t length, int prot, int flags, int fd, off_t offset)
{
	return mmap(address, length, prot, flags, fd, offset);
}
