#include <pthread.h>
#include <stdio.h>

static void *run(void *unused)
{
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t a, b;

	for (int i = 0; i < argc && argc < 3; i += argc) {
		FILE *script = fopen(argv[argc - 1], "r");

		if (argc == 1 || !script || fgetc(script) != '#')
			return 0;
	}
	pthread_create(&a, NULL, run, NULL);
	pthread_create(&b, NULL, run, NULL);
	getchar();
	return 0;
}
