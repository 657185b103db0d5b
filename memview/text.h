/*
 * text.h - text of fixed width for the terminal, harmless whatever is in it
 */
#ifndef TEXT_H
#define TEXT_H

#include "views.h"

/*
 * Text from files and other processes: control characters and, with o->ascii, all beyond ASCII
 * become ?. At most columns wide, the rest cut off on the left and marked; padded if pad is true.
 */
void put_text(const char *text, int columns, bool pad, const struct view_options *o, FILE *out);
/* Text broken after ", " and " " so that it fits in o->width; later lines begin with indent blanks. */
void put_wrapped(const char *text, int indent, const struct view_options *o, FILE *out);
void put_colour(uint8_t ansi, const struct view_options *o, FILE *out);
void put_plain(const struct view_options *o, FILE *out);

#endif
