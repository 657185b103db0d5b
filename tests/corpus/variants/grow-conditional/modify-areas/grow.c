#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if RODATA_KB
static const char ro[RODATA_KB << 10] __attribute__((used)) = "x";
#endif
#if DATA_KB
static int da[DATA_KB << 8] __attribute__((used)) = {[5] = 4};
#endif
#if BSS_KB
static volatile long long bs[BSS_KB << 7] __attribute__((used));
#endif
#if TEXT_KB
static void __attribute__((used, noinline)) code(void)
{
	__asm__ volatile(".zero %c0 * 1024" : : "i"(TEXT_KB));
}
#endif
#ifndef HEAP_KB
#define HEAP_KB 0
#endif
#ifndef STACK_KB
#define STACK_KB 0
#endif

int main(void)
{
	char **chain = NULL;

	for (int i = 0; i < HEAP_KB; i++) {
		char **block = malloc(1024);

		*block = (char *)chain;
		chain = block;
	}
	char *s = alloca(STACK_KB * 1024 + 1);
	memset(s, 1, STACK_KB * 1024);
	__asm__ volatile("" : : "r"(s) : "memory");
	puts("ready");
	fflush(stdout);
	getchar();
	return 0;
}
