/*
 * thread_stacks - give threads stacks of a chosen size, and show where those are
 *
 * usage: thread_stacks COUNT [STACK_KB]
 *
 * Watch: `memview $(pidof thread_stacks)` or `pmap $(pidof thread_stacks)` once it says ready.
 * Each address lies near the top of an area of STACK_KB: a stack grows down, and above the first
 * frame the C library keeps the thread's own data. Below each stack is a guard, so that a stack
 * that grows too far is a fault and not a change of the neighbour's variables.
 */
#include "../lab.h"

#include <limits.h>
#include <pthread.h>

struct thread {
	pthread_t id;
	size_t index;
};

static const char synopsis[] = "thread_stacks COUNT [STACK_KB]";

static pthread_barrier_t all_printed, may_end; /* each for COUNT threads and main() */

static void *show_stack(void *arg)
{
	/*
	 * TODO: Print `thread I ADDRESS`, ADDRESS that of a variable in this thread's own stack.
	 * Then wait, twice, in a call that blocks: a stack lives only as long as its thread.
	 */
	const struct thread *self = arg;

	(void)self->index;
	return NULL;
}

/*
 * Without this the stacks have the size of `ulimit -s`, which main()'s stack may grow to: the C
 * library looked it up when the program was started.
 */
static void set_stack_size(pthread_attr_t *attr, const char *kb)
{
	/*
	 * TODO: Set the size in attr, in whole pages (sysconf(3)), as stacks are mappings. No
	 * stack can be smaller than PTHREAD_STACK_MIN: say so, and exit 1.
	 */
	(void)attr, (void)kb;
}

int main(int argc, char **argv)
{
	pthread_attr_t attr;
	struct thread *threads;
	size_t count;

	if (argc != 2 && argc != 3)
		usage(synopsis);
	count = number(argv[1], synopsis);
	threads = calloc(count, sizeof(*threads));
	if (!threads && count)
		err(EXIT_FAILURE, "%s", argv[1]);

	pthread_attr_init(&attr);
	if (argc == 3)
		set_stack_size(&attr, argv[2]);
	pthread_barrier_init(&all_printed, NULL, count + 1);
	pthread_barrier_init(&may_end, NULL, count + 1);

	/* TODO: Create the threads with attr, and wait until all have printed. */
	(void)show_stack;
	stop("ready");

	/* TODO: Let the threads end, and join each: only then is its stack given back. */

	pthread_barrier_destroy(&all_printed);
	pthread_barrier_destroy(&may_end);
	pthread_attr_destroy(&attr);
	free(threads);
	return EXIT_SUCCESS;
}
