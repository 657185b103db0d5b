/* probe.c - which levels work here, by running a program in each */
#include "confine.h"

int probe(const struct box *box)
{
	(void)box;
	return 0;
}
