#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 12; i++)
		fork();
	sleep(10);
	return 0;
}
