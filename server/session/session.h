/* SPDX-License-Identifier: MIT */
/*
 * session.h - one client: its connection, what it was promised, and what it waits for.
 */
#ifndef SERVER_SESSION_SESSION_H
#define SERVER_SESSION_SESSION_H

#include "flash/load/load.h"
#include "server/debug/stop.h"
#include "server/session/connection.h"
#include "server/session/deliver.h"
#include "server/session/notes.h"

struct debuggee;
struct server;

enum session_wait {
	WAIT_NOTHING,
	WAIT_STOP,     /* for the core to halt */
	WAIT_WORK,     /* for its own job */
	WAIT_SILENTLY, /* the same, and there is no reply */
	WAIT_TARGET,   /* for a lost board to be connected again */
	WAIT_MONITOR   /* for its own job, begun by a monitor command */
};

enum session_phase {
	SESSION_NEW,      /* `?` has not come */
	SESSION_ATTACHED, /* looks at the core: from `?` to D */
	SESSION_PARTED,   /* after D or vKill, or its program is gone with the target */
	SESSION_LEAVING   /* this server ends; it may still ask for threads */
};

struct session {
	struct server *server;
	struct debuggee *debuggee;
	unsigned place; /* in server->sessions */
	struct connection connection;

	enum session_phase phase;
	bool is_refused;     /* there was no place: only told so */
	enum ender farewell; /* D or k came before the end, or the board was lost */
	char fate[128];      /* what became of the core */

	bool is_extended;
	bool takes_words; /* error-message+ */
	struct stop_dialect dialect;

	enum session_wait waits_for;
	bool has_replied;     /* to the packet that is being dealt with */
	bool was_interrupted; /* Ctrl-C came while it waited */

	struct load_request
		load;       /* vFlashErase and vFlashWrite collect, vFlashDone programs */
	uint32_t dp_select; /* WriteDP of the monitor */

	struct reason why; /* the last failure; cause NONE: there was none */
	struct notes notes;
	bool has_fault_note; /* a failure is about an address that cannot be read */
	char noted_root[REASON_LINE_MAX]; /* the root of the last of the failures */

	char reply[CONNECTION_REPLY]; /* under construction */
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

/* Output of a monitor command, or a line while the client waits for a stop; lost when it
 * waits for neither. The newline is added. */
void session_print(struct session *session, const char *fmt, ...) TEXT_FORMAT(2, 3);
void session_print_lines(struct session *session, const char *lines);

/* Something that the user should know: at once when the client takes console text now, else
 * with the next packet that can carry it, if it is still true then. The newline is added.
 * The same text twice in a row is said once. */
void session_note(struct session *session, enum note_topic topic, const char *fmt, ...)
	TEXT_FORMAT(3, 4);
/* Those about failures alone: for who tells them in full. */
void session_drop_failures(struct session *session);
/* What was held about the state before a reset or a load is out of date. */
void session_outdate_notes(struct session *session);
/* Sends what was held back. */
void session_tell_notes(struct session *session);

/* Makes it wait: packets are held until session_reply(). */
void session_wait(struct session *session, enum session_wait what);
/* It need wait no longer, and gets no reply. */
void session_wait_over(struct session *session);
/* Is it attached to its core? */
bool session_is_attached(const struct session *session);
bool session_is_over(const struct session *session);
/* Is this client's connection closed from the other side, though nobody has read that far?
 */
bool session_is_hung_up(const struct session *session);

void session_reset_load(struct session *session);

/* Ends it: obituary, the core let go, FIN, drain. Twice is harmless. */
void session_end(struct session *session, enum ender ender);
/* Closes a session that is draining without waiting for the client any longer. */
void session_abandon(struct session *session);

#endif /* SERVER_SESSION_SESSION_H */
