#include <stdint.h>
#include <unistd.h>

#define TEXT_OF(x) #x
#define KB(section, n) __asm__(".pushsection " section "\n.zero 1024*" TEXT_OF(n) "\n.popsection")
#ifdef RODATA_KB
KB(".rodata", RODATA_KB);
#endif
#ifdef DATA_KB
KB(".data", DATA_KB);
#endif
#ifdef BSS_KB
KB(".bss", BSS_KB);
#endif
#ifdef TEXT_KB
KB(".text", TEXT_KB);
#endif
#ifndef STACK_KB
#define STACK_KB 0
#endif

static uintptr_t top;

static int __attribute__((noinline)) deep(int kb)
{
	volatile char frame[1024];

	for (int i = 0; i < 1024; i++)
		frame[i] = kb;
	return top - (uintptr_t)frame < (uintptr_t)kb * 1024 ? deep(kb) + frame[3] : 0;
}

int main(void)
{
	char byte;

#ifdef HEAP_KB
	sbrk(HEAP_KB * 1024);
#endif
	top = (uintptr_t)&byte;
	if (STACK_KB)
		deep(STACK_KB);
	if (write(1, "ready\n", 6) < 0)
		return 1;
	while (read(0, &byte, 1) == 1 && byte != '\n')
		;
	return 0;
}
