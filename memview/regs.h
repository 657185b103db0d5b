/*
 * regs.h - the registers that a tracer reads, by architecture
 */
#ifndef REGS_H
#define REGS_H

#include <linux/audit.h>
#include <sys/user.h>

#if defined(__x86_64__)
#define REG_SP(r) ((r).rsp)
#define REG_PC(r) ((r).rip)
#define AUDIT_OWN AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define REG_SP(r) ((r).sp)
#define REG_PC(r) ((r).pc)
#define AUDIT_OWN AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define REG_SP(r) ((r).sp)
#define REG_PC(r) ((r).pc)
#define AUDIT_OWN AUDIT_ARCH_RISCV64
#elif !defined(__cppcheck__) /* which does not say what it is */
#error "memview knows the registers of x86-64, arm64 and riscv64 only"
#endif

#endif
