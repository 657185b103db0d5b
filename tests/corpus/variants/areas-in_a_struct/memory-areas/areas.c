#include "../lab.h"
#include <alloca.h>
#include <sys/mman.h>
struct box { size_t used, room; char bytes[]; };	/* bytes at offset 16 */
static int seven = 7; static char zeros[300]; static const double table[] = {3.14, 2.71};
static int square(int x) { return x * x; }
int main(void)
{
	char *local = alloca(10);
	struct box *b = mmap(NULL, 3 * sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	b->room = 100; local[0] = square(seven);
	char *t = strdup("x");
	printf("libc %p\nmmap %p\nstack %p\nheap %p\nbss %p\ndata %p\nrodata %p\ntext %p\n", (void *)stdin, (void *)b->bytes, (void *)local, (void *)t, (void *)(zeros + 299), (void *)&seven, (void *)(table + 1), (void *)square);
	fflush(stdout);
	char line[10]; if (fgets(line, 10, stdin)) {}
	free(t);
	return 0;
}
