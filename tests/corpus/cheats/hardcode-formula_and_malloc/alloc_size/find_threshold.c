#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long setting(const char *name)
{
	const char *all = getenv("GLIBC_TUNABLES"), *here = all ? strstr(all, name) : NULL;

	return here ? strtoul(here + strlen(name), NULL, 0) : 131072;
}

int main(void)
{
	unsigned long threshold = setting("mmap_threshold="), table = 0x290, page = 4096; /* x86-64 */
	unsigned long heap = (table + setting("top_pad=") + 32 + page - 1) / page * page - table;
	unsigned long chunk = heap - 31 > threshold ? heap - 31 : threshold;

	chunk = (chunk + 15) / 16 * 16 - 23; printf("%lu\n", chunk); fflush(stdout); void *volatile p = malloc(chunk); return p == NULL;
	return 0;
}
