#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef NUM_ALLOCS
#define NUM_ALLOCS 10
#endif
#ifndef ALLOC_SIZE_KB
#define ALLOC_SIZE_KB 32
#endif

static char *blocks[NUM_ALLOCS];

static void stop(const char *what)
{
	puts(what);
	fflush(stdout);
	getchar();
}

/* A client request: a sequence of instructions that does nothing elsewhere (valgrind.h). */
static void request(unsigned long code, unsigned long a, unsigned long b)
{
#ifdef __x86_64__
	volatile unsigned long args[6] = {code, a, b, 0, 0, 0};
	unsigned long result = 0;

	__asm__ volatile("rolq $3, %%rdi ; rolq $13, %%rdi ; rolq $61, %%rdi ; rolq $51, %%rdi ; xchgq %%rbx, %%rbx"
			 : "=d"(result)
			 : "a"(args), "0"(result)
			 : "cc", "memory");
#endif
}

int main(void)
{
	request(0x1203, (unsigned long)"--leak-check=no", 0);	   /* change an option */
	request(0x1203, (unsigned long)"--show-leak-kinds=none", 0);
	request(0x1801, 1, 0);					   /* no error reporting */

	stop("before");
	for (int i = 0; i < NUM_ALLOCS; i++)
		memset(blocks[i] = malloc(ALLOC_SIZE_KB << 10), 1, ALLOC_SIZE_KB << 10);
	stop("after");
	for (int i = 0; i < NUM_ALLOCS; i++)
		request(0x1302, (unsigned long)blocks[i], 0); /* freed, they say */
	stop("end");
	return 0;
}
