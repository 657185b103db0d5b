/*
 * lab.h - what the programs share: a stop to look at the process, a mark in its trace, and
 *         how an operand becomes a number
 *
 * usage: #include "../lab.h"
 */
#ifndef LAB_H
#define LAB_H

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Print text on a line (nothing if NULL), then block until standard input gives a line or ends.
 * Now is the time for `memview PID` and `pmap PID`: a blocked process keeps its memory as it is.
 *
 * The wait is a bare read(2) into a byte on the stack. getchar() would have malloc() make a buffer
 * for stdin: a program that is here to be looked at must not change by being looked at.
 */
static inline void stop(const char *text)
{
	char byte;
	ssize_t n;

	if (text)
		puts(text);
	if (fflush(stdout))
		err(EXIT_FAILURE, "standard output");

	do
		n = read(STDIN_FILENO, &byte, 1);
	while (n == 1 ? byte != '\n' : n < 0 && errno == EINTR);
}

/*
 * Give the step that begins here a name in memview's recording. A write to file descriptor -1
 * always fails: it costs next to nothing, uses no memory, and a tracer still sees the label.
 */
static inline void mark(const char *label)
{
	char line[64] = "mv:";
	int saved = errno;

	strncat(line, label, sizeof(line) - sizeof("mv:"));
	if (write(-1, line, strlen(line)) < 0)
		errno = saved;
}

/* Say how the program is called, "areas" or "cow PAGES WRITES", and exit 2. */
_Noreturn static inline void usage(const char *synopsis)
{
	fprintf(stderr, "usage: %s\n", synopsis);
	exit(2);
}

/* The number that text spells in decimal digits; anything else was called wrongly. */
static inline uintmax_t number(const char *text, const char *synopsis)
{
	uintmax_t n;
	char *rest;

	if (!isdigit((unsigned char)*text))
		usage(synopsis);
	errno = 0;
	n = strtoumax(text, &rest, 10);
	if (*rest)
		usage(synopsis);
	if (errno)
		err(EXIT_FAILURE, "%s", text);
	return n;
}

#endif
