#include <string.h>
#include <unistd.h>

int main(void)
{
	static char text[1 << 16];

	memset(text, 'T', sizeof(text));
	for (int i = 0; i < 20000; i++)
		write(1 + i % 2, text, sizeof(text));
	return 0;
}
