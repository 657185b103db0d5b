/* box.c - start the sandbox, hear from it, end it with everything in it */
#include "confine.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 20000
#define STOP_MS	 5000

bool has_namespaces(const struct box *box)
{
	return strcmp(box->level, "namespaces") == 0;
}

/* ---- the command line of bwrap ---- */

struct arguments {
	char **list;
	size_t count;
};

static void add_one(struct arguments *arguments, const char *word)
{
	arguments->list = resize(arguments->list, (arguments->count + 2) * sizeof(char *));
	arguments->list[arguments->count++] = word ? strdup(word) : NULL;
	arguments->list[arguments->count] = NULL;
}

static void add_words(struct arguments *arguments, const char *const *words)
{
	for (; *words; words++)
		add_one(arguments, *words);
}

#define add(arguments, ...) add_words(arguments, (const char *const[]){__VA_ARGS__, NULL})

static void add_tmpfs(struct arguments *arguments, long kb, const char *path)
{
	char size[32];

	snprintf(size, sizeof(size), "%lld", kb * 1024LL);
	add(arguments, "--size", size, "--tmpfs", path);
}

/* /bin, /lib and the like: links into /usr on most systems, folders on some. */
static void add_system(struct arguments *arguments)
{
	static const char *const patterns[] = {"/bin", "/sbin", "/lib*"};
	char target[PATH_MAX];
	glob_t found;
	ssize_t n;

	add(arguments, "--ro-bind", "/usr", "/usr");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		if (glob(patterns[i], 0, NULL, &found) != 0)
			continue;
		for (size_t j = 0; j < found.gl_pathc; j++) {
			const char *path = found.gl_pathv[j];

			n = readlink(path, target, sizeof(target) - 1);
			target[n > 0 ? n : 0] = '\0';
			add(arguments, n > 0 ? "--symlink" : "--ro-bind", n > 0 ? target : path,
			    path);
		}
		globfree(&found);
	}
}

/* What the loader, the compilers and the interpreters read in /etc; nobody's names or secrets. */
static void add_etc(struct arguments *arguments)
{
	static const char *const patterns[] = {"/etc/ld.so.*",	"/etc/alternatives", "/etc/perl",
					       "/etc/python3*", "/etc/java*",	     "/etc/node*"};
	glob_t found;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		if (glob(patterns[i], 0, NULL, &found) != 0)
			continue;
		for (size_t j = 0; j < found.gl_pathc; j++)
			add(arguments, "--ro-bind", found.gl_pathv[j], found.gl_pathv[j]);
		globfree(&found);
	}
}

/* Every file system that can be written has a size; the rest is read-only, the root included. */
static void namespace_command(const struct box *box, struct arguments *arguments)
{
	add(arguments, "bwrap", "--unshare-all", "--die-with-parent", "--as-pid-1", "--hostname",
	    "lab");
	add_system(arguments);
	add_etc(arguments);
	add(arguments, "--proc", "/proc", "--dev", "/dev");
	add_tmpfs(arguments, box->shm_kb, "/dev/shm");
	add_tmpfs(arguments, box->tmp_kb, "/tmp");
	add_tmpfs(arguments, box->small_kb, "/small");
	add(arguments, "--bind", box->work, "/work");
	for (size_t i = 0; i < box->folder_count; i++)
		add(arguments, box->folders[i].writable ? "--bind" : "--ro-bind",
		    box->folders[i].outside, box->folders[i].inside);
	add(arguments, "--ro-bind", box->init, "/.confine", "--remount-ro", "/proc", "--remount-ro",
	    "/dev", "--remount-ro", "/", "--chdir", "/work", "/.confine", box->level);
}

static void plain_command(const struct box *box, struct arguments *arguments)
{
	char path[PATH_MAX + 4];

	add(arguments, box->init, box->level, box->tmp, box->work);
	for (size_t i = 0; i < box->folder_count; i++) {
		snprintf(path, sizeof(path), "%s%s",
			 box->folders[i].writable ? "" : "ro:", box->folders[i].outside);
		add_one(arguments, path);
	}
}

/* ---- the start ---- */

/* In the child: nothing of our environment, descriptors or signal mask goes along. */
static _Noreturn void become(const struct box *box, char *command[], int control, int complaints)
{
	static const char *const places[] = {"/usr/bin/bwrap", "/bin/bwrap",
					     "/usr/local/bin/bwrap"};
	char *no_environment[] = {NULL};
	sigset_t none;

	complaints = fcntl(complaints, F_DUPFD_CLOEXEC, 10);
	control = fcntl(control, F_DUPFD_CLOEXEC, 10);
	dup2(open("/dev/null", O_RDWR | O_CLOEXEC), 0);
	dup2(0, 1);
	dup2(complaints, 2);
	dup2(control, CONTROL_FD);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!has_namespaces(box))
		execve(box->init, command, no_environment);
	else
		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
			execve(places[i], command, no_environment);
	dprintf(2, "%s: %s\n", command[0], strerror(errno));
	_exit(127);
}

/* With the first line that bwrap or init wrote. */
_Noreturn void box_failed(struct box *box, const char *what)
{
	char text[512];
	ssize_t n;

	stop_box(box);
	n = read(box->complaints, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	die("%s: %s", what, *text ? text : "no reason given");
}

static void make_private_tmp(struct box *box)
{
	const char *parent = getenv("TMPDIR");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/confine-XXXXXX", parent && *parent ? parent : "/tmp");
	if (!mkdtemp(path))
		die("%s: %s", path, strerror(errno));
	box->tmp = strdup(path);
}

/* The filter is made while the sandbox starts: two cores share the start-up time. */
static void send_filter(struct box *box)
{
	struct ask ask = {.what = ASK_FILTER};
	size_t size;
	void *program = seccomp_program(has_namespaces(box) ? 0 : box->child, &size);
	struct iovec parts[] = {{&ask, sizeof(ask)}, {program, size}};
	struct msghdr head = {.msg_iov = parts, .msg_iovlen = 2};

	if (sendmsg(box->control, &head, MSG_NOSIGNAL) < 0)
		box_failed(box, "the sandbox did not start");
	free(program);
}

/*
 * One message from init, or from a job before its exec, and who sent it. 0: none now; -1: the
 * end.
 */
int box_says(struct box *box, struct tell *tell, pid_t *sender)
{
	char control[CMSG_SPACE(sizeof(struct ucred))] __attribute__((aligned(16)));
	struct iovec iov = {tell, sizeof(*tell)};
	struct msghdr head = {.msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(box->control, &head, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *first = n > 0 ? CMSG_FIRSTHDR(&head) : NULL;
	struct ucred who;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n != sizeof(*tell) || !first || first->cmsg_type != SCM_CREDENTIALS)
		return -1;
	memcpy(&who, CMSG_DATA(first), sizeof(who));
	*sender = who.pid;
	return 1;
}

static void wait_until_ready(struct box *box)
{
	struct pollfd control = {box->control, POLLIN, 0};
	struct tell tell = {0};

	if (poll(&control, 1, START_MS) != 1) {
		kill(box->child, SIGKILL);
		box_failed(box, "the sandbox did not start in time");
	}
	if (box_says(box, &tell, &box->init_pid) != 1)
		box_failed(box, "the sandbox did not start");
	if (tell.what == TELL_FAILED)
		die("the sandbox did not start: %s", strerror(tell.number));
}

void start_box(struct box *box)
{
	struct arguments command = {0};
	int control[2], complaints[2], yes = 1;

	if (has_namespaces(box)) {
		namespace_command(box, &command);
	} else {
		make_private_tmp(box);
		plain_command(box, &command);
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0 ||
	    pipe2(complaints, O_CLOEXEC) < 0)
		die("%s", strerror(errno));
	setsockopt(control[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes));
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	box->control = control[0];
	box->complaints = complaints[0];
	box->child = fork();
	if (box->child == 0)
		become(box, command.list, control[1], complaints[1]);
	box->started = box->child > 0;
	close(control[1]);
	close(complaints[1]);
	send_filter(box);
	wait_until_ready(box);
	for (size_t i = 0; i < command.count; i++)
		free(command.list[i]);
	free(command.list);
}

/* ---- the end ---- */

/*
 * Init ends when its socket closes, and the kernel ends what is in its PID namespace. Where there
 * is none, init ends it; should init be dead, its children are ours.
 */
void stop_box(struct box *box)
{
	struct pollfd end = {-1, POLLIN, 0};

	if (!box->started)
		return;
	box->started = false;
	close(box->control);
	end.fd = box->child > 0 ? syscall(SYS_pidfd_open, box->child, 0) : -1;
	if (box->child > 0 && (end.fd < 0 || poll(&end, 1, STOP_MS) != 1))
		kill(box->child, SIGKILL);
	if (box->child > 0)
		waitpid(box->child, NULL, 0);
	end_children();
	if (box->tmp)
		remove_folder(box->tmp); /* init may have done so */
}
