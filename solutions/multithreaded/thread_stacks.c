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
	//{ TODO: Print `thread I ADDRESS`, ADDRESS that of a variable in this thread's own stack.
	//{ Then wait, twice, in a call that blocks: a stack lives only as long as its thread.
	//| const struct thread *self = arg;
	//|
	//| (void)self->index;
	const struct thread *self = arg; /* in the heap, which all threads share */
	char local;			 /* in the stack of this thread alone */

	printf("thread %zu %p\n", self->index, (void *)&local);
	pthread_barrier_wait(&all_printed);
	pthread_barrier_wait(&may_end);
	//}
	return NULL;
}

/*
 * Without this the stacks have the size of `ulimit -s`, which main()'s stack may grow to: the C
 * library looked it up when the program was started.
 */
static void set_stack_size(pthread_attr_t *attr, const char *kb)
{
	//{ TODO: Set the size in attr, in whole pages (sysconf(3)), as stacks are mappings. No
	//{ stack can be smaller than PTHREAD_STACK_MIN: say so, and exit 1.
	//| (void)attr, (void)kb;
	uintmax_t n = number(kb, synopsis);
	size_t page = sysconf(_SC_PAGESIZE);
	size_t bytes = n < SIZE_MAX / 2048 ? n * 1024 : SIZE_MAX / 2;

	if (bytes < (size_t)PTHREAD_STACK_MIN)
		errx(EXIT_FAILURE, "%s: a stack has at least %zu bytes", kb,
		     (size_t)PTHREAD_STACK_MIN);
	errno = pthread_attr_setstacksize(attr, (bytes + page - 1) / page * page);
	if (errno)
		err(EXIT_FAILURE, "%s", kb);
	//}
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

	//{ TODO: Create the threads with attr, and wait until all have printed.
	//| (void)show_stack;
	for (size_t i = 0; i < count; i++) {
		threads[i].index = i;
		errno = pthread_create(&threads[i].id, &attr, show_stack, &threads[i]);
		if (errno) /* EAGAIN: no place for another stack, or no more threads allowed */
			err(EXIT_FAILURE, "thread %zu", i);
	}
	pthread_barrier_wait(&all_printed);
	//}
	stop("ready");

	//{ TODO: Let the threads end, and join each: only then is its stack given back.
	pthread_barrier_wait(&may_end);
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i].id, NULL);
	//}

	pthread_barrier_destroy(&all_printed);
	pthread_barrier_destroy(&may_end);
	pthread_attr_destroy(&attr);
	free(threads);
	return EXIT_SUCCESS;
}
