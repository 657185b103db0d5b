/*
 * json.c - read JSON from memory, one value at a time
 *
 * The text comes from anyone, so: no recursion, no number beyond 2^53, and every string leaves as
 * UTF-8 without NUL.
 */
#include "json.h"
#include "memory.h"

#define DEEPEST 64 /* brackets within brackets that json_skip() follows */

bool json_fail(struct json *j, const char *error)
{
	if (!j->error)
		j->error = error;
	return false;
}

char json_peek(struct json *j)
{
	while (j->at < j->end && memchr(" \t\r\n", *j->at, 4))
		j->at++;
	return j->error || j->at == j->end ? '\0' : *j->at;
}

static bool take(struct json *j, char c)
{
	if (!c || json_peek(j) != c)
		return false;
	j->at++;
	return true;
}

bool json_open(struct json *j, char bracket)
{
	j->first = true;
	return take(j, bracket) || json_fail(j, bracket == '{' ? "expected {" : "expected [");
}

/* true if another element begins here, false after the closing bracket */
static bool another(struct json *j, char close)
{
	if (take(j, close)) {
		j->first = false; /* of what is around */
		return false;
	}
	if (!j->first && !take(j, ','))
		return json_fail(j, j->at == j->end ? "ends too early" : "expected a comma");
	j->first = false;
	return !j->error;
}

bool json_item(struct json *j)
{
	return another(j, ']');
}

bool json_key(struct json *j, const char **key)
{
	return another(j, '}') && json_string(j, key) &&
	       (take(j, ':') || json_fail(j, "expected a colon"));
}

size_t utf8_copy(const char *text, size_t left, char *out, size_t *length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = left ? *text : 0;
	size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 4;
	uint32_t code = n == 1 ? c : c & (0x7f >> n);
	bool good = n == 1 ? c : c >= 0xc2 && c < 0xf5 && n <= left;

	for (size_t i = 1; good && i < n; i++) {
		good = ((unsigned char)text[i] & 0xc0) == 0x80;
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (good && n > 1)
		good = code >= least[n] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	*length = good ? n : 3;
	memcpy(out, good ? text : "\xef\xbf\xbd", *length);
	return good ? n : 1;
}

static void utf8_encode(uint32_t code, char *out, size_t *length)
{
	char raw[4] = {(char)code};
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = n; n > 1 && i-- > 0; code >>= 6)
		raw[i] = (char)(i ? 0x80 | (code & 0x3f) : (0xf00 >> n & 0xff) | code);
	utf8_copy(raw, n, out, length); /* a lone surrogate is no character */
}

static bool hex4(struct json *j, uint32_t *code)
{
	*code = 0;
	if (j->end - j->at < 4)
		return json_fail(j, "ends too early");
	for (int i = 0; i < 4; i++) {
		char c = *j->at++;
		int digit = c >= '0' && c <= '9'		 ? c - '0'
			    : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
								 : -1;

		if (digit < 0)
			return json_fail(j, "bad \\u in a string");
		*code = *code << 4 | (uint32_t)digit;
	}
	return true;
}

/* What follows a backslash, into out. */
static bool escape(struct json *j, char *out, size_t *length)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *which;
	uint32_t code, low;

	if (j->at == j->end)
		return json_fail(j, "ends too early");
	if (*j->at != 'u') {
		which = memchr(from, *j->at++, sizeof(from) - 1);
		*length = 1;
		*out = which ? to[which - from] : 0;
		return which || json_fail(j, "bad escape in a string");
	}
	j->at++;
	if (!hex4(j, &code))
		return false;
	if (code >= 0xd800 && code < 0xdc00 && j->end - j->at >= 6 && j->at[0] == '\\' &&
	    j->at[1] == 'u') {
		j->at += 2;
		if (!hex4(j, &low))
			return false;
		code = low >= 0xdc00 && low < 0xe000
			       ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
			       : 0xd800;
	}
	utf8_encode(code, out, length);
	return true;
}

bool json_string(struct json *j, const char **text)
{
	size_t n = 0;

	if (!take(j, '"'))
		return json_fail(j, "expected a string");
	for (;;) {
		size_t length;

		j->text = grow(j->text, &j->room, n + 5, 1);
		if (j->at == j->end)
			return json_fail(j, "ends too early");
		if (*j->at == '"')
			break;
		if ((unsigned char)*j->at < ' ')
			return json_fail(j, "control character in a string");
		if (*j->at == '\\') {
			j->at++;
			if (!escape(j, j->text + n, &length))
				return false;
		} else {
			j->at += utf8_copy(j->at, (size_t)(j->end - j->at), j->text + n, &length);
		}
		n += length;
	}
	j->at++;
	j->text[n] = '\0';
	*text = j->text;
	return true;
}

bool json_number(struct json *j, uint64_t *number)
{
	const char *start;

	*number = 0;
	json_peek(j);
	start = j->at;
	while (j->at < j->end && *j->at >= '0' && *j->at <= '9') {
		*number = *number * 10 + (uint64_t)(*j->at++ - '0');
		if (*number > (uint64_t)1 << 53)
			return json_fail(j, "number too large");
	}
	if (j->at == start || (j->at < j->end && memchr(".eE", *j->at, 3)))
		return json_fail(j, "expected a whole number");
	return !j->error;
}

static bool word(struct json *j, const char *w)
{
	size_t n = strlen(w);

	json_peek(j);
	if ((size_t)(j->end - j->at) < n || memcmp(j->at, w, n) != 0)
		return false;
	j->at += n;
	return !j->error;
}

bool json_true(struct json *j, bool *is)
{
	*is = word(j, "true");
	return *is || word(j, "false") || json_fail(j, "expected true or false");
}

static void skip_one(struct json *j)
{
	const char *text;

	if (json_peek(j) == '"')
		json_string(j, &text);
	else if (json_peek(j) && memchr("-0123456789", *j->at, 11))
		while (j->at < j->end && memchr("+-.eE0123456789", *j->at, 15))
			j->at++;
	else if (!word(j, "true") && !word(j, "false") && !word(j, "null"))
		json_fail(j, json_peek(j) ? "not JSON" : "ends too early");
}

/* A value of any depth: a stack of brackets in place of recursion. */
void json_skip(struct json *j)
{
	char open[DEEPEST];
	size_t depth = 0;
	const char *key;

	do {
		char c = json_peek(j);

		if (c == '{' || c == '[') {
			if (depth == DEEPEST) {
				json_fail(j, "too deep");
				return;
			}
			open[depth++] = c;
			json_open(j, c);
		} else {
			skip_one(j);
		}
		while (depth && !j->error &&
		       !(open[depth - 1] == '{' ? json_key(j, &key) : json_item(j)))
			depth--;
	} while (depth && !j->error);
}

void json_end(struct json *j)
{
	if (json_peek(j))
		json_fail(j, "something follows the end");
}

void json_free(struct json *j)
{
	free(j->text);
	j->text = NULL;
}
