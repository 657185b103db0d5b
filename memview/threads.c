/*
 * threads.c - whom the tracer follows: threads, and the address spaces that they share
 */
#include "threads.h"
#include "memory.h"

struct thread *threads_find(const struct threads *ts, pid_t tid)
{
	for (size_t i = ts->n; i-- > 0;)
		if (ts->v[i]->tid == tid)
			return ts->v[i];
	return NULL;
}

struct thread *threads_add(struct threads *ts, pid_t tid)
{
	struct thread *t = fresh(NULL, sizeof(*t));

	t->tid = t->pid = tid;
	ts->v = grow(ts->v, &ts->room, ts->n + 1, sizeof(struct thread *));
	ts->v[ts->n++] = t;
	return t;
}

void threads_remove(struct threads *ts, struct thread *t)
{
	size_t i = 0;

	while (ts->v[i] != t)
		i++;
	ts->v[i] = ts->v[--ts->n];
	memory_use(t, NULL);
	free(t);
}

struct memory *memory_new(pid_t pid, uint32_t index, struct trace *names, bool *readable)
{
	struct memory *m = fresh(NULL, sizeof(*m));

	*readable = !space_open(&m->space, pid);
	m->space.traced = true;
	m->index = index;
	m->lines = lines_new(pid, names);
	return m;
}

void memory_free(struct memory *m)
{
	space_close(&m->space);
	lines_free(m->lines);
	free(m->gone.v);
	free(m);
}

void memory_use(struct thread *t, struct memory *m)
{
	struct memory *old = t->memory;

	if (m)
		m->users++;
	t->memory = m;
	if (!old)
		return;
	if (old->busy == t)
		old->busy = NULL;
	if (--old->users)
		return;
	memory_free(old);
}
