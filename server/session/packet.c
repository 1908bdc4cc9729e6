/* SPDX-License-Identifier: MIT */
#include "server/session/packet.h"

#include "transport/base/bytes.h"

#include <string.h>

enum { BREAK_BYTE = 0x03, ESCAPE_XOR = 0x20 };

void
packet_reader_init(struct packet_reader *reader)
{
	reader->state = READ_IDLE;
	reader->junk = 0;
	reader->len = 0;
}

static void
begin(struct packet_reader *reader)
{
	reader->state = READ_DATA;
	reader->is_too_long = reader->is_cut_escape = false;
	reader->sum = 0;
	reader->len = 0;
}

bool
packet_may_be_binary(uint8_t first)
{
	return first == 'X' || first == 'v' || first == 'q';
}

static bool
is_cut_by_break(const struct packet_reader *reader, uint8_t byte)
{
	return byte == BREAK_BYTE &&
	       (reader->len == 0 || !packet_may_be_binary((uint8_t)reader->data[0]));
}

static void
append(struct packet_reader *reader, char c)
{
	if (reader->len < PACKET_SIZE)
		reader->data[reader->len++] = c;
	else
		reader->is_too_long = true;
}

static enum packet_event
read_idle(struct packet_reader *reader, uint8_t byte)
{
	switch (byte) {
	case '$':
		begin(reader);
		return PACKET_NOTHING;
	case '+':
		return PACKET_ACK;
	case '-':
		return PACKET_NAK;
	case BREAK_BYTE:
		return PACKET_BREAK;
	default:
		reader->junk++;
		return PACKET_JUNK;
	}
}

/* A `$` in the middle starts a new packet: the rest of a packet whose end got lost is junk. */
static enum packet_event
read_data(struct packet_reader *reader, uint8_t byte)
{
	if (byte == '$') {
		reader->junk += reader->len;
		begin(reader);
		return PACKET_NOTHING;
	}
	if (byte == '#') {
		reader->is_cut_escape = reader->state == READ_ESCAPE;
		reader->state = READ_CHECK_HIGH;
		return PACKET_NOTHING;
	}
	if (is_cut_by_break(reader, byte)) {
		reader->junk += reader->len;
		reader->state = READ_IDLE;
		return PACKET_BREAK;
	}
	reader->sum = (uint8_t)(reader->sum + byte);
	if (reader->state == READ_ESCAPE) {
		append(reader, (char)(byte ^ ESCAPE_XOR));
		reader->state = READ_DATA;
	} else if (byte == '}') {
		reader->state = READ_ESCAPE;
	} else {
		append(reader, (char)byte);
	}
	return PACKET_NOTHING;
}

static enum packet_event
finish(struct packet_reader *reader)
{
	reader->state = READ_IDLE;
	reader->data[reader->len] = '\0';
	reader->computed = reader->sum;
	if (!hex_decode(&reader->received, reader->check, 1) ||
	    reader->received != reader->computed)
		return PACKET_BAD_CHECKSUM;
	return reader->is_too_long     ? PACKET_TOO_LONG
	       : reader->is_cut_escape ? PACKET_CUT_ESCAPE
				       : PACKET_COMPLETE;
}

static enum packet_event
read_byte(struct packet_reader *reader, uint8_t byte)
{
	switch (reader->state) {
	case READ_IDLE:
		return read_idle(reader, byte);
	case READ_DATA:
	case READ_ESCAPE:
		return read_data(reader, byte);
	case READ_CHECK_HIGH:
		reader->check[0] = (char)byte;
		reader->state = READ_CHECK_LOW;
		return PACKET_NOTHING;
	case READ_CHECK_LOW:
		reader->check[1] = (char)byte;
		return finish(reader);
	}
	return PACKET_NOTHING;
}

enum packet_event
packet_read(struct packet_reader *reader, const uint8_t *bytes, size_t size, size_t *taken)
{
	enum packet_event event = PACKET_NOTHING;
	size_t i = 0;

	while (i < size && event == PACKET_NOTHING)
		event = read_byte(reader, bytes[i++]);
	/* Junk comes in runs (a port scan, an HTTP request): one event for the run. */
	while (event == PACKET_JUNK && i < size && bytes[i] != '$' && bytes[i] != '+' &&
	       bytes[i] != '-' && bytes[i] != BREAK_BYTE) {
		reader->junk++;
		i++;
	}
	*taken = i;
	return event;
}

static bool
needs_escape(char c)
{
	return c == '#' || c == '$' || c == '}' || c == '*';
}

static size_t
frame(uint8_t *out, size_t max, char start, const char *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;
	uint8_t sum = 0;

	if (max < 2 * len + 4)
		return 0;
	out[n++] = (uint8_t)start;
	for (size_t i = 0; i < len; i++) {
		if (needs_escape(data[i])) {
			out[n++] = '}';
			out[n++] = (uint8_t)(data[i] ^ ESCAPE_XOR);
			sum = (uint8_t)(sum + '}' + out[n - 1]);
		} else {
			out[n++] = (uint8_t)data[i];
			sum = (uint8_t)(sum + out[n - 1]);
		}
	}
	out[n++] = '#';
	out[n++] = (uint8_t)digits[sum >> 4];
	out[n++] = (uint8_t)digits[sum & 15];
	return n;
}

size_t
packet_write(uint8_t *out, size_t max, const char *data, size_t len)
{
	return frame(out, max, '$', data, len);
}

size_t
packet_write_notification(uint8_t *out, size_t max, const char *data, size_t len)
{
	return frame(out, max, '%', data, len);
}
