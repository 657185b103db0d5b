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
	*process = (struct process){.pid = pid, .asleep = true, .job = -1};
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
	if (sscanf(rest + 1, " %*c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld %*d %*d %*d %*d %llu",
		    &process->parent, &process->session, &user, &system, &children_user, &children_system,
		    &process->started) != 7)
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
	process->switches += value(text, "\nvoluntary_ctxt_switches:") + value(text, "\nnonvoluntary_ctxt_switches:");
	if (*state == 'Z' || *state == 'X')
		return;
	process->alive = true;
	process->asleep &= *state == 'S';
	memory = value(text, "\nRssAnon:") + value(text, "\nRssShmem:");
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

static const struct process *find(const struct processes *all, pid_t pid, unsigned long long started)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].pid == pid && (!started || all->list[i].started == started))
			return &all->list[i];
	return NULL;
}

/*
 * Whose process is it? Its parent's job's, or what it was at the last look (a parent that ends leaves it to
 * init), or its session's, or the only job's that runs.
 */
static int job_of(const struct processes *all, const struct processes *before, const struct process *process)
{
	const struct process *known = find(before, process->pid, process->started);
	int only = -1, running = 0;

	for (int i = 0; i < MAX_JOBS; i++)
		if (jobs[i].phase == RUNNING && jobs[i].pid == process->pid)
			return i;
	if (known && known->job >= 0)
		return known->job;
	known = find(all, process->parent, 0);
	if (known && known->job >= 0)
		return known->job;
	for (int i = 0; i < MAX_JOBS; i++) {
		if (jobs[i].phase == FREE || jobs[i].phase == ENDED)
			continue;
		if (jobs[i].pid == process->session)
			return i;
		running++;
		only = i;
	}
	return running == 1 ? only : -1;
}

/* All descendants of init, parents before children. Those that vanish meanwhile are left out. */
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
		found->list[i].job = job_of(found, &before, &found->list[i]);
		read_tasks(found, i);
	}
	free(before.list);
}

/* ---- what a process is blocked in ---- */

struct blocked {
	pid_t pid;
	long number;
	unsigned long long argument[6];
	unsigned long pipe;
};

static bool read_call(struct blocked *call, const char *tid)
{
	unsigned long long *argument = call->argument;
	char path[96], text[256];

	snprintf(path, sizeof(path), "/proc/%d/task/%s/syscall", call->pid, tid);
	if (read_text(path, text, sizeof(text)) < 0)
		return false;
	return sscanf(text, "%ld %llx %llx %llx %llx %llx %llx", &call->number, &argument[0], &argument[1],
		       &argument[2], &argument[3], &argument[4], &argument[5]) == 7;
}

/* Is descriptor FD of the process the pipe? */
static bool is_pipe(const struct blocked *call, unsigned long long fd)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", call->pid, (int)fd);
	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode) && st.st_ino == call->pipe;
}

/* SIZE bytes of the process's memory at ADDRESS. */
static bool read_memory(const struct blocked *call, unsigned long long address, void *buffer, size_t size)
{
	char path[64];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", call->pid);
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
	size_t count = call->argument[1] < 256 ? call->argument[1] : 256;

	if (!read_memory(call, call->argument[0], fds, count * sizeof(*fds)))
		return false;
	for (size_t i = 0; i < count; i++)
		if (fds[i].fd >= 0 && fds[i].events & POLLIN && is_pipe(call, fds[i].fd))
			return true;
	return false;
}

static bool selects_pipe(const struct blocked *call)
{
	unsigned long long count = call->argument[0] < FD_SETSIZE ? call->argument[0] : FD_SETSIZE;
	fd_set set;

	FD_ZERO(&set);
	if (!call->argument[1] || !read_memory(call, call->argument[1], &set, (count + 63) / 64 * 8))
		return false;
	for (unsigned long long fd = 0; fd < count; fd++)
		if (FD_ISSET(fd, &set) && is_pipe(call, fd))
			return true;
	return false;
}

static bool epoll_has_pipe(const struct blocked *call)
{
	char path[64], text[8192], *line = text;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", call->pid, (int)call->argument[0]);
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

/* Is a task of the process blocked until that pipe gives something to read? */
bool reads_pipe(pid_t pid, unsigned long pipe_inode)
{
	struct blocked call = {.pid = pid, .pipe = pipe_inode};
	struct dirent *entry;
	bool found = false;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && !found && (entry = readdir(tasks)))
		found = isdigit((unsigned char)*entry->d_name) && read_call(&call, entry->d_name) &&
			waits_for_pipe(&call);
	if (tasks)
		closedir(tasks);
	return found;
}

/* The number of the system call that the main task is blocked in; -1 if that is not to be seen. */
long blocked_call(pid_t pid)
{
	struct blocked call = {.pid = pid};
	char tid[16];

	snprintf(tid, sizeof(tid), "%d", pid);
	return read_call(&call, tid) ? call.number : -1;
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
		if (!isdigit((unsigned char)*entry->d_name) || stat(path, &st) < 0 || st.st_uid != getuid())
			continue;
		snprintf(path, sizeof(path), "/proc/%s/status", entry->d_name);
		if (read_text(path, text, sizeof(text)) > 0)
			tasks += value(text, "\nThreads:");
	}
	if (processes)
		closedir(processes);
	return tasks;
}
