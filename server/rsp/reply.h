/* SPDX-License-Identifier: MIT */
/*
 * reply.h - pieces of replies.
 */
#ifndef SERVER_RSP_REPLY_H
#define SERVER_RSP_REPLY_H

#include "transport/base/text.h"

#include <stdint.h>

/* Adds `size` bytes as hexadecimal digits; there is room for them. */
void reply_add_hex(struct text *reply, const uint8_t *bytes, size_t size);

#endif /* SERVER_RSP_REPLY_H */
