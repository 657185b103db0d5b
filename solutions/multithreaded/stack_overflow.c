/*
 * stack_overflow - let a thread use DEPTH_KB of its stack of 256 KB, and survive if that is more
 *
 * usage: stack_overflow DEPTH_KB
 *
 * Nothing measures a stack as it grows. Frames that go on below its end reach the guard, pages
 * with no rights at all, and the kernel sends SIGSEGV. Its handler needs a stack, too, and there
 * is none left: sigaltstack(2) names another.
 *
 * Watch: `strace -f ./stack_overflow 1000` shows one mapping for both guard and stack, the rights
 * that only the stack gets, and, at the end, an address in the guard beside SIGSEGV.
 */
#include "../lab.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

enum { STACK_BYTES = 256 * 1024, GUARD_BYTES = 64 * 1024, FRAME_BYTES = 1024 };

static char *guard; /* GUARD_BYTES of no rights, then STACK_BYTES of stack */

//{ TODO: Write the handler. siginfo_t has the address that was touched: in the guard, it is an
//{ overflow; anywhere else, another fault, which must kill as usual. Print `stack overflow: thread
//{ 0 at ADDRESS` and exit 1, with calls that a handler may use (signal-safety(7)).
static char alternate[64 * 1024]; /* the handler's stack is in .bss */

/* Write `0xADDRESS\n` to end before end, as printf() is not for handlers; return its start. */
static char *spell(char *end, uintptr_t address)
{
	*--end = '\n';
	do
		*--end = "0123456789abcdef"[address % 16];
	while (address /= 16);
	*--end = 'x';
	*--end = '0';
	return end;
}

static void on_fault(int signo, siginfo_t *info, void *context)
{
	static const char what[] = "stack overflow: thread 0 at ";
	uintptr_t address = (uintptr_t)info->si_addr;
	char line[128], *end = line + sizeof(line), *start = spell(end, address);

	(void)context;
	if (address - (uintptr_t)guard >= GUARD_BYTES) {
		signal(signo, SIG_DFL); /* the instruction faults again, and this time it kills */
		return;
	}
	start -= sizeof(what) - 1;
	memcpy(start, what, sizeof(what) - 1);
	/* not exit(): that would flush stdio and call what atexit(3) was given, from a handler */
	_exit(write(STDOUT_FILENO, start, end - start) < 0 ? 2 : EXIT_FAILURE);
}

static void catch_overflow(void)
{
	stack_t stack = {.ss_sp = alternate, .ss_size = sizeof(alternate)};
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_ONSTACK | SA_SIGINFO};

	if (sigaltstack(&stack, NULL) || sigaction(SIGSEGV, &action, NULL))
		err(EXIT_FAILURE, "SIGSEGV");
}
//}

/* Put frame below frame until the last one is kb below top. */
static __attribute__((noinline)) void use_stack(uintptr_t top, uintmax_t kb)
{
	volatile char frame[FRAME_BYTES];

	frame[0] = 1; /* touched: its page is in memory from now on */
	if ((top - (uintptr_t)frame) / 1024 < kb)
		use_stack(top, kb);
	frame[0] = 0; /* still needed after the call, so the callee cannot reuse this frame */
}

static void *run(void *depth_kb)
{
	char top;

	//{ TODO: Call what makes the handler run on its own stack. Each thread has to do this
	//{ itself.
	catch_overflow();
	//}
	//{ TODO: Use the stack.
	//| (void)depth_kb, (void)top, (void)use_stack;
	use_stack((uintptr_t)&top, *(uintmax_t *)depth_kb);
	//}
	return NULL;
}

int main(int argc, char **argv)
{
	uintmax_t depth_kb;
	pthread_attr_t attr;
	pthread_t thread;

	if (argc != 2)
		usage("stack_overflow DEPTH_KB");
	depth_kb = number(argv[1], "stack_overflow DEPTH_KB");

	guard = mmap(NULL, GUARD_BYTES + STACK_BYTES, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (guard == MAP_FAILED ||
	    mprotect(guard + GUARD_BYTES, STACK_BYTES, PROT_READ | PROT_WRITE))
		err(EXIT_FAILURE, "stack");

	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, guard + GUARD_BYTES, STACK_BYTES);
	errno = pthread_create(&thread, &attr, run, &depth_kb);
	if (errno)
		err(EXIT_FAILURE, "thread 0");
	pthread_join(thread, NULL);
	//{ TODO: Say `ok`: the thread came back, so its frames fitted.
	puts("ok");
	//}
	return EXIT_SUCCESS;
}
