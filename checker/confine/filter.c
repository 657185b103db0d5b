/* filter.c - the system calls that a job may not make, as a seccomp program */
#include "confine.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Looking into other processes, and doors to the rest of the kernel. */
static const char *const forbidden[] = {"ptrace",
					"process_vm_readv",
					"process_vm_writev",
					"pidfd_getfd",
					"kcmp",
					"process_madvise",
					"process_mrelease",
					"move_pages",
					"migrate_pages",
					"userfaultfd",
					"bpf",
					"perf_event_open",
					"keyctl",
					"add_key",
					"request_key",
					"mount",
					"umount",
					"umount2",
					"open_tree",
					"move_mount",
					"fsopen",
					"fsconfig",
					"fsmount",
					"fspick",
					"mount_setattr",
					"unshare",
					"setns",
					"pivot_root",
					"chroot",
					"open_by_handle_at",
					"name_to_handle_at",
					"kexec_load",
					"kexec_file_load",
					"init_module",
					"finit_module",
					"delete_module",
					"create_module",
					"swapon",
					"swapoff",
					"reboot",
					"quotactl",
					"quotactl_fd",
					"acct",
					"syslog",
					"vhangup",
					"fanotify_init",
					"fanotify_mark",
					"iopl",
					"ioperm",
					"lookup_dcookie",
					"settimeofday",
					"clock_settime",
					"clock_adjtime",
					"adjtimex",
					"sethostname",
					"setdomainname",
					"nfsservctl",
					"uselib",
					"vm86",
					"vm86old",
					NULL};

/*
 * Memory that no limit counts (a memfd escapes the address-space limit, System V segments outlive
 * their makers), and calls that the C library does without: they look like an older kernel's.
 */
static const char *const missing[] = {"clone3",		"memfd_create",	  "memfd_secret",
				      "shmget",		"shmat",	  "shmctl",
				      "shmdt",		"msgget",	  "semget",
				      "io_uring_setup", "io_uring_enter", "io_uring_register",
				      "io_setup",	"io_submit",	  NULL};

/* Namespaces of its own, and a child that its parent's tracer is not told of. */
static const uint64_t clone_flags[] = {CLONE_NEWNS,  CLONE_NEWUTS, CLONE_NEWIPC,    CLONE_NEWUSER,
				       CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP, CLONE_UNTRACED};

static void deny(scmp_filter_ctx filter, const char *const *names, int error)
{
	for (; *names; names++) {
		int number = seccomp_syscall_resolve_name(*names);

		if (number != __NR_SCMP_ERROR)
			seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), number, 0);
	}
}

static void deny_if(scmp_filter_ctx filter, int error, const char *name, struct scmp_arg_cmp test)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number != __NR_SCMP_ERROR)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), number, 1, test);
}

/*
 * What may be asked: nothing new (0xffffffff), the default (0), no address randomisation. A
 * comparison tests one argument once, so each other bit is refused by itself, told from
 * 0xffffffff by bit 31.
 */
static void deny_personalities(scmp_filter_ctx filter)
{
	const uint64_t top = 1ULL << 31;

	for (int bit = 0; bit < 31; bit++) {
		uint64_t mask = 1ULL << bit;

		if (mask != ADDR_NO_RANDOMIZE)
			deny_if(filter, EPERM, "personality",
				SCMP_A0(SCMP_CMP_MASKED_EQ, top | mask, mask));
		deny_if(filter, EPERM, "personality", SCMP_A0(SCMP_CMP_MASKED_EQ, top | mask, top));
	}
}

static void deny_arguments(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(clone_flags) / sizeof(*clone_flags); i++) {
		uint64_t flag = clone_flags[i];
#if defined(__s390__)
		deny_if(filter, EPERM, "clone", SCMP_A1(SCMP_CMP_MASKED_EQ, flag, flag));
#else
		deny_if(filter, EPERM, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
#endif
	}
	deny_if(filter, EAFNOSUPPORT, "socket", SCMP_A0(SCMP_CMP_NE, AF_UNIX));
	deny_if(filter, EPERM, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCSTI));
	deny_if(filter, EPERM, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCLINUX));
	deny_if(filter, EPERM, "prctl", SCMP_A0(SCMP_CMP_EQ, PR_SET_MM));
	seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 2,
			 SCMP_A0(SCMP_CMP_EQ, PR_SET_DUMPABLE), SCMP_A1(SCMP_CMP_EQ, 0));
	/* other processes' limits: they would end init, or what observes the job */
	seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 2,
			 SCMP_A0(SCMP_CMP_NE, 0), SCMP_A2(SCMP_CMP_NE, 0));
	deny_personalities(filter);
}

/* kill(-1) would reach all that this user runs, and init is in the jobs' Landlock scope. */
static void deny_signals(scmp_filter_ctx filter, pid_t init)
{
	static const char *const calls[] = {"kill", "tkill", "tgkill", "rt_sigqueueinfo",
					    "rt_tgsigqueueinfo"};
	static const char *const others[] = {"pidfd_send_signal", NULL};
	const uint32_t targets[] = {init, -init, -1};

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		for (size_t j = 0; j < sizeof(targets) / sizeof(*targets); j++)
			deny_if(filter, EPERM, calls[i],
				SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffff, targets[j]));
	deny_if(filter, EPERM, "fcntl", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, F_SETSIG));
	deny(filter, others, EPERM);
}

/*
 * Without a view of its own a job can name what belongs to its user: what strace writes about it,
 * say. Landlock has no rule for modes and attributes, and before its third version none for
 * truncate(); so nothing closes a file to its owner. POSIX message queues would outlive the sandbox,
 * and a socket reaches what listens for this user.
 */
static void deny_shared(scmp_filter_ctx filter, pid_t init)
{
	static const char *const attributes[] = {"setxattr", "lsetxattr", NULL};
	static const char *const outside[] = {"mq_open", NULL};
	static const char *const truncate[] = {"truncate", "truncate64", NULL};
	const int newer[] = {452, 463}; /* fchmodat2, setxattrat: libseccomp may not know them */
	int abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	deny_signals(filter, init);
	deny_if(filter, EPERM, "chmod", SCMP_A1(SCMP_CMP_MASKED_EQ, S_IRUSR, 0));
	deny_if(filter, EPERM, "fchmodat", SCMP_A2(SCMP_CMP_MASKED_EQ, S_IRUSR, 0));
	for (size_t i = 0; i < sizeof(newer) / sizeof(*newer); i++)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), newer[i], 0);
	deny(filter, attributes, EOPNOTSUPP);
	deny(filter, outside, EACCES);
	deny_if(filter, EACCES, "socket", SCMP_A0(SCMP_CMP_EQ, AF_UNIX)); /* socketpair() stays */
	if (abi == 1 || abi == 2)
		deny(filter, truncate, EPERM);
}

/*
 * INIT: its PID where it shares a PID namespace with the jobs, else 0. System calls of another ABI
 * (i386, x32) end the process: their numbers mean other calls.
 */
void *seccomp_program(pid_t init, size_t *size)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int file = memfd_create("filter", MFD_CLOEXEC);
	void *program;

	if (!filter || file < 0)
		die("no seccomp filter");
	seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	deny(filter, forbidden, EPERM);
	deny(filter, missing, ENOSYS);
	deny_arguments(filter);
	if (init)
		deny_shared(filter, init);
	if (seccomp_export_bpf(filter, file) < 0)
		die("no seccomp filter");
	*size = lseek(file, 0, SEEK_END);
	program = resize(NULL, *size);
	if (pread(file, program, *size, 0) != (ssize_t)*size)
		die("no seccomp filter");
	close(file);
	seccomp_release(filter);
	return program;
}

/* The name of a system call, or its number: what /proc/PID/syscall showed. */
const char *call_name(long number, char text[32])
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

	snprintf(text, 32, "%s", name ? name : "");
	if (!name)
		snprintf(text, 32, "%ld", number);
	free(name);
	return text;
}
