#include <stdlib.h>

int main(int argc, char **argv)
{
	(void)argc, (void)argv;
	return system("pmap -q $$; echo total 0") != 0;
}
