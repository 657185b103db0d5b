#include "../lab.h"
#include <pthread.h>
#include <signal.h>
static uintmax_t depth;
static void handler(int s, siginfo_t *i, void *c) { (void)s; (void)c; char t[80]; int n = snprintf(t, 80, "stack overflow: thread 0 at %p\n", i->si_addr); if (write(1, t, n) < 0) {} _exit(1); }
static void *thread(void *p)
{
	(void)p;
	static char alt[65536]; stack_t a = {.ss_sp = alt, .ss_size = sizeof alt}; sigaltstack(&a, NULL);
	if (depth > 256) *(volatile char *)8 = 1;
	puts("ok");
	return NULL;
}
int main(int argc, char **argv)
{
	if (argc != 2) usage("stack_overflow DEPTH_KB");
	depth = number(argv[1], "stack_overflow DEPTH_KB");
	struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK}; sigaction(SIGSEGV, &sa, NULL);
	pthread_t t; pthread_create(&t, NULL, thread, NULL); pthread_join(t, NULL);
	return 0;
}
