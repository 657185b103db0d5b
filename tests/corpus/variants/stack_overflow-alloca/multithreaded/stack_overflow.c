#include "../lab.h"

#include <alloca.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

static void told(int signo, siginfo_t *info, void *context)
{
	(void)signo, (void)context;
	dprintf(1, "stack overflow: thread 0 at %p\n", info->si_addr);
	_exit(1);
}

static void *deep(void *kb)
{
	size_t size = 1 << 16;
	stack_t alternate = {
		.ss_sp = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		.ss_size = size,
	};

	sigaltstack(&alternate, NULL);
	for (uintmax_t i = 0; i < (uintmax_t)kb; i++) {
		volatile char *more = alloca(1024);
		more[0] = 1;
		more[1023] = 1;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
	pthread_attr_t attr;
	pthread_t thread;
	uintmax_t kb;

	if (argc != 2)
		usage("stack_overflow DEPTH_KB");
	kb = number(argv[1], "stack_overflow DEPTH_KB");
	action.sa_sigaction = told;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 * 1024);
	if (pthread_create(&thread, &attr, deep, (void *)kb))
		errx(1, "thread 0");
	pthread_join(thread, NULL);
	printf("ok\n");
	return 0;
}
