/* SPDX-License-Identifier: MIT */
#include "server/rsp/request.h"

#include "transport/base/bytes.h"
#include "transport/base/text.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

enum { ADDRESS_DIGITS = 8, NUMBER_DIGITS = 16 };

struct cursor {
	const char *at, *end;
};

static size_t
cursor_left(const struct cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

/* Leading zeros count: a packet with more digits than its number has is a mistake. */
static bool
read_number(struct cursor *cursor, unsigned max_digits, uint64_t *number)
{
	unsigned digits = 0;

	*number = 0;
	for (; cursor->at < cursor->end && hex_digit(*cursor->at) >= 0; cursor->at++) {
		if (++digits > max_digits)
			return false;
		*number = *number << 4 | (uint64_t)hex_digit(*cursor->at);
	}
	return digits > 0;
}

/* "-1" is all. */
static bool
read_id(struct cursor *cursor, int *id)
{
	uint64_t number;

	if (cursor_left(cursor) >= 2 && memcmp(cursor->at, "-1", 2) == 0) {
		cursor->at += 2;
		*id = -1;
		return true;
	}
	if (!read_number(cursor, NUMBER_DIGITS, &number))
		return false;
	*id = number > INT_MAX ? INT_MAX : (int)number;
	return true;
}

/* "pP" is all threads of that process (GDB manual, "Packets", thread-id syntax). */
static bool
read_thread(struct cursor *cursor, struct argument *argument)
{
	argument->process = REQUEST_ANY;
	argument->thread = REQUEST_ALL;
	if (cursor->at < cursor->end && *cursor->at == 'p') {
		cursor->at++;
		if (!read_id(cursor, &argument->process))
			return false;
		if (cursor->at == cursor->end || *cursor->at != '.')
			return true;
		cursor->at++;
	}
	return read_id(cursor, &argument->thread);
}

static void
read_word(struct cursor *cursor, char until, struct argument *argument)
{
	size_t left = cursor_left(cursor);
	const char *end = until == '\0' ? NULL : memchr(cursor->at, until, left);

	argument->bytes = cursor->at;
	argument->len = end == NULL ? left : (size_t)(end - cursor->at);
	cursor->at += argument->len;
}

static bool
read_argument(struct cursor *cursor, const char *schema, struct argument *argument)
{
	switch (schema[0]) {
	case 'a':
		return read_number(cursor, ADDRESS_DIGITS, &argument->number);
	case 'n':
		return read_number(cursor, NUMBER_DIGITS, &argument->number);
	case 't':
		return read_thread(cursor, argument);
	case 'w':
		read_word(cursor, schema[1], argument);
		return true;
	default:
		read_word(cursor, '\0', argument);
		return true;
	}
}

static void
add_wanted(char letter, struct text *words)
{
	if (letter == 'a' || letter == 'n' || letter == 't')
		text_add(words, "%s should be",
			 letter == 'a'   ? "an address"
			 : letter == 'n' ? "a number"
					 : "a thread");
	else if (letter == '\0')
		text_add(words, "it should end");
	else
		text_add(words, "'%c' should be", letter);
}

static enum cause
complain(const struct request *request, char letter, const struct cursor *cursor,
	 const char *bytes, struct reason *why)
{
	size_t left = cursor_left(cursor);
	char buffer[32];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	add_wanted(letter, &words);
	if (left == 0)
		return reason_begin(why, CAUSE_REQUEST, "the packet %s ends where %s",
				    request->name, buffer);
	return reason_begin(why, CAUSE_REQUEST,
			    "the packet %s has '%c' as character %zu of its arguments, "
			    "where %s",
			    request->name, *cursor->at >= ' ' ? *cursor->at : '?',
			    (size_t)(cursor->at - bytes) + 1, buffer);
}

enum cause
request_parse(const char *schema, const char *bytes, size_t len, struct request *request,
	      struct reason *why)
{
	struct cursor cursor = { bytes, bytes + len };
	bool may_end = false;

	request->len = 0;
	for (const char *letter = schema; *letter != '\0'; letter++) {
		bool is_good;

		if (*letter == '?') {
			may_end = true;
			continue;
		}
		if (may_end && cursor.at == cursor.end)
			return CAUSE_NONE;
		if (strchr("antwxb", *letter) != NULL) {
			assert(request->len < REQUEST_MAX_ARGUMENTS);
			is_good = read_argument(&cursor, letter,
						&request->at[request->len++]);
		} else {
			is_good = cursor.at < cursor.end && *cursor.at == *letter;
			cursor.at += is_good ? 1 : 0;
		}
		if (!is_good)
			return complain(request, *letter, &cursor, bytes, why);
	}
	if (cursor.at != cursor.end)
		return complain(request, '\0', &cursor, bytes, why);
	return CAUSE_NONE;
}

bool
argument_is(const struct argument *argument, const char *text)
{
	return argument->len == strlen(text) &&
	       memcmp(argument->bytes, text, argument->len) == 0;
}

bool
argument_decode(const struct argument *argument, uint8_t *out, size_t size, size_t *len)
{
	*len = argument->len / 2;
	return argument->len % 2 == 0 && *len <= size &&
	       hex_decode(out, argument->bytes, *len);
}
