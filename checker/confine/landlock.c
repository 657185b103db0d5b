/*
 * landlock.c - a job may read the system's programs and write its own folders, and nothing else
 *
 * Raw system calls: the C library has no wrappers. The rule set asks for all that this kernel's
 * Landlock knows (its ABI grows with the kernel) and that a job has no need of.
 */
#include "init.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that headers older than the kernel may not name. */
#define FS_REFER    (1ULL << 13) /* ABI 2 */
#define FS_TRUNCATE (1ULL << 14) /* ABI 3 */
#define SCOPE_BOTH  3ULL	 /* ABI 6: abstract sockets and signals */
#define NET_BOTH    3ULL	 /* ABI 4: TCP bind and connect */
#define FS_ABI_1    ((1ULL << 13) - 1)
#define FS_FILE_RIGHTS                                               \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | \
	 LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)
#define FS_READ \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

struct rules_attr {
	uint64_t handled_fs, handled_net, scoped;
};

static uint64_t handled_fs;

static int create_rules(void)
{
	struct rules_attr attr = {.handled_fs = FS_ABI_1};
	size_t size = sizeof(attr.handled_fs);
	int abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1)
		return -1;
	if (abi >= 2)
		attr.handled_fs |= FS_REFER;
	if (abi >= 3)
		attr.handled_fs |= FS_TRUNCATE;
	if (abi >= 4) {
		attr.handled_net = NET_BOTH;
		size = 2 * sizeof(uint64_t);
	}
	handled_fs = attr.handled_fs;
	return syscall(SYS_landlock_create_ruleset, &attr, size, 0);
}

/* What does not exist needs no rule. */
static void allow(int rules, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
	struct stat st;

	if (rule.parent_fd < 0)
		return;
	rights &= handled_fs;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rights &= FS_FILE_RIGHTS;
	rule.allowed_access = rights;
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

int landlock_rules(char *const writable[])
{
	static const char *const readable[] = {"/usr",
					       "/bin",
					       "/sbin",
					       "/lib*",
					       "/proc",
					       "/etc/ld.so.*",
					       "/etc/alternatives",
					       "/etc/perl",
					       "/etc/python3*",
					       "/etc/java*",
					       "/etc/node*",
					       "/etc/ssl/openssl.cnf",
					       "/etc/localtime",
					       "/etc/nsswitch.conf"};
	int rules = create_rules();
	glob_t found;

	if (rules < 0)
		return -1;
	for (size_t i = 0; i < sizeof(readable) / sizeof(*readable); i++) {
		if (glob(readable[i], 0, NULL, &found) != 0)
			continue;
		for (size_t j = 0; j < found.gl_pathc; j++)
			allow(rules, found.gl_pathv[j], FS_READ);
		globfree(&found);
	}
	allow(rules, "/dev",
	      LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
		      LANDLOCK_ACCESS_FS_WRITE_FILE);
	allow(rules, "/dev/shm", handled_fs);
	for (; *writable; writable++) /* `ro:` before a path that is only to be read */
		if (strncmp(*writable, "ro:", 3) == 0)
			allow(rules, *writable + 3, FS_READ);
		else
			allow(rules, *writable, handled_fs);
	return fcntl(rules, F_SETFD, FD_CLOEXEC) < 0 ? -1 : rules;
}

int landlock_enter(int rules)
{
	return syscall(SYS_landlock_restrict_self, rules, 0);
}

/*
 * Init's own rules: it and its jobs are one scope, which no signal leaves and no connection to an
 * abstract socket. Before ABI 6 there is none.
 */
int landlock_scope(void)
{
	struct rules_attr attr = {.scoped = SCOPE_BOTH};
	int rules = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0), result;

	if (rules < 0)
		return errno == E2BIG ? 0 : -1;
	result = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -1 : landlock_enter(rules);
	close(rules);
	return result;
}
