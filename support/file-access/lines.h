/*
 * lines.h - what the three line counters share: their operands, and newlines in memory
 *
 * usage: #include "lines.h"
 */
#ifndef LINES_H
#define LINES_H

#include "../lab.h"

/* BLOCK of `PROGRAM FILE BLOCK`: how many bytes to take at a time, at least one. */
static inline size_t block_operand(int argc, char *argv[], const char *synopsis)
{
	size_t block;

	if (argc != 3)
		usage(synopsis);
	block = number(argv[2], synopsis);
	if (block == 0)
		usage(synopsis);
	return block;
}

/* How many of the n bytes are newlines. */
static inline uintmax_t newlines(const char *bytes, size_t n)
{
	uintmax_t lines = 0;

	for (size_t i = 0; i < n; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static inline void print_lines(uintmax_t lines)
{
	printf("lines %ju\n", lines);
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
}

#endif
