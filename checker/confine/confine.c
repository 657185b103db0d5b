/*
 * confine - run programs nobody trusts, and tell how they ended
 *
 * usage: confine --level namespaces|landlock|none --work DIR [--init CONFINE-INIT]
 *                [--ro HOST=INSIDE]... [--bind HOST=INSIDE]...
 *                [--tmp-kb N] [--shm-kb N] [--small-kb N]
 *        confine --probe
 *
 * One process is one sandbox. Requests come on standard input (a count in decimal, a newline, so
 * many NUL-terminated words), a reply to each goes to standard output (one line). The verbs:
 *
 *   spawn JOB [OPTION=VALUE]... -- PROGRAM [ARG]...   started JOB PID | unstartable JOB ERRNO
 *   settle JOB         wait until it waits for input   waiting JOB | ended ...
 *   wait JOB           ended JOB exit|signal|limit VALUE KEY=VALUE...
 *   input JOB TEXT     ok JOB | gone JOB
 *   eof JOB            ok JOB
 *   signal JOB NAME    ok JOB | gone JOB
 *   pids JOB           pids JOB PID...
 *   quit               bye
 *
 * Anything malformed: a line on standard error, exit status 2. The end of the input ends it all.
 */
#include "confine.h"
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_LIMIT (16 << 20)
#define GRACE_MS      20   /* for what is just ending when the main process has ended */
#define TRACER_MS     5000 /* for strace to end after what it traced */

static struct box box = {.tmp_kb = 256 << 10, .shm_kb = 256 << 10, .small_kb = 512};
static struct processes processes;
static unsigned long long last_activity; /* of all jobs: unchanged as long as nothing runs */
static long long next_look;
static long long clearing; /* since when init kills everything; 0: it does not */

/* The request that has no reply yet. */
static enum verb { NOTHING, SPAWN, SETTLE, WAIT, SIGNAL } pending;
static struct job *pending_job;
static long long back_off; /* ms between two looks at a job that is to settle, or to be traced */

static struct {
	char *text;
	size_t size;
	bool ended;
} input;

/* ---- small things ---- */

/* End all that we started, and wait for it. strace first: it holds what it traces as zombies. */
static void leave(void)
{
	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
		if (job->phase != FREE && job->tracer)
			kill(job->tracer, SIGKILL);
	stop_box(&box);
}

void die(const char *format, ...)
{
	va_list arguments;

	fputs("confine: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	leave();
	_exit(2);
}

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void *resize(void *old, size_t size)
{
	void *new = realloc(old, size);

	if (!new)
		die("out of memory");
	return new;
}

static void reply(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	if (fflush(stdout) == EOF)
		die("the reply cannot be written: %s", strerror(errno));
}

static void ask(int what, int job, int number)
{
	struct ask message = {what, job, number};

	if (send(box.control, &message, sizeof(message), MSG_NOSIGNAL) < 0)
		box_failed(&box, "the sandbox has ended");
}

static bool is_live(const struct job *job)
{
	return job->phase == STARTING || job->phase == FREEZING || job->phase == RUNNING;
}

/* Jobs whose main process has not ended, but for EXCEPT. */
static int live_jobs(const struct job *except)
{
	int count = 0;

	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
		count += job != except && is_live(job);
	return count;
}

static struct job *find_job(const char *name)
{
	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
		if (job->phase != FREE && strcmp(job->name, name) == 0)
			return job;
	return NULL;
}

/* ---- looking at the processes ---- */

static void look(void)
{
	scan_processes(&processes, box.init_pid);
}

/* A number that changes when a process of that job (NULL: of any) runs, begins or ends. */
static unsigned long long activity(const struct job *job)
{
	unsigned long long sum = 0;

	for (size_t i = 0; i < processes.count; i++)
		if (!job || processes.list[i].job == job - jobs)
			sum = sum * 31 + processes.list[i].pid + processes.list[i].switches +
			      processes.list[i].ticks;
	return sum;
}

static bool all_asleep(void)
{
	for (size_t i = 0; i < processes.count; i++)
		if (processes.list[i].alive && !processes.list[i].asleep)
			return false;
	return true;
}

/* Is every process of the job blocked, and one of them until it gets input? */
static bool waits_now(const struct job *job)
{
	bool reads = false;

	for (size_t i = 0; i < processes.count; i++) {
		struct process *process = &processes.list[i];

		if (process->job != job - jobs || !process->alive)
			continue;
		if (!process->asleep)
			return false;
		reads = reads || reads_pipe(process->pid, job->in_inode);
	}
	return reads;
}

/* One look is not a moment: only what holds over two, with nothing run between them, is true. */
static bool settled(struct job *job)
{
	unsigned long long before;

	if (job->phase != RUNNING || !job->in_inode || !input_taken(job))
		return false;
	look();
	before = activity(job);
	if (!waits_now(job))
		return false;
	look();
	if (activity(job) != before || !waits_now(job) || !input_taken(job))
		return false;
	drain(job);
	return true;
}

/* ---- limits ---- */

static void kill_all(void)
{
	if (!clearing) {
		clearing = now_ms();
		ask(ASK_KILL_ALL, 0, 0);
	}
}

/*
 * With other jobs in the sandbox only this one's processes are killed; again at each look until
 * it has ended.
 */
static void kill_job(struct job *job, const char *limit)
{
	if (!job->limit)
		job->limit = limit;
	if (live_jobs(job) == 0) {
		kill_all();
		return;
	}
	for (size_t i = 0; i < processes.count; i++)
		if (processes.list[i].job == job - jobs && processes.list[i].alive)
			kill(processes.list[i].pid, SIGKILL);
	ask(ASK_SIGNAL, job - jobs, SIGKILL);
}

static bool over_memory(const struct job *job)
{
	const struct process *largest = NULL;
	long sum = 0;

	for (size_t i = 0; i < processes.count; i++) {
		sum += processes.list[i].memory_kb;
		if (!largest || processes.list[i].memory_kb > largest->memory_kb)
			largest = &processes.list[i];
	}
	if (has_namespaces(&box) && processes.count > 1) /* one alone has no descriptors for much */
		sum += socket_kb(box.init_pid);
	else if (!has_namespaces(&box) && largest && shared_memory_flooded())
		return true;
	return largest && sum > job->rss_kb && (largest->job == job - jobs || live_jobs(job) == 0);
}

static bool over_cpu(const struct job *job)
{
	unsigned long long ticks = 0;

	for (size_t i = 0; i < processes.count; i++)
		if (processes.list[i].job == job - jobs)
			ticks += processes.list[i].ticks;
	return job->cpu_seconds &&
	       ticks > (unsigned long long)job->cpu_seconds * sysconf(_SC_CLK_TCK);
}

static bool over_trace(const struct job *job)
{
	struct stat st;

	return job->trace_path && stat(job->trace_path, &st) == 0 && st.st_size > TRACE_LIMIT;
}

/*
 * Nothing in the sandbox has run for so long, and the caller waits for this job's end: it can
 * never go on. But a job that waits for input that the caller has not closed may still get some.
 */
static bool is_idle(struct job *job, bool quiet)
{
	long number;

	if (!quiet || !job->idle_ms || pending_job != job || (pending != WAIT && pending != SETTLE))
		job->idle_since = now_ms();
	if (now_ms() - job->idle_since < job->idle_ms || !job->idle_ms)
		return false;
	if (job->in >= 0 && waits_now(job)) {
		job->idle_since = now_ms();
		return false;
	}
	number = blocked_call(job->pid);
	if (number >= 0)
		call_name(number, job->blocked);
	return true;
}

static void check_limits(struct job *job, bool quiet)
{
	if (job->limit)
		kill_job(job, job->limit);
	else if (now_ms() >= job->deadline)
		kill_job(job, "wall");
	else if (job->flooded || over_trace(job))
		kill_job(job, "output");
	else if (job->phase == RUNNING && over_memory(job))
		kill_job(job, "memory");
	else if (job->phase == RUNNING && over_cpu(job))
		kill_job(job, "cpu");
	else if (job->phase == RUNNING && is_idle(job, quiet))
		kill_job(job, "idle");
}

static void look_at_jobs(void)
{
	unsigned long long now;
	bool quiet;

	if (live_jobs(NULL) == 0 || clearing)
		return;
	look();
	now = activity(NULL);
	quiet = now == last_activity && all_asleep();
	last_activity = now;
	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
		if (is_live(job))
			check_limits(job, quiet);
}

/* ---- a job's life ---- */

static void replied(void)
{
	pending = NOTHING;
	pending_job = NULL;
}

static void started(struct job *job)
{
	if (job->phase == FREE)
		return;
	job->phase = RUNNING;
	if (pending == SPAWN && pending_job == job) {
		reply("started %s %d", job->name, job->pid);
		replied();
	}
}

static void unstartable(struct job *job, const char *reason)
{
	reply("unstartable %s %s", job->name, reason);
	drop_job(job);
	replied();
}

static void hear(const struct tell *tell, pid_t sender)
{
	struct job *job = &jobs[tell->job];

	switch (tell->what) {
	case TELL_HELLO:
		job->pid = sender;
		if (job->trace_path)
			job->phase = FREEZING;
		break;
	case TELL_STARTED:
		started(job);
		break;
	case TELL_UNSTARTABLE:
		unstartable(job, strerrorname_np(tell->number));
		break;
	case TELL_ENDED:
		job->end = *tell;
		job->phase = ENDING;
		job->ended_at = now_ms();
		break;
	case TELL_SIGNALLED:
		if (pending == SIGNAL && pending_job == job) {
			reply("%s %s", tell->number ? "gone" : "ok", job->name);
			replied();
		}
		break;
	case TELL_CLEAN:
		clearing = 0;
		for (job = jobs; job < jobs + MAX_JOBS; job++)
			job->swept |= job->phase == ENDING;
		break;
	}
}

static int leftovers(const struct job *job)
{
	int count = 0;

	look();
	for (size_t i = 0; i < processes.count; i++)
		count += processes.list[i].alive && processes.list[i].job == job - jobs;
	return count;
}

/* What is left behind is killed, unless another job still runs: it may be that one's. */
static void sweep(struct job *job)
{
	if (!job->limit)
		job->leftover = leftovers(job);
	if (job->leftover && now_ms() < job->ended_at + GRACE_MS)
		return;
	if (live_jobs(job) == 0) {
		kill_all();
		return;
	}
	job->swept = true;
	if (job->tracer && job->leftover) {
		job->tracer_told = true;
		kill(job->tracer, SIGTERM);
	}
}

static void tidy(struct job *job)
{
	bool late = now_ms() > job->ended_at + TRACER_MS;

	if (!job->swept && !clearing)
		sweep(job);
	if (job->tracer && late) /* it would hold zombies for ever */
		kill(job->tracer, SIGKILL);
	if (!job->swept || job->tracer)
		return;
	drain(job);
	check_job_files(job);
	close_job_files(job);
	job->phase = ENDED;
}

/* Before its exec: attach the tracer, then let it run. */
static void freeze(struct job *job)
{
	if (job->limit)
		return;
	if (job->tracer_lost)
		kill_job(job, "tracer");
	else if (!job->tracer)
		start_tracer(job);
	else if (tracer_ready(job)) {
		job->phase = STARTING;
		ask(ASK_GO, job - jobs, 0);
	}
}

static void advance(void)
{
	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++) {
		if (job->phase == FREEZING)
			freeze(job);
		if (job->phase == ENDING)
			tidy(job);
	}
	if (clearing && now_ms() > clearing + TRACER_MS)
		for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
			if (job->phase != FREE && job->tracer)
				kill(job->tracer, SIGKILL);
}

/* ---- requests ---- */

static struct job *known_job(const struct request *request, int words)
{
	struct job *job = request->count == words ? find_job(request->words[1]) : NULL;

	if (request->count != words)
		die("%s: takes %d words", request->words[0], words - 1);
	if (!job)
		die("%s: no job %s", request->words[0], request->words[1]);
	return job;
}

/* A free place; else that of a job that has ended. */
static struct job *place_for(const char *name)
{
	struct job *place = find_job(name);

	for (struct job *job = jobs; !place && job < jobs + MAX_JOBS; job++)
		if (job->phase == FREE)
			place = job;
	for (struct job *job = jobs; !place && job < jobs + MAX_JOBS; job++)
		if (job->phase == ENDED)
			place = job;
	if (!place || (place->phase != FREE && place->phase != ENDED))
		return NULL;
	for (size_t i = 0; i < processes.count; i++)
		if (processes.list[i].job == place - jobs)
			processes.list[i].job = FORMER_JOB;
	drop_job(place);
	return place;
}

static bool is_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < 64 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
		       length;
}

static void do_spawn(const struct request *request)
{
	struct job *job;
	const char *reason;

	if (request->count < 4 || !is_name(request->words[1]))
		die("spawn: not a job's name");
	job = place_for(request->words[1]);
	if (!job) { /* its name is in use, or there are 32 */
		reply("unstartable %s %s", request->words[1],
		      find_job(request->words[1]) ? "EEXIST" : "EAGAIN");
		return;
	}
	pending = SPAWN;
	pending_job = job;
	reason = new_job(&box, job, request);
	if (reason)
		unstartable(job, reason);
}

static bool takes_input(const struct job *job)
{
	return job->in >= 0 && !job->closing_in && job->phase != ENDING && job->phase != ENDED;
}

static void do_input(const struct request *request)
{
	struct job *job = known_job(request, 3);
	size_t size = strlen(request->words[2]);

	if (takes_input(job)) {
		job->input = resize(job->input, job->input_size + size + 1);
		memcpy(job->input + job->input_size, request->words[2], size);
		job->input_size += size;
		feed(job);
	}
	reply("%s %s", takes_input(job) ? "ok" : "gone", job->name);
}

static void do_eof(const struct request *request)
{
	struct job *job = known_job(request, 2);

	job->closing_in = true;
	feed(job);
	reply("ok %s", job->name);
}

/* sigabbrev_np() knows the names without SIG. */
static int signal_number(const char *name)
{
	char *end;
	long number = strtol(name, &end, 10);

	if (end != name && !*end && number > 0 && number < NSIG)
		return number;
	for (int sig = 1; sig < NSIG; sig++)
		if (sigabbrev_np(sig) && strcmp(sigabbrev_np(sig), name) == 0)
			return sig;
	die("signal: %s: not a signal", name);
}

static void do_signal(const struct request *request)
{
	struct job *job = known_job(request, 3);
	int number = signal_number(request->words[2]);

	if (job->phase != RUNNING) {
		reply("gone %s", job->name);
		return;
	}
	pending = SIGNAL;
	pending_job = job;
	ask(ASK_SIGNAL, job - jobs, number);
}

static void do_pids(const struct request *request)
{
	struct job *job = known_job(request, 2);

	printf("pids %s", job->name);
	if (job->phase == RUNNING) {
		look();
		printf(" %d", job->pid);
		for (size_t i = 0; i < processes.count; i++)
			if (processes.list[i].job == job - jobs && processes.list[i].alive &&
			    processes.list[i].pid != job->pid)
				printf(" %d", processes.list[i].pid);
	}
	reply("%s", "");
}

static void do_quit(const struct request *request)
{
	if (request->count != 1)
		die("quit: takes no words");
	leave();
	reply("bye");
	exit(EXIT_SUCCESS);
}

static void do_wait(const struct request *request)
{
	pending_job = known_job(request, 2);
	pending = strcmp(request->words[0], "wait") == 0 ? WAIT : SETTLE;
	pending_job->idle_since = now_ms();
	back_off = 0;
}

static void obey(const struct request *request)
{
	static const struct {
		const char *verb;
		void (*action)(const struct request *request);
	} verbs[] = {{"spawn", do_spawn}, {"wait", do_wait}, {"settle", do_wait},
		     {"input", do_input}, {"eof", do_eof},   {"signal", do_signal},
		     {"pids", do_pids},	  {"quit", do_quit}};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(verbs[i].verb, request->words[0]) == 0) {
			verbs[i].action(request);
			return;
		}
	die("%s: not a verb", request->words[0]);
}

/* ---- reading them ---- */

static void read_input(void)
{
	ssize_t n;

	if (input.size >= REQUEST_LIMIT)
		die("a request is too long");
	input.text = resize(input.text, input.size + 65536);
	n = read(STDIN_FILENO, input.text + input.size, 65536);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	input.ended = n <= 0;
	input.size += n > 0 ? n : 0;
}

/* One whole request at the start of the input: its length, or 0 if it has not come yet. */
static size_t whole_request(struct request *request)
{
	char *newline = memchr(input.text, '\n', input.size), *next, *end = input.text + input.size,
	     *rest;
	long count;

	if (input.size > 16 && (!newline || newline > input.text + 16))
		die("a request starts with a count of words");
	if (!newline)
		return 0;
	count = strtol(input.text, &rest, 10);
	if (rest != newline || !isdigit((unsigned char)*input.text) || count < 1 || count > 65536)
		die("a request starts with a count of words");
	request->words = resize(request->words, (count + 1) * sizeof(char *));
	next = newline + 1;
	for (request->count = 0; request->count < count; request->count++) {
		char *nul = memchr(next, '\0', end - next);

		if (!nul)
			return 0;
		request->words[request->count] = next;
		next = nul + 1;
	}
	request->words[count] = NULL;
	return next - input.text;
}

/* The next request, if it has come. */
static bool take_request(void)
{
	static struct request request;
	size_t size = input.size > 0 ? whole_request(&request) : 0;

	if (size == 0)
		return false;
	obey(&request);
	input.size -= size;
	memmove(input.text, input.text + size, input.size);
	return true;
}

/* ---- the loop ---- */

static void answer(void)
{
	if (pending != WAIT && pending != SETTLE)
		return;
	if (pending_job->phase == ENDED) {
		if (!pending_job->line)
			write_line(pending_job);
		reply("%s", pending_job->line);
		replied();
	} else if (pending == SETTLE && settled(pending_job)) {
		reply("waiting %s", pending_job->name);
		replied();
	}
}

/*
 * Requests are taken in order: not before the one ahead has its reply, or while everything is
 * being killed.
 */
static void converse(void)
{
	do {
		answer();
	} while (pending == NOTHING && !clearing && take_request());
}

/* How long nothing needs a look; -1: until something comes. */
static int patience(void)
{
	bool soon = pending == SETTLE, ending = false;

	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++) {
		soon |= job->phase == FREEZING;
		ending |= job->phase == ENDING;
	}
	if (soon) {
		back_off = back_off < 1 ? 1 : back_off < 16 ? 2 * back_off : 20;
		return back_off;
	}
	if (ending)
		return 2;
	return live_jobs(NULL) > 0 || clearing ? POLL_MS : -1;
}

enum { POLL_INPUT, POLL_OUTPUT, POLL_CONTROL, POLL_SIGNALS, POLL_JOBS };

static nfds_t fill(struct pollfd *fds, int signals)
{
	nfds_t count = POLL_JOBS;

	fds[POLL_INPUT] = (struct pollfd){input.ended ? -1 : STDIN_FILENO, POLLIN, 0};
	fds[POLL_OUTPUT] =
		(struct pollfd){STDOUT_FILENO, 0, 0}; /* an error: nobody is there to read it */
	fds[POLL_CONTROL] = (struct pollfd){box.control, POLLIN, 0};
	fds[POLL_SIGNALS] = (struct pollfd){signals, POLLIN, 0};
	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++) {
		if (job->phase == FREE)
			continue;
		fds[count++] = (struct pollfd){job->out.fd, POLLIN, 0};
		fds[count++] = (struct pollfd){job->err.fd, POLLIN, 0};
		fds[count++] = (struct pollfd){job->input_size ? job->in : -1, POLLOUT, 0};
	}
	return count;
}

static void take_signals(int signals)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD) {
			leave();
			exit(2);
		}
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		tracer_ended(pid, status);
		if (pid == box.child) {
			box.child = 0;
			box_failed(&box, "the sandbox has ended");
		}
	}
}

static void take_messages(void)
{
	struct tell tell = {0};
	pid_t sender;
	int n;

	while ((n = box_says(&box, &tell, &sender)) > 0)
		hear(&tell, sender);
	if (n < 0)
		box_failed(&box, "the sandbox has ended");
}

static void serve_jobs(void)
{
	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
		if (job->phase != FREE) {
			drain(job);
			feed(job);
		}
	if (now_ms() >= next_look) {
		look_at_jobs();
		next_look = now_ms() + POLL_MS;
	}
	advance();
}

static _Noreturn void end_of_input(void)
{
	leave();
	if (input.ended && input.size > 0)
		die("the input ends within a request");
	exit(EXIT_SUCCESS);
}

static _Noreturn void serve(int signals)
{
	static struct pollfd fds[POLL_JOBS + 3 * MAX_JOBS];

	for (;;) {
		nfds_t count = fill(fds, signals);

		poll(fds, count, patience());
		if (fds[POLL_SIGNALS].revents)
			take_signals(signals);
		if (fds[POLL_CONTROL].revents)
			take_messages();
		serve_jobs();
		if (fds[POLL_INPUT].revents)
			read_input();
		converse();
		if (fds[POLL_OUTPUT].revents & POLLERR ||
		    (input.ended && pending == NOTHING && !clearing))
			end_of_input();
	}
}

/* ---- the start ---- */

static int watched_signals(void)
{
	static const int numbers[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL); /* ignored ones would not be there to wait for */
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void add_folder(char *text, bool writable)
{
	char *equals = strrchr(text, '=');

	if (!equals || equals == text || equals[1] != '/')
		die("%s: not HOST=INSIDE", text);
	*equals = '\0';
	box.folders = resize(box.folders, (box.folder_count + 1) * sizeof(*box.folders));
	box.folders[box.folder_count++] = (struct folder){text, equals + 1, writable};
}

static long kilobytes(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n <= 0)
		die("%s: not a number of KB", text);
	return n;
}

static const char *init_beside_us(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - sizeof("-init"));

	if (n > 0)
		strcpy(path + n, "-init");
	return path;
}

static bool read_arguments(int argc, char *argv[])
{
	static const struct option options[] = {
		{"level", 1, NULL, 'l'},  {"init", 1, NULL, 'i'},
		{"work", 1, NULL, 'w'},	  {"ro", 1, NULL, 'r'},
		{"bind", 1, NULL, 'b'},	  {"tmp-kb", 1, NULL, 't'},
		{"shm-kb", 1, NULL, 's'}, {"small-kb", 1, NULL, 'k'},
		{"probe", 0, NULL, 'p'},  {0}};
	int option;
	bool wants_probe = false;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'l':
			box.level = optarg;
			break;
		case 'i':
			box.init = optarg;
			break;
		case 'w':
			box.work = optarg;
			break;
		case 'r':
			add_folder(optarg, false);
			break;
		case 'b':
			add_folder(optarg, true);
			break;
		case 't':
			box.tmp_kb = kilobytes(optarg);
			break;
		case 's':
			box.shm_kb = kilobytes(optarg);
			break;
		case 'k':
			box.small_kb = kilobytes(optarg);
			break;
		case 'p':
			wants_probe = true;
			break;
		default:
			exit(2);
		}
	if (optind != argc)
		die("%s: not an option", argv[optind]);
	return wants_probe;
}

static void check_folder(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		die("%s: %s", path, strerror(errno));
}

static void check_arguments(void)
{
	if (!box.level || (strcmp(box.level, "namespaces") != 0 &&
			   strcmp(box.level, "landlock") != 0 && strcmp(box.level, "none") != 0))
		die("--level is namespaces, landlock or none");
	if (!box.work || *box.work != '/')
		die("--work is the absolute path of a folder");
	if (getuid() == 0 || geteuid() == 0)
		die("not as root: limits and the sandbox are those of an ordinary user");
	check_folder(box.work);
	for (size_t i = 0; i < box.folder_count; i++)
		check_folder(box.folders[i].outside);
}

int main(int argc, char *argv[])
{
	bool wants_probe = read_arguments(argc, argv);
	int signals;

	if (!box.init)
		box.init = init_beside_us();
	if (wants_probe)
		return probe(&box);
	check_arguments();
	signals = watched_signals();
	prctl(PR_SET_DUMPABLE, 0);
	start_box(&box);
	serve(signals);
}
