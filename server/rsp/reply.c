/* SPDX-License-Identifier: MIT */
#include "server/rsp/reply.h"

#include "transport/base/bytes.h"

#include <assert.h>

void
reply_add_hex(struct text *reply, const uint8_t *bytes, size_t size)
{
	assert(reply->size - reply->used > 2 * size);
	hex_encode(reply->chars + reply->used, bytes, size);
	reply->used += 2 * size;
}
