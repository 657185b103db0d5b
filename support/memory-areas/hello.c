/*
 * hello - print a line and wait: the smallest process worth looking at
 *
 * usage: hello
 *
 * Watch: while it waits, `memview $(pidof hello)` or `pmap $(pidof hello)` in another terminal.
 * The program is one call, but its process has the program's own file in memory piece by piece,
 * the C library, the loader, a heap (stdio's buffer for that one line lives there) and a stack.
 * Press Enter to let it end.
 */
#include "../lab.h"

int main(void)
{
	stop("Hello, world!");
	return EXIT_SUCCESS;
}
