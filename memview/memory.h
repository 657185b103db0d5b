/*
 * memory.h - growing arrays; memview ends if memory does
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_OWN 125 /* memview's own failure: 126 and 127 are the program's, as for env(1) */

/* Make room for need elements of size bytes each; returns the array, maybe elsewhere. */
static inline void *grow(void *array, size_t *room, size_t need, size_t size)
{
	size_t more = *room ? *room : 8;

	if (need <= *room)
		return array;
	while (more < need)
		more *= 2;
	array = reallocarray(array, more, size);
	if (!array)
		err(EXIT_OWN, "%zu bytes", more * size);
	*room = more;
	return array;
}

/* length bytes of zeros, or of a copy of from. */
static inline void *fresh(const void *from, size_t length)
{
	void *p = calloc(1, length ? length : 1);

	if (!p)
		err(EXIT_OWN, "%zu bytes", length);
	if (from && length)
		memcpy(p, from, length);
	return p;
}

#endif
