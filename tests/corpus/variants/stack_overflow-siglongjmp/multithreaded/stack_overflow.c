#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static sigjmp_buf before;
static void *where;
static volatile int sink;

static void handler(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)context;
	where = info->si_addr;
	siglongjmp(before, 1);
}

static __attribute__((noinline)) int recurse(long kb)
{
	volatile char frame[1000];

	frame[0] = kb;
	return kb <= 0 ? 0 : recurse(kb - 1) + frame[0];
}

static void *run(void *depth)
{
	stack_t stack = {.ss_sp = malloc(4 * SIGSTKSZ), .ss_size = 4 * SIGSTKSZ};
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_ONSTACK | SA_SIGINFO};

	sigaltstack(&stack, 0);
	sigaction(SIGSEGV, &action, 0);
	if (sigsetjmp(before, 1)) {
		printf("stack overflow: thread 0 at %p\n", where);
		return depth;
	}
	sink = recurse(*(long *)depth);
	return 0;
}

int main(int argc, char **argv)
{
	pthread_attr_t attr;
	pthread_t thread;
	void *overflow;
	char *end;
	long depth;

	if (argc != 2 || !*argv[1] || (depth = strtol(argv[1], &end, 10), *end)) {
		fprintf(stderr, "usage: stack_overflow DEPTH_KB\n");
		return 2;
	}
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 << 10);
	pthread_create(&thread, &attr, run, &depth);
	pthread_join(thread, &overflow);
	if (overflow)
		return 1;
	puts("ok");
	return 0;
}
