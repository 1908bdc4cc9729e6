/* SPDX-License-Identifier: MIT */
/*
 * stlink_reply.c - what a command leaves for the IN endpoint.
 */
#include <string.h>

#include "test/emulator/probe/stlink.h"

uint8_t *
stlink_reply(struct stlink *link, unsigned size)
{
	if (link->replies_len < STLINK_REPLIES)
		link->replies_len++;
	struct stlink_reply *reply = &link->replies[link->replies_len - 1];
	reply->size = size;
	reply->sent = 0;
	memset(reply->bytes, 0, size);
	return reply->bytes;
}

uint8_t *
stlink_reply_status(struct stlink *link, enum stlink_status status, unsigned size)
{
	uint8_t *bytes = stlink_reply(link, size);
	bytes[0] = (uint8_t)status;
	return bytes;
}

void
stlink_answer_unknown(struct stlink *link)
{
	stlink_reply_status(link, STLINK_UNKNOWN_COMMAND, 2);
}
