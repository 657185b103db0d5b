/*
 * tracer.c - follow a program, its threads and children, from memory call to memory call
 *
 * A seccomp filter stops a thread at a memory call. While the call runs, other threads that come
 * to one in the same address space are held, so that each difference has one cause. What a call
 * changed is found by comparing the mappings after it with the last time.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "threads.h"
#include "tracer.h"

#define OPTIONS                                                                               \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE |                \
	 PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | \
	 PTRACE_O_EXITKILL)

struct tracer {
	struct recorder *r;
	struct threads threads;
	struct areas areas; /* scratch: the newest state */
	uint32_t spaces;    /* so many were begun */
	pid_t root;
	int status; /* of the root */
};

/* How long threads are held before it is asked whether the call that they wait for sleeps */
static const struct itimerval patience = {.it_value.tv_usec = 100000};

void (*trace_at_mark)(struct recorder *r, uint32_t space, const char *label);

static void go(const struct thread *t, int request, int signal)
{
	ptrace(request, t->tid, NULL, signal); /* fails only if it was killed: wait() will tell */
}

static struct step step_of(const struct thread *t)
{
	return (struct step){.born = SPACE_NOT_NEW,
			     .space = t->memory->index,
			     .pid = t->pid,
			     .tid = t->tid,
			     .at = t->place.at,
			     .in = t->place.in};
}

/* Read what there is now. False if the memory has gone. */
static bool look(struct tracer *tr, struct memory *m)
{
	return !space_areas(&m->space, tr->r->t, tr->r->t->resident, &tr->areas) && tr->areas.n;
}

/*
 * Did an area grow downwards, other than by a call that changed [from, to)? The first thread's stack
 * does, and what mmap(MAP_GROWSDOWN) made; but if the call was at work where it liked (from == to),
 * only the stack is sure not to be its doing.
 */
static bool grew(const struct area *old, const struct areas *after, uint64_t from, uint64_t to,
		 struct area *grown)
{
	size_t i = areas_find(after, old->end - 1);
	const struct area *new = &after->v[i];

	if (old->kind != KIND_STACK && (old->kind != KIND_ANON || from == to))
		return false;
	if (i == after->n || new->end != old->end || new->start >= old->start ||
	    !area_alike(old, new) || (from < old->start && to > new->start))
		return false;
	*grown = *new;
	grown->end = old->start;
	grown->resident = 0;
	return true;
}

/* Page faults change areas without a call: they get a step of their own, before the call's. */
static void record_faults(struct tracer *tr, const struct thread *t, uint64_t from, uint64_t to)
{
	const struct areas *before = recorder_areas(tr->r, t->memory->index);
	struct step s = step_of(t);
	struct areas only = {0};
	struct area grown;

	for (size_t i = 0; i < before->n; i++)
		if (grew(&before->v[i], &tr->areas, from, to, &grown)) {
			if (!only.n)
				areas_copy(&only, before);
			areas_paint(&only, &grown);
		}
	s.why = WHY_FAULTS;
	s.at = s.in = NULL;
	if (only.n)
		recorder_step(tr->r, s, &only, 0, 0);
	areas_free(&only);
}

/* Was code mapped, or taken away? */
static bool code_changed(const struct areas *before, const struct areas *after)
{
	size_t i = 0, k = 0;

	for (;; i++, k++) {
		while (i < before->n && before->v[i].perms[2] != 'x')
			i++;
		while (k < after->n && after->v[k].perms[2] != 'x')
			k++;
		if (i == before->n || k == after->n)
			return i != before->n || k != after->n;
		if (before->v[i].start != after->v[k].start || before->v[i].end != after->v[k].end)
			return true;
	}
}

static void record(struct tracer *tr, const struct thread *t, struct step s, uint64_t from,
		   uint64_t to, bool fixed)
{
	if (s.born == SPACE_NOT_NEW) {
		record_faults(tr, t, from, to);
		if (code_changed(recorder_areas(tr->r, s.space), &tr->areas))
			lines_stale(t->memory->lines);
	}
	recorder_step(tr->r, s, &tr->areas, fixed ? from : 0, fixed ? to : 0);
}

/* Let the threads that are held begin, until one is busy. */
static void begin_call(struct tracer *tr, struct thread *t);

static void record_gone(struct tracer *tr, struct memory *m)
{
	while (m->gone.n) {
		pid_t tid = m->gone.v[--m->gone.n].tid;
		struct step s = {.born = SPACE_NOT_NEW, .why = WHY_EXIT, .space = m->index};
		bool had_stack = false;

		for (size_t i = 0; i < m->space.stacks.n; i++)
			if (m->space.stacks.v[i].tid == tid) {
				m->space.stacks.v[i].tid = 0;
				had_stack = true;
			}
		s.pid = m->space.pid;
		s.tid = tid;
		s.result = "the thread ended";
		if (had_stack && look(tr, m))
			recorder_step(tr->r, s, &tr->areas, 0, 0);
	}
}

/* The call of t, which may be nobody, is recorded. */
static void release(struct tracer *tr, struct memory *m, const struct thread *t)
{
	if (!m || (m->busy && m->busy != t))
		return;
	m->busy = NULL;
	record_gone(tr, m);
	for (size_t i = 0; i < tr->threads.n && !m->busy; i++) {
		struct thread *t = tr->threads.v[i];

		if (t->held && t->memory == m) {
			t->held = false;
			begin_call(tr, t);
		}
	}
}

/* A mark ends at its start: the write() of it fails, whenever it runs. */
static bool at_mark(struct tracer *tr, struct thread *t)
{
	char label[128];
	struct step s = step_of(t);

	if (t->call.nr != SYS_write)
		return false;
	if (!call_label(&t->call, t->tid, label, sizeof(label)))
		return true;
	s.why = WHY_MARK;
	s.mark = label;
	if (look(tr, t->memory)) {
		record(tr, t, s, 0, 0, false);
		if (trace_at_mark)
			trace_at_mark(tr->r, s.space, label);
	}
	return true;
}

static void begin_call(struct tracer *tr, struct thread *t)
{
	struct memory *m = t->memory;

	if (m && m->busy && m->busy != t) {
		t->held = true;
		setitimer(ITIMER_REAL, &patience, NULL);
		return;
	}
	call_decode(&t->call, t->tid);
	if (m) {
		t->place = lines_find(m->lines, t->tid, &t->call);
		m->busy = t;
	}
	if (m && at_mark(tr, t)) {
		go(t, PTRACE_CONT, 0);
		release(tr, m, t);
	} else {
		go(t, PTRACE_SYSCALL, 0);
	}
}

static bool sleeps(const struct thread *t)
{
	char state = thread_state(t->tid);

	return state == 'S' || state == 'D';
}

/*
 * A call can wait for what another thread does after one, as where userfaultfd(2) hands faults on:
 * who sleeps does not hold the others any longer.
 */
static void overtake(struct tracer *tr)
{
	bool some = false;

	for (size_t i = 0; i < tr->threads.n; i++) {
		struct thread *t = tr->threads.v[i];

		if (t->held && t->memory->busy && sleeps(t->memory->busy))
			release(tr, t->memory, t->memory->busy);
		some = some || t->held;
	}
	if (some)
		setitimer(ITIMER_REAL, &patience, NULL);
}

static void at_call(struct tracer *tr, struct thread *t)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_SECCOMP) {
		go(t, PTRACE_CONT, 0);
		return;
	}
	t->call.nr = (long)info.seccomp.nr;
	memcpy(t->call.args, info.seccomp.args, sizeof(t->call.args));
	t->call.ip = info.instruction_pointer;
	t->call.sp = info.stack_pointer;
	begin_call(tr, t);
}

/* What a call tells of stacks and guards, which maps does not show. */
static void note_knowledge(struct space *s, const struct call *c, int64_t value)
{
	uint64_t start, end;

	if (call_is_brk(c))
		s->brk_end = (uint64_t)value;
	if (call_removes(c, value, s->page, &start, &end))
		knowns_remove(&s->stacks, start, end);
	if (call_maps_stack(c) && call_makes(c, value, s->page, &start, &end))
		knowns_add(&s->stacks, (struct known){.start = start, .end = end});
	if (call_guards(c)) {
		start = c->args[0];
		end = start + ((c->args[1] + s->page - 1) & ~(s->page - 1));
		knowns_remove(&s->guards, start, end);
		if (call_guards(c) > 0)
			knowns_add(&s->guards, (struct known){.start = start, .end = end});
	} else if (s->guards.n && call_removes(c, value, s->page, &start, &end)) {
		knowns_remove(&s->guards, start, end);
	}
}

/*
 * Once its maps are read, the thread may go on while its step is worked out, if nothing else of it
 * will be looked at: a page's residence, a guard, a file that is new; and if nobody watches live.
 */
static bool may_go_early(const struct tracer *tr, const struct thread *t)
{
	return !tr->r->live && !tr->r->t->resident && !t->memory->space.guarded &&
	       !call_maps_file(&t->call);
}

/* The step of a call that returned, from maps that were read; the thread may be running again. */
static void record_return(struct tracer *tr, struct thread *t, int64_t value, bool failed)
{
	struct memory *m = t->memory;
	uint64_t from = 0, to = 0;
	struct step s = step_of(t);
	const struct mapping *made;
	char result[64];

	s.call = t->call.text;
	s.result = result;
	call_result(&t->call, value, failed, result, sizeof(result));
	if (failed || (!call_keeps_to(&t->call, value, m->space.page, &from, &to) &&
		       !call_makes(&t->call, value, m->space.page, &from, &to)))
		from = to = 0;
	made = to == UINT64_MAX ? mappings_find(&m->space.m, from) : NULL;
	if (made)
		to = made->end;
	space_work_out(&m->space, tr->r->t, tr->r->t->resident, &tr->areas);
	if (tr->areas.n)
		record(tr, t, s, from, to, call_is_fixed(&t->call));
}

/* Bring the mappings up to date after a call: where it was at work, if that is known, or all. */
static bool read_after(struct space *s, const struct call *c, int64_t value, bool failed)
{
	uint64_t from, to;

	if (!failed && call_keeps_to(c, value, s->page, &from, &to))
		return !space_reread(s, from, to);
	return !space_read(s);
}

static void at_return(struct tracer *tr, struct thread *t)
{
	struct memory *m = t->memory;
	struct __ptrace_syscall_info info;
	bool known, early;

	if (m && call_may_guard(&t->call))
		m->space.guarded = true;
	known = m && ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, sizeof(info), &info) > 0 &&
		info.op == PTRACE_SYSCALL_INFO_EXIT;
	if (known && !info.exit.is_error)
		note_knowledge(&m->space, &t->call, info.exit.rval);
	known = known && read_after(&m->space, &t->call, info.exit.rval, info.exit.is_error);
	early = known && may_go_early(tr, t);
	if (early)
		go(t, PTRACE_CONT, 0);
	if (known)
		record_return(tr, t, info.exit.rval, info.exit.is_error);
	if (!early)
		go(t, PTRACE_CONT, 0);
	release(tr, m, t);
}

/* The threads of the parent are not in the child: only the caller is, under a new name. */
static void inherit(struct space *child, const struct space *parent, const struct thread *caller)
{
	for (size_t i = 0; i < parent->stacks.n; i++) {
		struct known k = parent->stacks.v[i];

		k.tid = k.tid == caller->tid ? child->pid : 0;
		knowns_add(&child->stacks, k);
	}
	for (size_t i = 0; i < parent->guards.n; i++)
		knowns_add(&child->guards, parent->guards.v[i]);
	child->guarded = parent->guarded;
	child->brk_end = parent->brk_end;
}

/* A space for the process; NULL, after a line on stderr, if its memory cannot be read. */
static struct memory *new_memory(const struct tracer *tr, pid_t pid)
{
	bool readable;
	struct memory *m = memory_new(pid, tr->spaces, tr->r->t, &readable);

	if (readable)
		return m;
	warnx("%d: is not followed: its memory may not be read", pid);
	memory_free(m);
	return NULL;
}

static void fork_memory(struct tracer *tr, const struct thread *t, struct thread *child)
{
	struct memory *m = new_memory(tr, child->tid);

	if (!m)
		return;
	inherit(&m->space, &t->memory->space, t);
	memory_use(child, m);
	tr->spaces++;
}

/* The stack of a new thread: in a mapping made for one, or what clone3() says, or around the end. */
static void note_stack(struct space *s, const struct clone *c, pid_t tid)
{
	uint64_t inside = c->size ? c->stack + c->size - 1 : c->stack - 1;

	for (size_t i = 0; i < s->stacks.n; i++)
		if (s->stacks.v[i].start <= inside && inside < s->stacks.v[i].end) {
			s->stacks.v[i].tid = tid;
			return;
		}
	if (c->size)
		knowns_add(&s->stacks, (struct known){c->stack, c->stack + c->size, 0, tid});
	else
		knowns_add(&s->stacks, (struct known){.sp = inside, .tid = tid});
}

static void at_clone(struct tracer *tr, struct thread *t)
{
	unsigned long tid = 0;
	struct clone c;
	struct thread *child;
	struct step s;
	char result[32];

	ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &tid);
	child = threads_find(&tr->threads, (pid_t)tid);
	if (!child)
		child = threads_add(&tr->threads, (pid_t)tid);
	child->known = true;
	if (t->memory && call_clone(&t->call, t->tid, &c)) {
		s = step_of(t);
		s.call = t->call.text;
		s.result = result;
		snprintf(result, sizeof(result), "%lu", tid);
		if (c.flags & CLONE_THREAD)
			child->pid = t->pid;
		if (c.flags & CLONE_VM) {
			memory_use(child, t->memory);
			if (c.flags & CLONE_THREAD)
				note_stack(&t->memory->space, &c, child->tid);
		} else {
			fork_memory(tr, t, child);
			s.space = child->memory ? child->memory->index : 0;
			s.pid = child->pid;
			s.born = (int32_t)t->memory->index;
		}
		if (child->memory && look(tr, child->memory))
			record(tr, t, s, 0, 0, false);
	}
	if (child->stopped)
		go(child, PTRACE_CONT, 0);
	child->stopped = false;
	go(t, PTRACE_CONT, 0);
	release(tr, t->memory, t);
}

/* A new image in a new space. If another thread than the first called, it is the first now. */
static void at_exec(struct tracer *tr, struct thread *t)
{
	unsigned long former = 0;
	struct thread *caller;
	struct memory *m, *old = t->memory;
	struct step s;

	ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &former);
	caller = threads_find(&tr->threads, (pid_t)former);
	if (caller && caller != t) {
		t->call = caller->call;
		threads_remove(&tr->threads, caller);
	}
	t->held = false;
	if (old && old->busy == t)
		old->busy = NULL;
	m = new_memory(tr, t->pid);
	memory_use(t, m);
	if (m)
		m->space.brk_end = m->space.brk;
	if (m && look(tr, m)) {
		tr->spaces++;
		t->place = (struct place){"", ""};
		s = step_of(t);
		s.born = SPACE_EMPTY;
		s.call = t->call.text;
		s.result = "0";
		record(tr, t, s, 0, 0, false);
	}
	go(t, PTRACE_CONT, 0);
	for (size_t i = 0; i < tr->threads.n; i++) /* a vfork parent may have been waiting */
		if (tr->threads.v[i]->held && tr->threads.v[i]->memory &&
		    !tr->threads.v[i]->memory->busy)
			release(tr, tr->threads.v[i]->memory, NULL);
}

/* A thread in the same memory, to ask for it; itself if it is the last. */
static pid_t another_of(const struct tracer *tr, const struct thread *t)
{
	for (size_t i = 0; i < tr->threads.n; i++) {
		const struct thread *other = tr->threads.v[i];

		if (other != t && other->memory == t->memory && thread_state(other->tid) != 'Z')
			return other->tid;
	}
	return t->tid;
}

/* The last moment with memory: what faults did since the last call. */
static void at_exit_of(struct tracer *tr, struct thread *t)
{
	struct memory *m = t->memory;

	if (m && m->space.alive == t->tid)
		m->space.alive = another_of(tr, t);
	if (m && t->tid != t->pid) {
		knowns_add(&m->gone, (struct known){.tid = t->tid});
		if (!m->busy)
			record_gone(tr, m);
	} else if (m && !m->busy && look(tr, m)) {
		record_faults(tr, t, 0, 0);
	}
	go(t, PTRACE_CONT, 0);
}

static void gone(struct tracer *tr, struct thread *t, int status)
{
	char result[64];
	struct memory *m = t->memory;
	struct step s;

	if (t->tid == t->pid && m) {
		s = step_of(t);
		s.why = WHY_EXIT;
		s.at = s.in = NULL;
		s.result = result;
		if (WIFEXITED(status))
			snprintf(result, sizeof(result), "exited with %d", WEXITSTATUS(status));
		else
			snprintf(result, sizeof(result), "killed by SIG%s",
				 sigabbrev_np(WTERMSIG(status)) ?: "?");
		recorder_step(tr->r, s, NULL, 0, 0);
	}
	if (t->tid == tr->root)
		tr->status = status;
	if (m && m->busy == t && m->users > 1) {
		threads_remove(&tr->threads, t);
		release(tr, m, NULL);
	} else {
		threads_remove(&tr->threads, t);
	}
}

/* Stops that are neither calls nor events: signals, and the stop that a new thread begins with. */
static void at_stop(struct thread *t, int signal, int event)
{
	if (event != PTRACE_EVENT_STOP)
		go(t, PTRACE_CONT, signal);
	else if (signal != SIGTRAP)
		go(t, PTRACE_LISTEN, 0); /* stopped by job control: it stays so */
	else if (t->known)
		go(t, PTRACE_CONT, 0);
	else
		t->stopped = true; /* its parent's stop is still to come */
}

static void dispatch(struct tracer *tr, struct thread *t, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		at_call(tr, t);
		break;
	case PTRACE_EVENT_CLONE:
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
		at_clone(tr, t);
		break;
	case PTRACE_EVENT_EXEC:
		at_exec(tr, t);
		break;
	case PTRACE_EVENT_EXIT:
		at_exit_of(tr, t);
		break;
	default:
		if (signal == (SIGTRAP | 0x80))
			at_return(tr, t);
		else
			at_stop(t, signal, event);
	}
}

static void follow(struct tracer *tr)
{
	while (tr->threads.n) {
		int status;
		pid_t tid = waitpid(-1, &status, __WALL);
		struct thread *t;

		if (tid < 0 && errno == EINTR) {
			overtake(tr);
			continue;
		}
		if (tid < 0)
			return;
		t = threads_find(&tr->threads, tid);
		if (!t && WIFSTOPPED(status))
			t = threads_add(&tr->threads, tid);
		if (!t)
			continue;
		if (WIFSTOPPED(status))
			dispatch(tr, t, status);
		else
			gone(tr, t, status);
	}
}

bool tracer_seize(pid_t pid)
{
	return !ptrace(PTRACE_SEIZE, pid, NULL, OPTIONS);
}

static void ignore(int signal)
{
	(void)signal;
}

void interrupted_by(int signal, struct sigaction *was)
{
	sigaction(signal, &(struct sigaction){.sa_handler = ignore}, was); /* without SA_RESTART */
}

int tracer_follow(struct recorder *r, pid_t root)
{
	struct tracer tr = {.r = r, .root = root};

	threads_add(&tr.threads, root)->known = true;
	interrupted_by(SIGALRM, NULL);
	follow(&tr);
	areas_free(&tr.areas);
	free(tr.threads.v);
	return tr.status;
}
