/* SPDX-License-Identifier: MIT */
/*
 * redacted_packet.h - a packet of gdb's protocol as others may see it: what has a form that is known, up to
 * where it no longer has, and how many characters are left out behind that.
 */
#ifndef SERVER_CLI_REDACTED_PACKET_H
#define SERVER_CLI_REDACTED_PACKET_H

#include "transport/probe/redaction.h"

#include <stdio.h>

/* `words` up to `len`, and how much more there was. */
void redacted_head_write(FILE *file, const char *words, size_t len);
/* What a client asked, without what it wrote or sought, and without words it gave. */
void redacted_request_write(FILE *file, const char *packet);
/* What it was answered, without what was read; changes `packet`. */
void redacted_reply_write(FILE *file, const struct redaction *redaction, char *packet);

#endif /* SERVER_CLI_REDACTED_PACKET_H */
