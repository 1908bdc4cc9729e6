/* SPDX-License-Identifier: MIT */
/*
 * session.h - one client: its bytes, packets, and what it waits for.
 *
 * A packet that cannot be answered at once leaves the session waiting; packets that come
 * meanwhile are held until the reply has gone, but for Ctrl-C, which is heard at any time.
 * A connection ends by a FIN of ours and reading until the client's, never by a reset:
 * gdb 16 hangs at 100 % CPU on one.
 */
#ifndef SERVER_SESSION_SESSION_H
#define SERVER_SESSION_SESSION_H

#include "flash/load/load.h"
#include "server/debug/stop.h"
#include "server/session/deliver.h"
#include "server/session/obituary.h"
#include "server/session/packet.h"

#include <uv.h>

struct debuggee;
struct server;

enum {
	SESSION_INPUT = 16 * 1024,
	SESSION_NOTES = 4096,
	SESSION_MAX_UNSENT = 4 * 1024 * 1024,
	SESSION_REPLY = PACKET_SIZE + 256
};

enum session_wait {
	WAIT_NOTHING,
	WAIT_STOP,     /* for the core to halt */
	WAIT_WORK,     /* for its own job */
	WAIT_SILENTLY, /* the same, and there is no reply */
	WAIT_TARGET,   /* for a lost board to be connected again */
	WAIT_MONITOR   /* for its own job, begun by a monitor command */
};

/* Lines to be told with the next packet that can carry them. */
struct notes {
	char lines[SESSION_NOTES];
	size_t used;
};

struct session {
	struct server *server;
	struct debuggee *debuggee;
	unsigned place; /* in server->sessions */
	char client[64];

	uv_tcp_t tcp;
	uv_timer_t pulse; /* signs of life while the client waits */
	unsigned handles; /* open ones; the last that closes frees the session */

	struct packet_reader reader;
	uint8_t input[SESSION_INPUT];
	size_t input_at, input_len;
	bool has_packet; /* reader.data is one that is held */
	bool is_pumping;
	bool is_reading;
	bool is_over;         /* ended: what still comes is thrown away */
	bool is_closed_there; /* the client's FIN has come */
	bool is_leaving;      /* told of the server's end; may still ask for threads */
	bool has_farewell;
	enum ender farewell; /* D or k came before the end */
	char fate[128];      /* what became of the core */
	struct chronicle chronicle;

	bool no_ack, is_no_ack_next;
	bool is_extended;
	bool is_attached;    /* looks at the core: from `?` to D */
	bool has_no_program; /* extended mode, after D or vKill */
	bool takes_words;    /* error-message+ */
	struct stop_dialect dialect;

	enum session_wait waits_for;
	bool has_replied;     /* to the packet that is being dealt with */
	bool was_interrupted; /* Ctrl-C came while it waited */

	struct load_request load; /* vFlashErase and vFlashWrite collect, vFlashDone programs */
	uint32_t dp_select; /* WriteDP of the monitor */

	struct reason why;     /* the last failure; cause NONE: there was none */
	struct notes news;     /* what happened */
	struct notes failures; /* of packets whose replies could not tell */
	char last_note[SESSION_NOTES];
	bool has_fault_note; /* a failure is about an address that cannot be read */
	char noted_root[REASON_LINE_MAX]; /* the root of the last of the failures */

	char reply[SESSION_REPLY];           /* under construction */
	size_t unacked;                      /* bytes of `wire` not acknowledged */
	uint8_t wire[2 * SESSION_REPLY + 8]; /* the last reply as it was sent */
};

/* Accepts the next connection of `listener`; refuses it when there are too many. */
void
session_accept(struct server *server, struct debuggee *debuggee, uv_stream_t *listener);

/* Sends the reply to what the client asked, which then no longer waits. */
void session_reply(struct session *session, const char *bytes, size_t len);
/* Tells a failure as the packet allows, and keeps it (deliver.h). */
void session_fail(struct session *session, enum delivery how, const struct reason *why);
/* Keeps a failure for "monitor why". */
void session_keep(struct session *session, const struct reason *why);

/* Tells the user something: at once when the client takes console text now, else with the
 * next packet that can carry it. The newline is added. */
void session_say(struct session *session, const char *fmt, ...) TEXT_FORMAT(2, 3);
/* The same for lines that end by themselves. */
void session_say_lines(struct session *session, const char *lines);
void session_drop_notes(struct session *session);
/* Those about failures alone: for who tells them in full. */
void session_drop_failures(struct session *session);
/* Sends what was held back. */
void session_tell_notes(struct session *session);

/* Makes it wait: packets are held until session_reply(). */
void session_wait(struct session *session, enum session_wait what);
/* It need wait no longer, and gets no reply. */
void session_wait_over(struct session *session);
/* Runs what has come and may be run. */
void session_pump(struct session *session);

/* Is this client's connection closed from the other side, though nobody has read that far?
 */
bool session_is_hung_up(const struct session *session);

/* Frees what is asked for while it lives; for session_stream.c. */
void session_reset_load(struct session *session);

/* The floor below, in session_stream.c: bytes in, bytes out. */
void session_stream_begin(struct session *session);
void session_send_packet(struct session *session, const char *bytes, size_t len);
void session_send_keepalive(struct session *session);
/* FIN, and reading on until the client's. */
void session_stream_end(struct session *session);

/* Ends it: obituary, the core let go, FIN, drain. Twice is harmless. */
void session_end(struct session *session, enum ender ender);
/* Closes a session that is draining without waiting for the client any longer. */
void session_abandon(struct session *session);

#endif /* SERVER_SESSION_SESSION_H */
