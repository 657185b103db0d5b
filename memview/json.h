/*
 * json.h - read JSON from memory, one value at a time
 *
 * The first error stays in j->error, and every later call returns false: callers need to look at
 * it once, at the end.
 *
 *	struct json j = {.at = text, .end = text + length};
 *	json_open(&j, '{');
 *	while (json_key(&j, &key))
 *		if (!strcmp(key, "page"))
 *			json_number(&j, &page);
 *		else
 *			json_skip(&j);
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	const char *at, *end;
	const char *error; /* NULL while all is well */
	bool first;	   /* no comma before the next element */
	char *text;	   /* the string read last, decoded */
	size_t room;
};

char json_peek(struct json *j);		      /* the next value's first character, 0 at the end */
bool json_open(struct json *j, char bracket); /* '{' or '[' */
bool json_key(struct json *j, const char **key);     /* next member; false: the object has ended */
bool json_item(struct json *j);			     /* next element; false: the array has ended */
bool json_string(struct json *j, const char **text); /* UTF-8; valid until the next string */
bool json_number(struct json *j, uint64_t *number);  /* a whole number from 0 to 2^53 */
bool json_true(struct json *j, bool *is);
void json_skip(struct json *j);
void json_end(struct json *j);			   /* nothing but blanks may follow */
bool json_fail(struct json *j, const char *error); /* returns false */
void json_free(struct json *j);

/* Copy a character of text that may not be UTF-8 to out (4 bytes of room); returns the bytes read,
 * and in *length those written. What is no character becomes U+FFFD. */
size_t utf8_copy(const char *text, size_t left, char *out, size_t *length);

#endif
