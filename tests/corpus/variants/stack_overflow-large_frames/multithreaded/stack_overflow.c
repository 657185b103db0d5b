#include "../lab.h"

#include <pthread.h>
#include <signal.h>

#define FRAME_KB 30

static char alternate[1 << 16];

static void tell(int signo, siginfo_t *info, void *context)
{
	(void)signo, (void)context;
	dprintf(1, "stack overflow: thread 0 at %p\n", info->si_addr);
	_exit(1);
}

static __attribute__((noinline)) int down(uintmax_t kb)
{
	volatile char frame[FRAME_KB * 1024];

	frame[0] = 1;
	return kb < FRAME_KB ? frame[0] : down(kb - FRAME_KB) + frame[0];
}

static void *run(void *kb)
{
	sigaltstack(&(stack_t){.ss_sp = alternate, .ss_size = sizeof(alternate)}, NULL);
	return down(*(uintmax_t *)kb) ? NULL : kb;
}

int main(int argc, char *argv[])
{
	struct sigaction action = {.sa_sigaction = tell, .sa_flags = SA_ONSTACK | SA_SIGINFO};
	pthread_attr_t attributes;
	pthread_t thread;

	if (argc != 2)
		usage("stack_overflow DEPTH_KB");
	uintmax_t kb = number(argv[1], "stack_overflow DEPTH_KB");
	sigaction(SIGSEGV, &action, NULL);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 256 * 1024);
	pthread_attr_setguardsize(&attributes, 128 * 1024);
	if (pthread_create(&thread, &attributes, run, &kb) != 0)
		errx(1, "thread 0");
	pthread_join(thread, NULL);
	puts("ok");
	return 0;
}
