/* SPDX-License-Identifier: MIT */
/*
 * stlink_trace.c - group F2: recording SWO.
 */
#include <string.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"

/* Size of the buffer at 2, bits per second at 4. What the UART cannot do is refused
 * (assumption: with this status). */
void
stlink_start_trace(struct stlink *link, const uint8_t *command)
{
	unsigned size = le16_get(command + 2);
	if (le32_get(command + 4) > link->kind.hardware->trace_max_hz) {
		stlink_reply_status(link, STLINK_FREQUENCY_NOT_SUPPORTED, 2);
		return;
	}
	link->is_tracing = true;
	link->trace.len = 0;
	link->trace.baud = le32_get(command + 4);
	link->trace.size = size < STLINK_TRACE_SIZE ? size : STLINK_TRACE_SIZE;
	stlink_reply_status(link, STLINK_OK, 2);
}

/* What was recorded may still be fetched. */
void
stlink_stop_trace(struct stlink *link, const uint8_t *command)
{
	(void)command;
	link->is_tracing = false;
	stlink_reply_status(link, STLINK_OK, 2);
}

void
stlink_count_trace(struct stlink *link, const uint8_t *command)
{
	(void)command;
	le16_put(stlink_reply(link, 2), (uint16_t)link->trace.len);
}

/* What finds no room is lost. */
void
stlink_take_trace(struct stlink *link, const uint8_t *bytes, unsigned size)
{
	struct stlink_trace *trace = &link->trace;
	unsigned room = trace->size - trace->len;
	if (!link->is_tracing)
		return;
	if (size > room)
		size = room;
	memcpy(trace->bytes + trace->len, bytes, size);
	trace->len += size;
}

int
stlink_send_trace(struct stlink *link, uint8_t *bytes, unsigned max)
{
	struct stlink_trace *trace = &link->trace;
	unsigned size = trace->len < max ? trace->len : max;
	if (!trace->len)
		return USB_NAK;
	memcpy(bytes, trace->bytes, size);
	trace->len -= size;
	memmove(trace->bytes, trace->bytes + size, trace->len);
	return (int)size;
}
