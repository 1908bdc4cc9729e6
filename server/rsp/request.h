/* SPDX-License-Identifier: MIT */
/*
 * request.h - the arguments of a packet, read by a small schema as QEMU's gdbstub does.
 *
 * A schema is a string of letters, each one argument, and of the characters that stand
 * between them:
 *
 *   a   an address: hexadecimal, at most 32 bits
 *   n   a number: hexadecimal, at most 64 bits
 *   t   a thread: hexadecimal, "-1", or "pP.T"
 *   w   a word: up to the character that follows in the schema
 *   x   the rest, pairs of hexadecimal digits, still to be decoded
 *   b   the rest, as it is
 *   ?   from here on the packet may end
 *
 * "a,n:b" is what an X packet holds.
 */
#ifndef SERVER_RSP_REQUEST_H
#define SERVER_RSP_REQUEST_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_MAX_ARGUMENTS = 4, REQUEST_ANY = 0, REQUEST_ALL = -1 };

struct argument {
	uint64_t number;     /* a, n */
	int process, thread; /* t */
	const char *bytes;   /* w, x, b; not terminated */
	size_t len;
};

struct request {
	const char *name; /* of the command that it is for */
	unsigned len;     /* arguments that were given */
	struct argument at[REQUEST_MAX_ARGUMENTS];
};

/* Reads `bytes`, what follows the name, into `request`; text stays where it is.
 * CAUSE_REQUEST says what was wanted and what was found. */
enum cause request_parse(const char *schema, const char *bytes, size_t len,
			 struct request *request, struct reason *why);

/* Is the word or rest exactly `text`? */
bool argument_is(const struct argument *argument, const char *text);
/* Decodes an x argument into `out`; false when digits are odd, wrong, or too many. */
bool
argument_decode(const struct argument *argument, uint8_t *out, size_t size, size_t *len);

#endif /* SERVER_RSP_REQUEST_H */
