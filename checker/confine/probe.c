/* probe.c - which levels work on this machine: by running a program in each, not by looking */
#include "confine.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char requests[] = "5\nspawn\0t\0wall=10000\0--\0/bin/true\0"
			       "2\nwait\0t\0"
			       "1\nquit"; /* and its own NUL */

/* The first number in a file, or OTHERWISE. */
static long setting(const char *path, long otherwise)
{
	FILE *file = fopen(path, "re");

	if (file) {
		if (fscanf(file, "%ld", &otherwise) != 1)
			clearerr(file);
		fclose(file);
	}
	return otherwise;
}

static bool in_container(void)
{
	return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0 ||
	       getenv("container") || getenv("KUBERNETES_SERVICE_HOST");
}

/* What stands in the way, and what would clear it; or NULL. */
static const char *reason(const char *level, const char *complaint)
{
	if (strcmp(level, "landlock") == 0 && strstr(complaint, strerror(ENOSYS)))
		return "the kernel has no Landlock: it takes Linux 5.13 or newer";
	if (strcmp(level, "landlock") == 0 && strstr(complaint, strerror(EOPNOTSUPP)))
		return "Landlock is switched off: add landlock to lsm= on the kernel's command "
		       "line";
	if (strcmp(level, "namespaces") != 0 || strncmp(complaint, "the sandbox", 11) != 0)
		return NULL;
	if (strstr(complaint, "bwrap: No such file"))
		return "bubblewrap is not installed: apt install bubblewrap";
	if (strstr(complaint, "--size"))
		return "bubblewrap is too old: it takes one with --size (0.6.3)";
	if (setting("/proc/sys/user/max_user_namespaces", 1) == 0)
		return "user namespaces are switched off: sysctl user.max_user_namespaces=10000";
	if (setting("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0)
		return "user namespaces are for root only: sysctl "
		       "kernel.unprivileged_userns_clone=1";
	if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) == 1)
		return "AppArmor restricts user namespaces: sysctl "
		       "kernel.apparmor_restrict_unprivileged_userns=0, or "
		       "a profile for bwrap";
	if (in_container())
		return "this container refuses new namespaces: start it with --security-opt "
		       "seccomp=unconfined "
		       "--security-opt apparmor=unconfined --security-opt systempaths=unconfined";
	return NULL;
}

/* Our own program again, for one level, with one job; all that it says goes into TEXT. */
static void try_level(const char *level, const char *init, const char *work, char *text,
		      size_t size)
{
	int in[2], out[2];
	size_t length = 0;
	ssize_t n;

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		die("%s", strerror(errno));
	fflush(stdout);
	if (fork() == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execl("/proc/self/exe", "confine", "--level", level, "--init", init, "--work", work,
		      NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	/* In vain if it has ended already: its last words say why. */
	if (write(in[1], requests, sizeof(requests)) < 0)
		length = 0;
	close(in[1]);
	while (length + 1 < size && (n = read(out[0], text + length, size - 1 - length)) > 0)
		length += n;
	text[length] = '\0';
	close(out[0]);
	wait(NULL);
}

static void tell_level(const char *level, char *text)
{
	char *complaint = strstr(text, "confine: ");
	const char *why;

	if (strstr(text, "\nended t exit 0 ")) {
		printf("%s ok\n", level);
		return;
	}
	complaint = complaint ? complaint + strlen("confine: ") : text;
	complaint[strcspn(complaint, "\n")] = '\0';
	why = reason(level, complaint);
	if (why)
		printf("%s no %s (%s)\n", level, why, complaint);
	else
		printf("%s no %s\n", level, *complaint ? complaint : "no reason given");
}

int probe(const struct box *box)
{
	static const char *const levels[] = {"namespaces", "landlock", "none"};
	const char *tmp = getenv("TMPDIR");
	char work[PATH_MAX], text[2048];

	signal(SIGPIPE, SIG_IGN);
	snprintf(work, sizeof(work), "%s/confine-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(work))
		die("%s: %s", work, strerror(errno));
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		try_level(levels[i], box->init, work, text, sizeof(text));
		tell_level(levels[i], text);
	}
	rmdir(work);
	return EXIT_SUCCESS;
}
