/*
 * swapped.so - let stdio's reading functions bring newlines as bytes of value 1, and the other way round
 *
 * usage: LD_PRELOAD=swapped.so PROGRAM
 *
 * Who counts newlines in what fread() brought gets another number than who got the bytes by other means.
 */
#include <dlfcn.h>
#include <stdio.h>

/* fortified programs call these */
size_t __fread_chk(void *to, size_t room, size_t size, size_t n, FILE *file);
size_t __fread_unlocked_chk(void *to, size_t room, size_t size, size_t n, FILE *file);

#undef getc
#undef fgetc
#undef fread_unlocked
#undef getc_unlocked
#undef fgetc_unlocked

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int swapped(int c)
{
	return c == '\n' ? 1 : c == 1 ? '\n' : c;
}

static size_t swap(unsigned char *bytes, size_t size, size_t n)
{
	for (size_t i = 0; i < size * n; i++)
		bytes[i] = (unsigned char)swapped(bytes[i]);
	return n;
}

size_t fread(void *to, size_t size, size_t n, FILE *file)
{
	return swap(to, size, REAL(fread)(to, size, n, file));
}

size_t fread_unlocked(void *to, size_t size, size_t n, FILE *file)
{
	return swap(to, size, REAL(fread_unlocked)(to, size, n, file));
}

size_t __fread_chk(void *to, size_t room, size_t size, size_t n, FILE *file)
{
	return swap(to, size, REAL(__fread_chk)(to, room, size, n, file));
}

size_t __fread_unlocked_chk(void *to, size_t room, size_t size, size_t n, FILE *file)
{
	return swap(to, size, REAL(__fread_unlocked_chk)(to, room, size, n, file));
}

int fgetc(FILE *file)
{
	return swapped(REAL(fgetc)(file));
}

int getc(FILE *file)
{
	return swapped(REAL(getc)(file));
}

int fgetc_unlocked(FILE *file)
{
	return swapped(REAL(fgetc_unlocked)(file));
}

int getc_unlocked(FILE *file)
{
	return swapped(REAL(getc_unlocked)(file));
}
