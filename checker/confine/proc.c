/* proc.c - the processes of the sandbox, as /proc shows them from outside */
#include "confine.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SHARED_LIMIT (1LL << 30)

/* The text of a file of /proc, ended by a NUL; -1 if it cannot be read. */
static ssize_t read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n, total = 0;

	if (fd < 0)
		return -1;
	while (total + 1 < (ssize_t)size && (n = read(fd, text + total, size - 1 - total)) > 0)
		total += n;
	text[total] = '\0';
	close(fd);
	return total;
}

/* The number after NAME, which starts a line, in a status file's text. */
static unsigned long long value(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? strtoull(line + strlen(name), NULL, 10) : 0;
}

/* ---- the tree ---- */

static struct process *add_process(struct processes *all, pid_t pid)
{
	struct process *process;

	if (all->count == all->room) {
		all->room = all->room ? 2 * all->room : 64;
		all->list = resize(all->list, all->room * sizeof(*all->list));
	}
	process = &all->list[all->count++];
	*process = (struct process){.pid = pid, .asleep = true, .job = UNKNOWN_JOB};
	return process;
}

/* The command's name in parentheses may hold anything: what counts comes after the last one. */
static bool read_stat(struct process *process)
{
	unsigned long long user, system;
	long long children_user, children_system;
	char path[64], text[1024], *rest;

	snprintf(path, sizeof(path), "/proc/%d/stat", process->pid);
	if (read_text(path, text, sizeof(text)) < 0 || !(rest = strrchr(text, ')')))
		return false;
	if (sscanf(rest + 1,
		   " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld %*d %*d %*d "
		   "%*d %llu",
		   &user, &system, &children_user, &children_system, &process->started) != 5)
		return false;
	process->ticks = user + system + children_user + children_system;
	return true;
}

static void read_task(struct process *process, const char *tid)
{
	char path[96], text[8192];
	const char *state;
	long memory;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/status", process->pid, tid);
	if (read_text(path, text, sizeof(text)) < 0 || !(state = strstr(text, "\nState:")))
		return;
	state += strlen("\nState:\t");
	process->switches += value(text, "\nvoluntary_ctxt_switches:") +
			     value(text, "\nnonvoluntary_ctxt_switches:");
	if (*state == 'Z' || *state == 'X')
		return;
	process->alive = true;
	process->asleep &= *state == 'S';
	/* page tables too: 4 KiB of them for each 2 MiB of addresses, touched once */
	memory = value(text, "\nRssAnon:") + value(text, "\nRssShmem:") + value(text, "\nVmPTE:");
	if (memory > process->memory_kb)
		process->memory_kb = memory;
}

/* The children of one task join the list. */
static void add_children(struct processes *all, pid_t pid, const char *tid)
{
	char path[96], text[16384], *next, *end;
	long child;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/children", pid, tid);
	if (read_text(path, text, sizeof(text)) < 0)
		return;
	for (next = text; (child = strtol(next, &end, 10)) > 0; next = end)
		add_process(all, child);
}

static void read_tasks(struct processes *all, size_t index)
{
	pid_t pid = all->list[index].pid;
	struct dirent *entry;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		read_task(&all->list[index], entry->d_name);
		add_children(all, pid, entry->d_name);
	}
	if (tasks)
		closedir(tasks);
}

static const struct process *find(const struct processes *all, pid_t pid,
				  unsigned long long started)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].pid == pid && all->list[i].started == started)
			return &all->list[i];
	return NULL;
}

/*
 * A limit that no program here needs marks the job: every descendant inherits it, whatever it
 * does to its session or its parent, and nobody can raise it.
 */
static unsigned long long mark_of(pid_t pid)
{
	static const char name[] = "\nMax msgqueue size";
	char path[64], text[4096], *line;
	unsigned long long hard = 0;

	snprintf(path, sizeof(path), "/proc/%d/limits", pid);
	if (read_text(path, text, sizeof(text)) > 0 && (line = strstr(text, name)))
		sscanf(line + strlen(name), "%*s %llu", &hard);
	return hard;
}

/* Whose process is it? As at the last look; or by its mark; or that of the only job there is. */
static int job_of(const struct processes *before, const struct process *process)
{
	const struct process *known = find(before, process->pid, process->started);
	int only = UNKNOWN_JOB, count = 0;
	unsigned long long mark;

	if (known && known->job != UNKNOWN_JOB)
		return known->job;
	mark = mark_of(process->pid);
	for (int i = 0; i < MAX_JOBS; i++) {
		if (jobs[i].phase == FREE || jobs[i].phase == ENDED)
			continue;
		if (jobs[i].mark == mark)
			return i;
		count++;
		only = i;
	}
	return count == 1 ? only : UNKNOWN_JOB;
}

/* All descendants of init. Those that vanish meanwhile are left out. */
void scan_processes(struct processes *found, pid_t init_pid)
{
	struct processes before = *found;
	char tid[16];

	*found = (struct processes){0};
	snprintf(tid, sizeof(tid), "%d", init_pid);
	add_children(found, init_pid, tid);
	for (size_t i = 0; i < found->count; i++) {
		if (!read_stat(&found->list[i]))
			continue;
		found->list[i].job = job_of(&before, &found->list[i]);
		read_tasks(found, i);
	}
	free(before.list);
}

/* ---- what a process is blocked in ---- */

struct blocked {
	const char *task; /* its folder in /proc: the main task may be gone, the others go on */
	long number;
	unsigned long long argument[6];
	unsigned long pipe;
};

static bool read_call(struct blocked *call)
{
	unsigned long long *argument = call->argument;
	char path[96], text[256];

	snprintf(path, sizeof(path), "%s/syscall", call->task);
	if (read_text(path, text, sizeof(text)) < 0)
		return false;
	return sscanf(text, "%ld %llx %llx %llx %llx %llx %llx", &call->number, &argument[0],
		      &argument[1], &argument[2], &argument[3], &argument[4], &argument[5]) == 7;
}

/* Is descriptor FD of the task the pipe? */
static bool is_pipe(const struct blocked *call, unsigned long long fd)
{
	char path[96];
	struct stat st;

	snprintf(path, sizeof(path), "%s/fd/%d", call->task, (int)fd);
	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode) && st.st_ino == call->pipe;
}

/* SIZE bytes of the task's memory at ADDRESS. */
static bool read_memory(const struct blocked *call, unsigned long long address, void *buffer,
			size_t size)
{
	char path[96];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "%s/mem", call->task);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = pread(fd, buffer, size, (off_t)address);
		close(fd);
	}
	return n == (ssize_t)size;
}

static bool polls_pipe(const struct blocked *call)
{
	struct pollfd fds[256];
	unsigned long long count = call->argument[1];

	if (count > 256)
		count = 256;
	if (!read_memory(call, call->argument[0], fds, count * sizeof(*fds)))
		return false;
	for (unsigned long long i = 0; i < count; i++)
		if (fds[i].fd >= 0 && fds[i].events & POLLIN && is_pipe(call, fds[i].fd))
			return true;
	return false;
}

static bool selects_pipe(const struct blocked *call)
{
	unsigned long long count = call->argument[0] < FD_SETSIZE ? call->argument[0] : FD_SETSIZE;
	fd_set set;

	FD_ZERO(&set);
	if (!call->argument[1] ||
	    !read_memory(call, call->argument[1], &set, (count + 63) / 64 * 8))
		return false;
	for (unsigned long long fd = 0; fd < count; fd++)
		if (FD_ISSET(fd, &set) && is_pipe(call, fd))
			return true;
	return false;
}

static bool epoll_has_pipe(const struct blocked *call)
{
	char path[96], text[8192], *line = text;

	snprintf(path, sizeof(path), "%s/fdinfo/%d", call->task, (int)call->argument[0]);
	if (read_text(path, text, sizeof(text)) < 0)
		return false;
	while ((line = strstr(line, "tfd:"))) {
		line += strlen("tfd:");
		if (is_pipe(call, strtoull(line, NULL, 10)))
			return true;
	}
	return false;
}

static bool waits_for_pipe(const struct blocked *call)
{
	switch (call->number) {
	case SYS_read:
	case SYS_readv:
		return is_pipe(call, call->argument[0]);
#ifdef SYS_poll
	case SYS_poll:
#endif
	case SYS_restart_syscall: /* of a poll() that was stopped and continued */
	case SYS_ppoll:
		return polls_pipe(call);
#ifdef SYS_select
	case SYS_select:
#endif
	case SYS_pselect6:
		return selects_pipe(call);
#ifdef SYS_epoll_wait
	case SYS_epoll_wait:
#endif
#ifdef SYS_epoll_pwait2
	case SYS_epoll_pwait2:
#endif
	case SYS_epoll_pwait:
		return epoll_has_pipe(call);
	}
	return false;
}

/* Run WANTED on the tasks of a process that are in a system call, until it is true of one. */
static bool any_task(pid_t pid, struct blocked *call, bool (*wanted)(const struct blocked *call))
{
	struct dirent *entry;
	bool found = false;
	char path[320];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	call->task = path;
	while (tasks && !found && (entry = readdir(tasks))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%s", pid, entry->d_name);
		found = isdigit((unsigned char)*entry->d_name) && read_call(call) && wanted(call);
	}
	if (tasks)
		closedir(tasks);
	return found;
}

static bool is_blocked(const struct blocked *call)
{
	return call->number >= 0;
}

/* Is a task of the process blocked until that pipe gives something to read? */
bool reads_pipe(pid_t pid, unsigned long pipe_inode)
{
	struct blocked call = {.pipe = pipe_inode};

	return any_task(pid, &call, waits_for_pipe);
}

/* The number of the system call that the process is blocked in; -1 if that is not to be seen. */
long blocked_call(pid_t pid)
{
	struct blocked call = {.number = -1};

	return any_task(pid, &call, is_blocked) ? call.number : -1;
}

/* ---- single facts ---- */

pid_t tracer_of(pid_t pid)
{
	char path[64], text[8192];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return read_text(path, text, sizeof(text)) < 0 ? 0 : (pid_t)value(text, "\nTracerPid:");
}

char state_of(pid_t pid, unsigned long long *switches)
{
	char path[64], text[8192], *state;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (read_text(path, text, sizeof(text)) < 0 || !(state = strstr(text, "\nState:")))
		return 'X';
	*switches = value(text, "\nvoluntary_ctxt_switches:");
	return state[strlen("\nState:\t")];
}

/* How many tasks this user has: what RLIMIT_NPROC counts without a user namespace of one's own. */
long tasks_of_user(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	char path[300], text[8192];
	struct stat st;
	long tasks = 0;

	while (processes && (entry = readdir(processes))) {
		snprintf(path, sizeof(path), "/proc/%s", entry->d_name);
		if (!isdigit((unsigned char)*entry->d_name) || stat(path, &st) < 0 ||
		    st.st_uid != getuid())
			continue;
		snprintf(path, sizeof(path), "/proc/%s/status", entry->d_name);
		if (read_text(path, text, sizeof(text)) > 0)
			tasks += value(text, "\nThreads:");
	}
	if (processes)
		closedir(processes);
	return tasks;
}

long socket_kb(pid_t pid)
{
	char path[64], text[16384], *line = text;
	long sockets = 0, count, each = 0;

	if (read_text("/proc/sys/net/core/wmem_default", text, sizeof(text)) > 0)
		each = strtol(text, NULL, 10);
	snprintf(path, sizeof(path), "/proc/%d/net/protocols", pid);
	if (read_text(path, text, sizeof(text)) < 0)
		return 0;
	while ((line = strstr(line, "\nUNIX"))) { /* NAME SIZE SOCKETS …: UNIX, UNIX-STREAM */
		if (sscanf(++line, "%*s %*d %ld", &count) == 1)
			sockets += count;
	}
	return sockets * (each / 1024);
}

/*
 * Without namespaces /dev/shm is the machine's, and has no size of its own for us. Beyond the
 * limit this user's largest objects there are removed; the memory goes back when those that map
 * them have ended.
 */
bool shared_memory_flooded(void)
{
	DIR *objects = opendir("/dev/shm");
	long long sum = 0;

	for (int pass = 0; objects && pass < 2 && (pass == 0 || sum > SHARED_LIMIT); pass++) {
		struct dirent *entry;
		struct stat st;

		rewinddir(objects);
		while ((entry = readdir(objects))) {
			if (fstatat(dirfd(objects), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			    st.st_uid != getuid() || !S_ISREG(st.st_mode))
				continue;
			if (pass == 0)
				sum += st.st_blocks * 512LL;
			else if (st.st_blocks * 512LL > SHARED_LIMIT / 4)
				unlinkat(dirfd(objects), entry->d_name, 0);
		}
	}
	if (objects)
		closedir(objects);
	return sum > SHARED_LIMIT;
}
