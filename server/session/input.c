/* SPDX-License-Identifier: MIT */
#include "server/session/input.h"

#include "server/session/packet.h"

#include <string.h>

enum { BREAK_BYTE = 0x03 };

bool
input_has_bytes(const struct input *input)
{
	return input->at < input->len;
}

const uint8_t *
input_next(const struct input *input)
{
	return input->bytes + input->at;
}

size_t
input_size(const struct input *input)
{
	return input->len - input->at;
}

uint8_t *
input_end(struct input *input)
{
	return input->bytes + input->len;
}

size_t
input_space(const struct input *input)
{
	return sizeof(input->bytes) - input->len;
}

static bool
hear_in_packet(struct input *input, uint8_t byte)
{
	bool is_break = byte == BREAK_BYTE && input->hearing == HEAR_TEXT;

	if (byte == '#')
		input->hearing = HEAR_CHECK_HIGH;
	else if (is_break)
		input->hearing = HEAR_OUTSIDE;
	return is_break;
}

static bool
is_break(struct input *input, uint8_t byte)
{
	switch (input->hearing) {
	case HEAR_OUTSIDE:
		if (byte == '$')
			input->hearing = HEAR_BEGIN;
		return byte == BREAK_BYTE;
	case HEAR_BEGIN:
		input->hearing = packet_may_be_binary(byte) ? HEAR_PACKET : HEAR_TEXT;
		return hear_in_packet(input, byte);
	case HEAR_TEXT:
	case HEAR_PACKET:
		return hear_in_packet(input, byte);
	case HEAR_CHECK_HIGH:
		input->hearing = HEAR_CHECK_LOW;
		return false;
	case HEAR_CHECK_LOW:
		input->hearing = HEAR_OUTSIDE;
		return false;
	}
	return false;
}

bool
input_take_breaks(struct input *input)
{
	size_t kept;
	bool has_break;

	if (input->heard < input->at) {
		input->heard = input->at;
		input->hearing = HEAR_OUTSIDE;
	}
	kept = input->heard;
	for (size_t i = input->heard; i < input->len; i++)
		if (!is_break(input, input->bytes[i]))
			input->bytes[kept++] = input->bytes[i];
	has_break = kept < input->len;
	input->heard = input->len = kept;
	return has_break;
}

void
input_compact(struct input *input)
{
	size_t at = input->at;

	memmove(input->bytes, input_next(input), input_size(input));
	input->heard -= input->heard < at ? input->heard : at;
	input->len -= at;
	input->at = 0;
}
