/*
 * filter.c - which calls are stopped: a table, and the seccomp filter made from it
 *
 * The kernel runs the filter at every system call, some nanoseconds each; only what it marks
 * RET_TRACE stops the thread and wakes the tracer. All else runs as if it were not traced.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "calls.h"
#include "calls_table.h"
#include "regs.h"

#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

#define CALL(name, arguments, returns)                \
	{                                             \
		SYS_##name, #name, arguments, returns \
	}

/* Only the first SOMETIMES of them depend on an argument. */
static const struct call_look looks[] = {
	{SYS_write, "write", "dpu", 'd'},   /* to file descriptor -1: a mark */
	{SYS_prctl, "prctl", "xxpus", 'd'}, /* PR_SET_VMA: a name */
	CALL(brk, "p", 'p'),
	CALL(mmap, "puPMfx", 'p'),
	CALL(munmap, "pu", 'd'),
	CALL(mremap, "puuRq", 'p'),
	CALL(mprotect, "puP", 'd'),
	CALL(pkey_mprotect, "puPd", 'd'),
	CALL(madvise, "puA", 'd'),
	CALL(process_madvise, "dpuAx", 'd'),
	CALL(mlock, "pu", 'd'),
	CALL(mlock2, "pux", 'd'),
	CALL(mlockall, "L", 'd'),
	CALL(munlock, "pu", 'd'),
	CALL(munlockall, "", 'd'),
	CALL(shmat, "dpS", 'p'),
	CALL(shmdt, "p", 'd'),
	CALL(remap_file_pages, "puPux", 'd'),
	CALL(mbind, "pudpux", 'd'),
	CALL(mseal, "pux", 'd'),
	CALL(io_setup, "up", 'd'), /* maps a ring */
	CALL(io_destroy, "p", 'd'),
	CALL(execve, "sv", 'd'),
	CALL(execveat, "dsv", 'd'),
	CALL(clone, "Cq", 'd'),
	CALL(clone3, "3", 'd'),
#ifdef SYS_fork
	CALL(fork, "", 'd'),
	CALL(vfork, "", 'd'),
#endif
};
#define LOOKS	  (sizeof(looks) / sizeof(*looks))
#define SOMETIMES 2

const struct call_look *call_nth(size_t n)
{
	return n < LOOKS ? &looks[n] : NULL;
}

const struct call_look *call_look(long nr)
{
	for (size_t i = 0; i < LOOKS; i++)
		if (looks[i].nr == nr)
			return &looks[i];
	return NULL;
}

#define LOAD(field)	   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(what)	   BPF_STMT(BPF_RET | BPF_K, what)
/* The lower half of an argument, wherever the machine puts it */
#define LOW(n) args[n]) + (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4

/* Calls of another architecture (32-bit programs) run freely: they are not followed. */
struct sock_fprog calls_filter(void)
{
	static struct sock_filter f[16 + LOOKS];
	size_t n = 0, first;

	f[n++] = (struct sock_filter)LOAD(arch);
	f[n++] = (struct sock_filter)IF(AUDIT_OWN, 1, 0);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	f[n++] = (struct sock_filter)LOAD(nr);
	f[n++] = (struct sock_filter)IF(SYS_write, 0, 2);
	f[n++] = (struct sock_filter)LOAD(LOW(0));
	f[n++] = (struct sock_filter)IF(0xffffffff, 4, 3);
	f[n++] = (struct sock_filter)IF(SYS_prctl, 0, 4);
	f[n++] = (struct sock_filter)LOAD(LOW(0));
	f[n++] = (struct sock_filter)IF(PR_SET_VMA, 1, 0);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_TRACE);
	first = n;
	for (size_t i = SOMETIMES; i < LOOKS; i++, n++)
		f[n] = (struct sock_filter)IF((uint32_t)looks[i].nr,
					      (uint8_t)(LOOKS - SOMETIMES - (n - first)), 0);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_TRACE);
	return (struct sock_fprog){.len = (unsigned short)n, .filter = f};
}
