#include <stdio.h>

int main(void)
{
	puts("Hello, world!");
	fflush(stdout);
	getchar();
	return 0;
}
