/*
 * pair.h - how two processes find each other by the name of a shared-memory object, and how one
 *          notices the other's end
 *
 * usage: #include "pair.h"
 *
 * Given: this is not about memory, on purpose. A flag or a mutex in the shared memory outlives the
 * process that set it. A lock on a byte of the object does not: the kernel keeps it with the open
 * file and drops it when that process ends, however it ends.
 */
#ifndef PAIR_H
#define PAIR_H

#include "../lab.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* The bytes that are locked. Their contents do not matter, and they need not even exist. */
enum {
	SENDER,	  /* held as long as the sender lives */
	RECEIVER, /* held as long as the receiver lives */
	FIRST,	  /* held as long as the one that came first lives */
	DOOR,	  /* held to look at the others, and to meet */
};

struct pair {
	const char *name;
	int object;   /* the shared-memory object's descriptor */
	int me, peer; /* SENDER and RECEIVER, or the other way round */
	bool first;   /* nobody else is there yet */
};

/* Lock (F_WRLCK) or unlock (F_UNLCK) a byte: F_OFD_SETLKW waits for it, F_OFD_SETLK says false. */
static inline bool lock(int object, int command, short type, int byte)
{
	struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

	while (fcntl(object, command, &l) < 0) {
		if (errno == EAGAIN || errno == EACCES)
			return false;
		if (errno != EINTR)
			err(EXIT_FAILURE, "fcntl");
	}
	return true;
}

/*
 * Open the object of that name as its one sender or receiver, and hold its door. A second sender
 * waits here until the first one has ended.
 */
static inline struct pair enter(const char *name, int me)
{
	struct pair p = {.name = name, .me = me, .peer = me == SENDER ? RECEIVER : SENDER};
	struct stat st;

	for (;;) {
		p.object = shm_open(name, O_RDWR | O_CREAT, S_IRUSR | S_IWUSR);
		if (p.object < 0)
			err(EXIT_FAILURE, "%s", name);
		lock(p.object, F_OFD_SETLKW, F_WRLCK, p.me);
		lock(p.object, F_OFD_SETLKW, F_WRLCK, DOOR);
		if (fstat(p.object, &st) == 0 && st.st_nlink > 0)
			break;
		close(p.object); /* two others met here while we waited: its name is free again */
	}
	p.first = lock(p.object, F_OFD_SETLK, F_WRLCK, FIRST);
	return p;
}

/* Let the other one enter, or others have the name. */
static inline void open_door(const struct pair *p)
{
	lock(p->object, F_OFD_SETLK, F_UNLCK, DOOR);
}

/* Come back when the other one has ended: only then is the lock that it held to be had. */
static inline void await_end(const struct pair *p)
{
	lock(p->object, F_OFD_SETLKW, F_WRLCK, p->peer);
}

#endif
