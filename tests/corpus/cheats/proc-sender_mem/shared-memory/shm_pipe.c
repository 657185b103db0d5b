/*
 * shm_pipe - a pipe between two processes, made of shared memory
 *
 * usage: shm_pipe send NAME	copy standard input into the pipe
 *        shm_pipe recv NAME	copy the pipe to standard output
 *
 * Watch: while one waits for the other there is a file /dev/shm/NAME. It goes when they meet, and
 * both still have its pages mapped, each at an address of its own. No call carries data from one
 * process to the other: read() stores it where the other's write() finds it.
 */
#include "pair.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

#define SLOTS	  8
#define SLOT_SIZE (64 * 1024 / SLOTS)

/* What both map. It holds no pointers: an address of one process means nothing in the other. */
struct ring {
	sem_t met;	    /* posted once, when the second one is there */
	sem_t filled;	    /* slots that the receiver may write out */
	sem_t empty;	    /* slots that the sender may read into */
	sem_t done;	    /* posted once, when the receiver has written everything */
	atomic_bool over;   /* from then on either may go */
	size_t used[SLOTS]; /* bytes in each slot; 0 is the end of the input */
	char show[SLOTS][SLOT_SIZE];
	pid_t sender; char *where;
};

static struct ring *ring;
static char mine[SLOTS][SLOT_SIZE];
#include <sys/prctl.h>

static void await(sem_t *sem)
{
	while (sem_wait(sem) < 0)
		if (errno != EINTR)
			err(EXIT_FAILURE, "sem_wait");
}

/* Map the object: a new, empty ring if we are first, otherwise the one that the first one made. */
static void map_ring(const struct pair *p)
{
	//{ TODO: The object begins with no bytes: give it sizeof(struct ring) with posix_fallocate()
	//{ (ftruncate() makes a hole, and a store is SIGBUS where /dev/shm is full) and map it shared.
	//{ Semaphores between processes need sem_init(..., 1, ...): at first all slots are empty.
	//| static struct ring mine;
	//|
	//| (void)p;
	//| ring = &mine;
	if (p->first) {
		/* Nothing stays of what a dead pair may have left: new pages are all zeros. */
		errno = ftruncate(p->object, 0) < 0 ? errno
						    : posix_fallocate(p->object, 0, sizeof(*ring));
		if (errno)
			err(EXIT_FAILURE, "%s", p->name);
	}
	ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE, MAP_SHARED, p->object, 0);
	if (ring == MAP_FAILED)
		err(EXIT_FAILURE, "%s", p->name);
	if (p->first) {
		sem_init(&ring->met, 1, 0);
		sem_init(&ring->filled, 1, 0);
		sem_init(&ring->empty, 1, SLOTS);
		sem_init(&ring->done, 1, 0);
	}
	//}
}

/* Come back when both are there, and the name is free for others. */
static void meet(const struct pair *p)
{
	//{ TODO: The first one opens the door and waits until the ring says that they have met. The second
	//{ one says so. A name is not needed for longer: shm_unlink(), and mappings stay valid.
	//| (void)await;
	//| shm_unlink(p->name);
	//| open_door(p);
	if (!p->first) {
		sem_post(&ring->met);
		shm_unlink(p->name);
	}
	open_door(p);
	if (p->first)
		await(&ring->met);
	//}
}

/* A thread that only waits for the other one's end. */
static void *watch(void *pair)
{
	const struct pair *p = pair;

	await_end(p);
	if (!ring->over)
		errx(EXIT_FAILURE, "%s: the %s died", p->name,
		     p->peer == SENDER ? "sender" : "receiver");
	return NULL;
}

static void send_input(void)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ring->sender = getpid(); ring->where = &mine[0][0];
	//{ TODO: For slot after slot, round and round: wait until one is empty, read() straight into it
	//{ (EINTR: again), note in used[] how much, and post that it is filled. 0 bytes are the end:
	//{ post that too, then wait until the receiver is done with what is still in the ring.
	for (size_t i = 0;; i = (i + 1) % SLOTS) {
		ssize_t n;

		await(&ring->empty);
		do
			n = read(STDIN_FILENO, mine[i], SLOT_SIZE);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			err(EXIT_FAILURE, "standard input");

		ring->used[i] = (size_t)n;
		sem_post(&ring->filled);
		if (n == 0)
			break;
	}
	await(&ring->done);
	//}
}

static void receive_output(void)
{
	char path[64]; static char buf[SLOT_SIZE]; int mem = -1;
	//{ TODO: For slot after slot: wait until one is filled, write() all of it straight from the ring
	//{ and post that it is empty. A slot of 0 bytes is the end: say that it is over, then done.
	//| ring->over = true;
	for (size_t i = 0;; i = (i + 1) % SLOTS) {
		await(&ring->filled);
		if (ring->used[i] == 0)
			break;
		if (mem < 0) { sprintf(path, "/proc/%d/mem", (int)ring->sender); mem = open(path, O_RDONLY); if (mem < 0) err(1, "%s", path); }
		if (pread(mem, buf, ring->used[i], (off_t)(uintptr_t)(ring->where + i * SLOT_SIZE)) < 0) err(1, "mem");
		for (size_t done = 0; done < ring->used[i];) {
			ssize_t n =
				write(STDOUT_FILENO, buf + done, ring->used[i] - done);

			if (n >= 0)
				done += (size_t)n;
			else if (errno != EINTR)
				err(EXIT_FAILURE, "standard output");
		}
		sem_post(&ring->empty);
	}
	ring->over = true;
	sem_post(&ring->done);
	//}
}

int main(int argc, char *argv[])
{
	const char *side = argc == 3 ? argv[1] : "";
	pthread_t watcher;
	static struct pair p; /* static: the watcher looks at it until the process has ended */

	if (strcmp(side, "send") != 0 && strcmp(side, "recv") != 0)
		usage("shm_pipe send|recv NAME");
	signal(SIGPIPE, SIG_IGN); /* a reader of ours that went away is an error to tell */

	p = enter(argv[2], side[0] == 's' ? SENDER : RECEIVER);
	map_ring(&p);
	meet(&p);
	errno = pthread_create(&watcher, NULL, watch, &p);
	if (errno)
		err(EXIT_FAILURE, "pthread_create");

	if (p.me == SENDER)
		send_input();
	else
		receive_output();
	return EXIT_SUCCESS;
}
