/*
 * pattern.h - how kinds differ on paper without colour: a drawing for each, in SVG and HTML
 */
#ifndef PATTERN_H
#define PATTERN_H

#include "trace.h"

#define PATTERN_SIZE 8 /* a tile is PATTERN_SIZE units wide and high */

/* The d of an SVG path, stroked over the kind's colour, that continues across tiles. */
extern const char *const kind_patterns[KINDS];

/* What is drawn over the colour of a kind: black, or white on black. */
const char *pattern_ink(enum kind kind);

#endif
