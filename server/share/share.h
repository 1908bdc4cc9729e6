/* SPDX-License-Identifier: MIT */
/*
 * share.h - the probe offered on TCP to other programs of this computer, openocd or another tether, in
 * a protocol that they have for its kind (client.h). Tethers that serve one core each find it at a
 * local socket instead, which whichever of them has the probe on USB opens.
 *
 * One request is played in a turn of the loop, clients taking turns, so that gdb's sessions
 * go on beside them: a turn takes as long as one command of the probe. Each client has a
 * buffer of one request and one of one answer; who does not read his answers is not read
 * from. What is no request ends the client that sent it, and is named in the log.
 */
#ifndef SERVER_SHARE_SHARE_H
#define SERVER_SHARE_SHARE_H

#include "server/rsp/clients.h"
#include "server/session/listener.h"
#include "server/share/client.h"

enum { SHARE_CONNECTIONS = SHARING_CLIENTS };

struct share_connection;

struct share {
	struct debugger *debugger;
	struct clients *clients; /* gdb's, for notes */
	uv_loop_t *loop;
	struct listener listener;
	bool is_open;
	bool is_local;   /* for tethers alone */
	uv_pipe_t *pipe; /* its socket; NULL: another tether has the probe, or it is lost */
	const struct share_protocol *protocol; /* NULL: none was shared yet */
	union share_probe probe;               /* by that */
	struct share_connection *connections[SHARE_CONNECTIONS]; /* NULL: free */
	unsigned last;                                           /* whose turn it was */
	uv_timer_t turn;
};

/* Listens. CAUSE_UNSUPPORTED: this probe cannot be shared; else as listener_begin(). */
enum cause share_begin(struct share *share, uv_loop_t *loop, struct clients *clients,
		       const char *address, unsigned port, struct reason *why);
/* Offers the probe at a local socket whenever this program has it on USB. That it cannot is logged. */
void share_begin_local(struct share *share, uv_loop_t *loop, struct clients *clients);
/* Ends every client; its handles are closed by the loop. */
void share_end(struct share *share);

/* How many programs use the probe beside us. */
unsigned share_users(const struct share *share);
/* What that is offered like: "as ST's stlink-server does". After share_begin(). */
const char *share_like(const struct share *share);

#endif /* SERVER_SHARE_SHARE_H */
