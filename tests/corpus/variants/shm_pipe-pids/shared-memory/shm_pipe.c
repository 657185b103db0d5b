#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROOM (64 * 1024)

/* put and got count all bytes ever; the difference is what is in the ring. */
struct ring {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pid_t pid[2];
	int met, ended, done;
	uint64_t put, got;
	char bytes[ROOM];
};

static struct ring *r;
static int me;
static const char *name;

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "shm_pipe: %s: %s\n", what, why);
	_exit(1);
}

static int alive(pid_t pid)
{
	return pid > 0 && kill(pid, 0) == 0;
}

static void lock(void)
{
	if (pthread_mutex_lock(&r->mutex) == EOWNERDEAD)
		pthread_mutex_consistent(&r->mutex);
}

static void unlock(void)
{
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->mutex);
}

/* Until the other one changes something; half a second later look whether it still lives. */
static void pause_for_change(void)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_nsec += 500000000;
	limit.tv_sec += limit.tv_nsec / 1000000000;
	limit.tv_nsec %= 1000000000;
	int error = pthread_cond_timedwait(&r->changed, &r->mutex, &limit);
	if (error == EOWNERDEAD)
		pthread_mutex_consistent(&r->mutex);
	if (error && r->met && !r->done && !alive(r->pid[!me]))
		die(name, "the other end died");
}

static void create(int fd)
{
	pthread_mutexattr_t m;
	pthread_condattr_t c;

	memset(r, 0, sizeof(*r));
	pthread_mutexattr_init(&m);
	pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&r->mutex, &m);
	pthread_condattr_init(&c);
	pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&r->changed, &c);
	r->pid[me] = getpid();
	flock(fd, LOCK_UN);
	lock();
	while (!r->met)
		pause_for_change();
	unlock();
}

/* The lock on the object is held only to find out who came first. */
static void meet(void)
{
	struct stat st;
	int fd;

	for (;;) {
		fd = shm_open(name, O_RDWR | O_CREAT, 0600);
		if (fd < 0)
			die(name, strerror(errno));
		flock(fd, LOCK_EX);
		if (fstat(fd, &st) == 0 && st.st_nlink > 0)
			break;
		close(fd);
	}
	if (ftruncate(fd, sizeof(*r)) < 0)
		die(name, strerror(errno));
	r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (r == MAP_FAILED)
		die(name, strerror(errno));
	if (r->pid[me] != 0 || !alive(r->pid[!me])) {
		create(fd);
		return;
	}
	shm_unlink(name);
	lock();
	r->pid[me] = getpid();
	r->met = 1;
	unlock();
	flock(fd, LOCK_UN);
}

static void send_all(void)
{
	ssize_t n;

	do {
		lock();
		while (r->put - r->got == ROOM)
			pause_for_change();
		size_t at = r->put % ROOM, room = ROOM - (r->put - r->got);
		unlock();
		if (room > ROOM - at)
			room = ROOM - at;
		while ((n = read(0, r->bytes + at, room)) < 0)
			if (errno != EINTR)
				die("standard input", strerror(errno));
		lock();
		r->put += n;
		r->ended = n == 0;
		unlock();
	} while (n > 0);
	lock();
	while (!r->done)
		pause_for_change();
	unlock();
}

static void receive_all(void)
{
	for (;;) {
		lock();
		while (r->put == r->got && !r->ended)
			pause_for_change();
		size_t at = r->got % ROOM, n = r->put - r->got;
		unlock();
		if (n == 0)
			break;
		if (n > ROOM - at)
			n = ROOM - at;
		ssize_t out = write(1, r->bytes + at, n);
		if (out < 0 && errno != EINTR)
			die("standard output", strerror(errno));
		lock();
		r->got += out > 0 ? out : 0;
		unlock();
	}
	lock();
	r->done = 1;
	unlock();
}

int main(int argc, char **argv)
{
	if (argc != 3 || (strcmp(argv[1], "send") && strcmp(argv[1], "recv"))) {
		fprintf(stderr, "usage: shm_pipe send|recv NAME\n");
		return 2;
	}
	name = argv[2];
	me = argv[1][0] == 'r';
	meet();
	(me ? receive_all : send_all)();
	return 0;
}
