/*
 * job.c - one program run: what the caller asked for, its pipes and files, how it ended
 *
 * The options of `spawn`, each NAME=VALUE, and their defaults:
 *
 *   in=null|pipe|FILE     standard input; a FILE is given as a sealed copy (null)
 *   out=FILE err=FILE     where the output goes, as far as cap=BYTES each (nowhere; 1 MiB)
 *   cwd=DIR umask=OCTAL   inside (/work, or --work's folder; 022)
 *   env=NAME=VALUE        besides PATH, HOME, LANG and TMPDIR; a later one wins
 *   as= data= fsize= stack=BYTES, nofile= nproc=N, cpu=SECONDS
 *                         limits of the kernel's for each process; `unlimited` is a value
 *                         (unlimited, 2 GiB, 8 GiB, 8 MiB, 256, 256, 20)
 *   rss=KB                anonymous and shared memory of all processes together (1.5 GiB)
 *   wall=MS               from the start (60000)
 *   idle=MS               for how long nothing runs while the caller waits; 0: for ever (3000)
 *   trace=FILE strace=ARG...   what `strace -f -o FILE ARG...` sees, from execve on
 *   light=0               do not follow the job to see where it faults
 *
 * How it ended: `exit STATUS`, `signal NUMBER` or `limit wall|cpu|memory|output|idle|tracer`, then
 *
 *   leftover=N            processes alive when the main one ended, but for those just ending
 *   cpu_us= wall_ms=      used by it and the children that it waited for
 *   execs=N               programs that were started while it ran, itself the first; not told of
 *                         a traced job, or with light=0
 *   code= addr= maps=yes  of a signal: si_code, where the fault was, ERR.maps holds the mappings
 *   blocked=CALL          of limit idle
 *   tracer=lost           the trace is not whole
 */
#include "confine.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define INPUT_FILE_LIMIT (256 << 20)
#define MARKS_FROM	 100000 /* bytes of message queues: below what anybody has */

struct job jobs[MAX_JOBS];

/* What a spawn request says, with the defaults for what it does not. */
struct options {
	struct spawn spawn;
	const char *in, *out, *err, *cwd;
	char *environment[64];
	char *strace[48];
	int strace_count;
	char **argv;
};

/* ---- options ---- */

static unsigned long long number(const char *option, const char *text, int base)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, base);
	if (errno || *end || end == text || *text == '-')
		die("%s: not a number", option);
	return n;
}

static rlim_t limit(const char *option, const char *text)
{
	return strcmp(text, "unlimited") == 0 ? RLIM_INFINITY : number(option, text, 10);
}

/* A later one of the same name takes the earlier one's place. */
static void set_environment(struct options *options, const char *setting)
{
	size_t name = strcspn(setting, "=") + 1;
	int i = 0;

	while (options->environment[i] && strncmp(options->environment[i], setting, name) != 0)
		i++;
	if (i == 63)
		die("more than 63 environment variables");
	options->environment[i] = (char *)setting;
}

static bool limit_option(struct spawn *spawn, const char *option, size_t name, const char *text)
{
	static const char *const names[] = {"as",     "data",  "fsize", "stack",
					    "nofile", "nproc", "cpu"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i]) != name || strncmp(names[i], option, name) != 0)
			continue;
		spawn->limit[i] = limit(option, text);
		return true;
	}
	return false;
}

static bool is(const char *option, size_t name, const char *wanted)
{
	return strlen(wanted) == name && strncmp(option, wanted, name) == 0;
}

static void take_option(struct job *job, struct options *options, char *option)
{
	size_t name = strcspn(option, "=");
	char *text = option + name + 1;

	if (option[name] != '=')
		die("spawn: %s: not an option", option);
	if (is(option, name, "in"))
		options->in = text;
	else if (is(option, name, "out"))
		options->out = text;
	else if (is(option, name, "err"))
		options->err = text;
	else if (is(option, name, "cwd"))
		options->cwd = text;
	else if (is(option, name, "env"))
		set_environment(options, text);
	else if (is(option, name, "cap"))
		job->cap = number(option, text, 10);
	else if (is(option, name, "rss"))
		job->rss_kb = number(option, text, 10);
	else if (is(option, name, "wall"))
		job->wall_ms = number(option, text, 10);
	else if (is(option, name, "idle"))
		job->idle_ms = number(option, text, 10);
	else if (is(option, name, "umask"))
		options->spawn.umask = number(option, text, 8);
	else if (is(option, name, "light"))
		options->spawn.light = number(option, text, 10);
	else if (is(option, name, "trace"))
		job->trace_path = text;
	else if (is(option, name, "strace") && options->strace_count < 47)
		options->strace[options->strace_count++] = text;
	else if (!limit_option(&options->spawn, option, name, text))
		die("spawn: %s: not an option", option);
}

/*
 * RLIMIT_NPROC counts the tasks of a user in a user namespace. Without one of our own (or on
 * kernels before 5.14, which count all alike) those that the user has already come on top.
 */
static rlim_t tasks_before(const struct box *box)
{
	struct utsname kernel;
	int major = 0, minor = 0;

	uname(&kernel);
	sscanf(kernel.release, "%d.%d", &major, &minor);
	if (has_namespaces(box) && (major > 5 || (major == 5 && minor >= 14)))
		return 0;
	return tasks_of_user();
}

static void read_options(struct box *box, struct job *job, struct options *options,
			 const struct request *request)
{
	static char home[PATH_MAX + 8], tmpdir[PATH_MAX + 8];
	struct spawn *spawn = &options->spawn;
	int i;

	snprintf(home, sizeof(home), "HOME=%s", has_namespaces(box) ? "/work" : box->work);
	snprintf(tmpdir, sizeof(tmpdir), "TMPDIR=%s", has_namespaces(box) ? "/tmp" : box->tmp);
	set_environment(options, "PATH=/usr/local/bin:/usr/bin:/bin");
	set_environment(options, home);
	set_environment(options, "LANG=C.UTF-8");
	set_environment(options, tmpdir);
	options->in = "null";
	options->cwd = home + strlen("HOME=");
	*spawn = (struct spawn){.umask = 022, .light = true};
	spawn->limit[LIMIT_AS] = RLIM_INFINITY;
	spawn->limit[LIMIT_DATA] = (rlim_t)2 << 30;
	spawn->limit[LIMIT_FSIZE] = (rlim_t)8 << 30;
	spawn->limit[LIMIT_STACK] = 8 << 20;
	spawn->limit[LIMIT_NOFILE] = 256;
	spawn->limit[LIMIT_NPROC] = 256;
	spawn->limit[LIMIT_CPU] = 20;
	spawn->limit[LIMIT_MSGQUEUE] = job->mark;
	for (i = 2; i < request->count && strcmp(request->words[i], "--") != 0; i++)
		take_option(job, options, request->words[i]);
	if (i + 1 >= request->count)
		die("spawn: no program");
	options->argv = request->words + i + 1;
	spawn->argc = request->count - i - 1;
	while (options->environment[spawn->envc])
		spawn->envc++;
	spawn->frozen = job->trace_path != NULL;
	job->cpu_seconds = spawn->limit[LIMIT_CPU] == RLIM_INFINITY ? 0 : spawn->limit[LIMIT_CPU];
	if (spawn->limit[LIMIT_NPROC] != RLIM_INFINITY)
		spawn->limit[LIMIT_NPROC] += tasks_before(box);
}

/* ---- files ---- */

/*
 * A job can open /proc/self/fd/0 again, to write: so what it gets is a sealed copy of the file,
 * in memory. Returns a read-only descriptor, or -1 with errno.
 */
static int sealed_copy(const char *path)
{
	int from = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), copy, result = -1;
	char name[64];
	struct stat st;
	ssize_t n = -1;

	if (from < 0)
		return -1;
	copy = memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy >= 0 && fstat(from, &st) == 0) {
		errno = !S_ISREG(st.st_mode) ? EINVAL : st.st_size > INPUT_FILE_LIMIT ? EFBIG : 0;
		while (!errno && (n = sendfile(copy, from, NULL, 1 << 30)) > 0)
			;
	}
	if (n == 0) {
		fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
		snprintf(name, sizeof(name), "/proc/self/fd/%d", copy);
		result = open(name, O_RDONLY | O_CLOEXEC);
	}
	close(from);
	close(copy);
	return result;
}

/* The job's end of its standard input; ours, if it is a pipe, is job->in. */
static int open_input(struct job *job, const char *in)
{
	struct stat st;
	int ends[2];

	if (strcmp(in, "null") == 0)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (strcmp(in, "pipe") != 0)
		return sealed_copy(in);
	if (pipe2(ends, O_CLOEXEC) < 0 || fstat(ends[0], &st) < 0)
		return -1;
	job->in = ends[1];
	job->in_inode = st.st_ino;
	fcntl(job->in, F_SETFL, O_NONBLOCK);
	return ends[0];
}

/* Output goes through a pipe: the job has no hold on the file, and a flood is seen as it comes. */
static int open_output(struct output *output, unsigned long long cap, const char *path)
{
	int ends[2];

	if (path &&
	    (output->file =
		     open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0)
		die("%s: %s", path, strerror(errno));
	if (pipe2(ends, O_CLOEXEC) < 0)
		die("%s", strerror(errno));
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	output->fd = ends[0];
	output->left = cap;
	return ends[1];
}

static int open_maps(struct job *job, const char *err)
{
	if (err) {
		if (asprintf(&job->maps_path, "%s.maps", err) < 0)
			die("out of memory");
		unlink(job->maps_path);
	}
	job->maps = memfd_create("maps", MFD_CLOEXEC);
	return fcntl(job->maps, F_DUPFD_CLOEXEC, 0);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- the start ---- */

static size_t put_strings(char *message, size_t size, const struct options *options)
{
	const char *const cwd[] = {options->cwd};
	const char *const *const groups[] = {cwd, (const char *const *)options->argv,
					     (const char *const *)options->environment};
	const int counts[] = {1, options->spawn.argc, options->spawn.envc};

	for (int group = 0; group < 3; group++)
		for (int i = 0; i < counts[group]; i++) {
			size_t length = strlen(groups[group][i]) + 1;

			if (size + length > MAX_MESSAGE)
				return 0;
			memcpy(message + size, groups[group][i], length);
			size += length;
		}
	return size;
}

/* Ask init for it; the descriptors go along. NULL, or the reason why not. */
static const char *send_spawn(struct box *box, struct job *job, const struct options *options,
			      const int fds[])
{
	static char message[MAX_MESSAGE];
	char control[CMSG_SPACE(SPAWN_FDS * sizeof(int))] __attribute__((aligned(16)));
	struct ask ask = {.what = ASK_SPAWN, .job = job - jobs};
	struct iovec iov = {message, 0};
	struct msghdr head = {.msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control)};
	struct cmsghdr *first = CMSG_FIRSTHDR(&head);

	memcpy(message, &ask, sizeof(ask));
	memcpy(message + sizeof(ask), &options->spawn, sizeof(options->spawn));
	iov.iov_len = put_strings(message, sizeof(ask) + sizeof(options->spawn), options);
	if (iov.iov_len == 0)
		return "E2BIG";
	first->cmsg_level = SOL_SOCKET;
	first->cmsg_type = SCM_RIGHTS;
	first->cmsg_len = CMSG_LEN(SPAWN_FDS * sizeof(int));
	memcpy(CMSG_DATA(first), fds, SPAWN_FDS * sizeof(int));
	if (sendmsg(box->control, &head, MSG_NOSIGNAL) < 0)
		return strerrorname_np(errno);
	return NULL;
}

static char **copy_words(char *const words[], int count)
{
	char **copy = resize(NULL, (count + 1) * sizeof(*copy));

	for (int i = 0; i < count; i++)
		copy[i] = strdup(words[i]);
	copy[count] = NULL;
	return copy;
}

/* The reply comes later, from init: NULL. Or it cannot be started: the reason. */
const char *new_job(struct box *box, struct job *job, const struct request *request)
{
	struct options options = {0};
	int fds[SPAWN_FDS];
	static unsigned long long last_mark = MARKS_FROM;
	const char *reason;

	*job = (struct job){.phase = STARTING,
			    .name = strdup(request->words[1]),
			    .mark = ++last_mark,
			    .in = -1,
			    .maps = -1,
			    .cap = 1 << 20,
			    .rss_kb = 1536 << 10,
			    .wall_ms = 60000,
			    .idle_ms = 3000,
			    .started = now_ms()};
	job->out = job->err = (struct output){.fd = -1, .file = -1};
	read_options(box, job, &options, request);
	if (job->trace_path) {
		job->trace_path = strdup(job->trace_path);
		unlink(job->trace_path);
		job->strace = copy_words(options.strace, options.strace_count);
	}
	job->deadline = job->started + job->wall_ms;
	job->idle_since = job->started;
	fds[FD_OUT] = open_output(&job->out, job->cap, options.out);
	fds[FD_ERR] = open_output(&job->err, job->cap, options.err);
	fds[FD_MAPS] = open_maps(job, options.err);
	fds[FD_IN] = open_input(job, options.in);
	reason = fds[FD_IN] < 0 ? strerrorname_np(errno) : send_spawn(box, job, &options, fds);
	for (int i = 0; i < SPAWN_FDS; i++)
		close_fd(&fds[i]);
	return reason;
}

/* Without namespaces a job may have closed the folders where its output and its trace lie. */
void check_job_files(const struct job *job)
{
	const char *const paths[] = {job->maps_path, job->trace_path};

	for (int i = 0; i < 2; i++)
		if (paths[i] && access(paths[i], R_OK) < 0 && errno == EACCES)
			die("%s: %s", paths[i], strerror(errno));
}

/* The copy of its maps is kept for write_line(). */
void close_job_files(struct job *job)
{
	close_fd(&job->in);
	close_fd(&job->out.fd);
	close_fd(&job->out.file);
	close_fd(&job->err.fd);
	close_fd(&job->err.file);
}

void drop_job(struct job *job)
{
	if (job->phase == FREE)
		return;
	close_job_files(job);
	close_fd(&job->maps);
	for (char **word = job->strace; word && *word; word++)
		free(*word);
	free(job->strace);
	free(job->trace_path);
	free(job->maps_path);
	free(job->input);
	free(job->line);
	free(job->name);
	job->phase = FREE;
}

/* ---- the pipes ---- */

static bool write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return false;
		data += n > 0 ? n : 0;
		size -= n > 0 ? n : 0;
	}
	return true;
}

static void drain_one(struct job *job, struct output *output)
{
	static char data[65536];
	ssize_t n;

	for (int rounds = 0; output->fd >= 0 && rounds < 64; rounds++) {
		n = read(output->fd, data, sizeof(data));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close_fd(&output->fd);
			return;
		}
		if ((unsigned long long)n > output->left) {
			n = output->left;
			job->flooded = true;
		}
		output->left -= n;
		if (output->file >= 0 && !write_all(output->file, data, n))
			die("the output of %s cannot be written: %s", job->name, strerror(errno));
	}
}

/* Take what the job has written so far, as far as its limit lets it. */
void drain(struct job *job)
{
	drain_one(job, &job->out);
	drain_one(job, &job->err);
}

/* Give the job what the caller has sent, as far as the pipe takes it. */
void feed(struct job *job)
{
	ssize_t n = 0;

	if (job->in < 0)
		return;
	while (job->input_size > 0) {
		n = write(job->in, job->input, job->input_size);
		if (n <= 0)
			break;
		job->input_size -= n;
		memmove(job->input, job->input + n, job->input_size);
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		job->input_size = 0, job->closing_in = true; /* nobody reads it any more */
	if (job->closing_in && job->input_size == 0)
		close_fd(&job->in);
}

/* Has the job nothing left to read? */
bool input_taken(const struct job *job)
{
	int unread = 0;

	return job->input_size == 0 &&
	       (job->in < 0 || (ioctl(job->in, FIONREAD, &unread) == 0 && unread == 0));
}

/* ---- the end ---- */

static void save_maps(struct job *job)
{
	char data[65536];
	ssize_t n;
	int file =
		open(job->maps_path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (file < 0)
		die("%s: %s", job->maps_path, strerror(errno));
	lseek(job->maps, 0, SEEK_SET);
	while ((n = read(job->maps, data, sizeof(data))) > 0 && write_all(file, data, n))
		;
	close(file);
}

/*
 * The kernel's own limit on CPU time ends a process by SIGXCPU, or a second later by SIGKILL. It
 * goes by clock ticks, which differ from the time that is accounted for in the end.
 */
static bool used_up_cpu(const struct job *job, int sig)
{
	return job->cpu_seconds && (sig == SIGXCPU || sig == SIGKILL) &&
	       job->end.cpu_us >= (uint64_t)job->cpu_seconds * 500000;
}

static void put_fault(FILE *line, struct job *job)
{
	if (!job->end.has_fault)
		return;
	fprintf(line, " code=%d", job->end.code);
	if (job->end.code > 0) /* else it was sent by a process: no address */
		fprintf(line, " addr=0x%llx", (unsigned long long)job->end.address);
	if (job->end.has_maps && job->maps_path) {
		save_maps(job);
		fprintf(line, " maps=yes");
	}
}

void write_line(struct job *job)
{
	int status = job->end.number;
	size_t size;
	FILE *line = open_memstream(&job->line, &size);

	if (job->flooded)
		job->limit = "output";
	if (!job->limit && WIFSIGNALED(status) && used_up_cpu(job, WTERMSIG(status)))
		job->limit = "cpu";
	fprintf(line, "ended %s ", job->name);
	if (job->limit)
		fprintf(line, "limit %s", job->limit);
	else if (WIFSIGNALED(status))
		fprintf(line, "signal %d", WTERMSIG(status));
	else
		fprintf(line, "exit %d", WEXITSTATUS(status));
	fprintf(line, " leftover=%d cpu_us=%llu wall_ms=%lld", job->leftover,
		(unsigned long long)job->end.cpu_us, job->ended_at - job->started);
	if (!job->limit && WIFSIGNALED(status))
		put_fault(line, job);
	if (job->end.execs)
		fprintf(line, " execs=%d", job->end.execs);
	if (job->limit && *job->blocked)
		fprintf(line, " blocked=%s", job->blocked);
	if (job->tracer_lost)
		fprintf(line, " tracer=lost");
	fclose(line);
}
