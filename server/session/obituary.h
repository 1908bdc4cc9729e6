/* SPDX-License-Identifier: MIT */
/*
 * obituary.h - what the log says of a connection when it has ended: whose it was, how long
 * it lasted, who ended it and, when that was not in order, the last packets of both sides.
 */
#ifndef SERVER_SESSION_OBITUARY_H
#define SERVER_SESSION_OBITUARY_H

#include "transport/base/finding.h"
#include "transport/base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum ender {
	ENDED_BY_NOBODY, /* it has not ended */
	ENDED_BY_DETACH, /* D, then the client closed */
	ENDED_BY_KILL,   /* k or vKill */
	ENDED_BY_SERVER, /* a signal ends the server */
	ENDED_BY_CLOSE,
	ENDED_BY_RESET,
	ENDED_BY_TIMEOUT, /* TCP gave up on the other side */
	ENDED_BY_PROBE,   /* it is gone */
	ENDED_BY_TARGET,
	ENDED_BY_GARBAGE,
	ENDED_BY_STRANGER,     /* the first bytes are not gdb's */
	ENDED_BY_SILENCE,      /* no packet came */
	ENDED_BY_WRITE_AHEAD,  /* more than is kept, behind a packet that waits */
	ENDED_BY_SLOW_READING, /* the client does not read what it asked for */
	ENDED_BY_CROWD,        /* refused: too many clients */
	ENDED_BY_SUCCESSOR     /* it was silent, and its place was needed */
};

enum { CHRONICLE_LEN = 6, CHRONICLE_WIDTH = 60 };

/* What is remembered of a connection while it lasts. */
struct chronicle {
	uint64_t begun_us;
	uint64_t packets_in, packets_out;
	uint64_t junk; /* bytes that belong to no packet */
	unsigned bad_checksums;
	unsigned impatience; /* replies for which the client did not wait long enough */
	unsigned next;       /* place of the next line */
	unsigned len;        /* lines kept */
	char first_junk[CHRONICLE_WIDTH];
	char lines[CHRONICLE_LEN][CHRONICLE_WIDTH];
};

/* Notes a packet's data, cut and made printable: `direction` is '>' from the client. */
void chronicle_packet(struct chronicle *chronicle, char direction, const char *bytes,
		      uint64_t len);
/* Notes bytes that are no packet; the first ones tell what the client is. */
void chronicle_junk(struct chronicle *chronicle, const uint8_t *bytes, uint64_t len);
/* The last packet of the client, cut; "" when there is none. */
const char *chronicle_last_request(const struct chronicle *chronicle);

/* Is it an end that gdb means, so that one line is enough? */
bool ender_is_orderly(enum ender ender);

struct obituary {
	enum ender ender;
	const char *client; /* "127.0.0.1:40312" */
	const char *core;
	const char *fate;       /* what became of the core; "" */
	enum finding suspected; /* why it ended so; FINDING_NONE */
	uint64_t now_us;
};

/* Who ended the session, how long it was, what became of the core and, where it did not end in order,
 * the last packets. Of a connection without a packet: that it came, and went. */
void obituary_write(const struct chronicle *chronicle, const struct obituary *obituary,
		    struct text *text);

#endif /* SERVER_SESSION_OBITUARY_H */
