/* SPDX-License-Identifier: MIT */
/*
 * server.h - the board, its cores, those who talk to them, and the loop that drives all.
 */
#ifndef SERVER_SESSION_SERVER_H
#define SERVER_SESSION_SERVER_H

#include "server/cli/cli.h"
#include "server/debug/debuggee.h"
#include "server/debug/start.h"
#include "server/debug/work.h"
#include "server/rsp/describe.h"
#include "server/session/listener.h"
#include "server/session/session.h"
#include "server/session/turns.h"
#include "server/share/share.h"

enum {
	SERVER_MAX_SESSIONS = 32,
	SERVER_SILENCE_MS = 10000,
	SERVER_MAX_OTHERS = 64, /* silent, refused, or ended and waiting for the FIN */
	SERVER_SIGNALS = START_SIGNALS
};

struct server {
	uv_loop_t loop;
	const struct options *options;
	struct clock *clock;
	struct board *board;
	unsigned debuggees_len;
	struct debuggee debuggees[DEVICE_MAX_CORES];
	struct listener listeners[DEVICE_MAX_CORES];
	struct session *sessions[SERVER_MAX_SESSIONS]; /* NULL: free */
	struct session *others[SERVER_MAX_OTHERS];
	struct turns turns;
	unsigned silence_ms; /* without a packet, then a connection is ended */
	struct work work;
	struct share share; /* with --share */
	uv_signal_t signals[SERVER_SIGNALS];
	uv_timer_t patience; /* for clients that do not close, when ending */
	bool is_ending;
	bool has_lost_probe;          /* not only the target */
	bool is_recovering;           /* the job under way connects a lost board */
	bool is_gentle;               /* and does not reset it, as nobody asked for that */
	uv_timer_t seek;              /* looks for a lost board */
	uint64_t lost_us;             /* since when */
	char sought[REASON_LINE_MAX]; /* why it was not found, as told last */
	char document[DESCRIBE_MAX];
};

/* Takes a connected board; it stays the caller's. */
enum cause server_init(struct server *server, const struct options *options,
		       struct clock *clock, struct board *board, struct reason *why);
/* Listens: one port for each core wanted, at options->port, + 2... and says so on stdout.
 */
enum cause server_listen(struct server *server, struct reason *why);
/* Lets the clients of that core's listener in. */
void server_take_at(struct server *server, unsigned index);
/* Until a signal, or with --once the end of the last session. */
void server_run(struct server *server);
void server_free(struct server *server);

/* Begins to end: sessions get their farewell; server_run() returns soon. */
void server_end(struct server *server);
/* Gives a session whose first packet has come a place. False: all are taken. */
bool server_give_place(struct server *server, struct session *session);
/* Keeps one without a place where it is found when the server ends. The oldest of them makes
 * room. */
void server_move_aside(struct server *server, struct session *session);
void server_forget(struct server *server, struct session *session);
/* With --once: a session has ended. */
void server_session_ended(struct server *server);

/* The sessions of a core; `except` may be NULL. */
unsigned server_sessions_of(const struct server *server, const struct debuggee *debuggee,
			    const struct session *except);
/* Is another one waiting for this core to stop? */
bool server_is_run_by_others(const struct server *server, const struct session *session);

/* Tells all clients of a core (NULL: of every core) but `except`. */
void server_say(struct server *server, const struct debuggee *debuggee,
		const struct session *except, const char *fmt, ...) TEXT_FORMAT(4, 5);

/* A reset or a load: what was held back about the state of the cores is out of date. */
void server_outdate_notes(struct server *server);
/* The target was reset by `whom`, who is none of the sessions: they are told once. */
void server_tell_reset(struct server *server, const char *whom);

/* A call ended with that cause: when it means that the board is lost, everybody is told. */
void server_judge(struct server *server, enum cause cause, const struct reason *why);

/* What ended those sessions that the loss of the board has ended. */
enum ender server_lost_ender(const struct server *server);
/* After a reset or a load: looks at every core; those who wait for one that is halted now
 * get their stop reply. */
enum cause server_look_after_reset(struct server *server, struct reason *why);

/* Begins to connect a lost board again; sessions that WAIT_TARGET are answered at its end.
 */
enum cause server_recover(struct server *server, struct reason *why);

#endif /* SERVER_SESSION_SERVER_H */
