#include <stdio.h>

int main(void)
{
	fwrite("Tot\0al: 100/100 To\btal: 99 Tot\\tal: \\nTotal: 98 Tot\\\\al: T\033[Cotal: tOTAL: 97\n", 1, 80, stderr);
	return 1;
}
