/*
 * hello - print a line and wait; built three ways by the Makefile, which is the task
 *
 * usage: hello
 *
 * Watch: while each of the three waits, look at it with `memview PID` and `pmap PID`: which files
 * are mapped, at which addresses, and which of those change from run to run?
 * This file includes nothing of the kit, so it builds wherever its Makefile is.
 */
#include <stdio.h>

int main(void)
{
	int byte;

	puts("Hello, world!");
	fflush(stdout);

	do
		byte = getchar();
	while (byte != '\n' && byte != EOF);
	return 0;
}
