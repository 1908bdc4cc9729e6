/* SPDX-License-Identifier: MIT */
/*
 * connection.h - one client's TCP connection: bytes in, packets out of them, replies back,
 * and an end that loses nothing.
 *
 * The owner interprets the packets (connection_ops). Packets come in turns; while one is
 * being answered the connection is held and those behind it wait, but for Ctrl-C, which is
 * heard at any time, and for the end of the connection. A connection of which the first
 * bytes are not gdb's is closed: a web page must not reach the target. To end, the server
 * sends FIN and reads until the client's FIN; it never resets: gdb 16 hangs at 100 % CPU.
 */
#ifndef SERVER_SESSION_CONNECTION_H
#define SERVER_SESSION_CONNECTION_H

#include "server/session/input.h"
#include "server/session/obituary.h"
#include "server/session/packet.h"
#include "server/session/turns.h"
#include "transport/base/reason.h"

enum { CONNECTION_REPLY = PACKET_SIZE + 256 };

enum connection_phase {
	CONNECTION_SILENT,   /* no packet has come yet */
	CONNECTION_OPEN,     /* speaks gdb's protocol */
	CONNECTION_DRAINING, /* ended: what still comes is thrown away */
	CONNECTION_CLOSING   /* the loop closes its handles */
};

struct connection;

/* Called from the loop; connection_end() may be called from each but `freed`. */
struct connection_ops {
	/* The first packet has come: it is gdb. `packet` follows. */
	void (*opened)(struct connection *connection);
	/* A packet. Replies to it, or holds the connection and replies later. */
	void (*packet)(struct connection *connection, const char *bytes, size_t len);
	/* One that cannot be read and that the client will not send again: needs a reply. */
	void (*refused)(struct connection *connection, const struct reason *why);
	/* Ctrl-C. */
	void (*interrupt)(struct connection *connection);
	/* Held with `is_slow` for another second. */
	void (*pulse)(struct connection *connection);
	/* Once: the connection ends, by `ender` as far as can be seen from here. */
	void (*ended)(struct connection *connection, enum ender ender);
	/* All is closed: the memory may be freed. */
	void (*freed)(struct connection *connection);
};

struct connection {
	const struct connection_ops *ops;
	struct turns *turns;
	struct turn turn;
	enum connection_phase phase;
	char peer[64]; /* "127.0.0.1:40112" */
	uint32_t id;   /* on a tape: a number that no other one has */
	unsigned core; /* that it has come for */

	uv_tcp_t tcp;
	uv_timer_t timer; /* silence, signs of life, patience with draining: by phase */
	unsigned handles; /* open ones; the last that closes calls `freed` */

	struct packet_reader reader;
	bool has_packet; /* reader.data is one that waits */
	bool is_held;
	bool is_reading;
	bool is_begun;
	bool is_closed_there; /* the client's FIN has come */
	bool no_ack;
	uint64_t asked_us; /* no packet that is answered now came before */
	struct input input;

	struct chronicle chronicle;
	uint64_t impatient_at; /* packets_in when the client was last impatient */
	size_t unsent;         /* bytes that the system has not taken yet */
	size_t unacked;        /* bytes of `wire` not acknowledged */
	uint8_t wire[2 * CONNECTION_REPLY + 8]; /* the last reply as it was sent */
};

/* Accepts the next connection of `listener`; it is ended when no packet has come within
 * `silence_ms`. False: there is none any more; `freed` is called in any case. All of
 * `connection` but `id` and `core` must be zero before. */
bool connection_accept(struct connection *connection, const struct connection_ops *ops,
		       struct turns *turns, uv_stream_t *listener, unsigned silence_ms);

/* One of a tape that is played, without a socket: `peer` came. */
void connection_accept_played(struct connection *connection,
			      const struct connection_ops *ops, struct turns *turns,
			      uv_loop_t *loop, const char *peer);
/* What came for it. False: nothing that can come now. */
bool connection_play(struct connection *connection, const struct tape_event *event);

bool connection_is_over(const struct connection *connection);
/* Since when the client waits for what it has asked last, at the earliest: its last bytes came by
 * then, and its last reply had gone. */
uint64_t connection_asked_us(const struct connection *connection);
/* Has the other side closed it, even if unread data precede the FIN? */
bool connection_is_hung_up(const struct connection *connection);
uint64_t connection_age_us(const struct connection *connection);

/* A reply. Does not wait for the client to take it; one that has left 4 MiB of them untaken is
 * ended. Of a connection that is over nothing is sent. */
void connection_send(struct connection *connection, const char *packet, size_t len);
/* `%words`, which is no reply: at any time; of at most 2 KiB. */
void connection_notify(struct connection *connection, const char *words, size_t len);
/* A sign of life, which gdb takes at any time. */
void connection_send_keepalive(struct connection *connection);
void connection_hold(struct connection *connection, bool is_slow);
void connection_release(struct connection *connection);

/* Ends it: `ended`, FIN, drain. Twice is harmless. */
void connection_end(struct connection *connection, enum ender ender);
/* Closes it without waiting for the client; ends it first when that was not done. */
void connection_abandon(struct connection *connection);

#endif /* SERVER_SESSION_CONNECTION_H */
