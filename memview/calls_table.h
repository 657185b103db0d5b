/*
 * calls_table.h - the calls that are stopped, and how to write each
 */
#ifndef CALLS_TABLE_H
#define CALLS_TABLE_H

/* arguments: a letter each, see add_argument(). returns: p address, d number */
struct call_look {
	long nr;
	const char *name, *arguments;
	char returns;
};

/* NULL if nr is not stopped */
const struct call_look *call_look(long nr);
/* The n-th of them, NULL after the last */
const struct call_look *call_nth(size_t n);

#endif
