/* SPDX-License-Identifier: MIT */
/*
 * input.h - bytes that have come from a client and wait, and the Ctrl-C among them.
 *
 * Behind a packet that is held the rest waits, but Ctrl-C must be heard at once: a 0x03 between
 * packets, or in one of text, whose sender gave it up. In binary data and in a checksum it is
 * no Ctrl-C.
 */
#ifndef SERVER_SESSION_INPUT_H
#define SERVER_SESSION_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_MAX = 64 * 1024 };

struct input {
	size_t at, len; /* what is before `at` was taken */
	size_t heard;   /* what is before it was looked through for Ctrl-C */
	enum {
		HEAR_OUTSIDE,
		HEAR_BEGIN,
		HEAR_TEXT,
		HEAR_PACKET,
		HEAR_CHECK_HIGH,
		HEAR_CHECK_LOW
	} hearing;
	uint8_t bytes[INPUT_MAX];
};

bool input_has_bytes(const struct input *input);
/* The bytes that wait, and how many. */
const uint8_t *input_next(const struct input *input);
size_t input_size(const struct input *input);
/* Where more can be put, and how much; `len` then counts it. */
uint8_t *input_end(struct input *input);
size_t input_space(const struct input *input);
/* Takes each Ctrl-C out of what waits. Begins outside of a packet, behind what was taken last. Returns
 * whether there was one. */
bool input_take_breaks(struct input *input);
/* Makes room: what was taken is forgotten. */
void input_compact(struct input *input);

#endif /* SERVER_SESSION_INPUT_H */
