/* SPDX-License-Identifier: MIT */
/*
 * accept.h - ties a connection, a view and the commands together to a client.
 */
#ifndef SERVER_RSP_ACCEPT_H
#define SERVER_RSP_ACCEPT_H

#include "server/rsp/clients.h"

/* All of `clients` but its callbacks is set. */
void rsp_init(struct clients *clients, uv_loop_t *loop, struct clock *clock,
	      struct debugger *debugger);
/* The loop closes its handle. All clients are gone by then. */
void rsp_close(struct clients *clients);

/* Accepts the client that waits at `listener`, which is there for that core. */
void rsp_accept(struct clients *clients, unsigned core, uv_stream_t *listener);

/* What came for a client, of a tape that is played. False: nothing that can come now. */
bool rsp_play(struct clients *clients, uv_loop_t *loop, const struct tape_event *event);

/* The cores are known only now: clients that are there already came for that core. */
void rsp_set_home(struct clients *clients, unsigned core);

/* Tether is shutting down: clients that wait for a stop learn that their program is gone. Ends all
 * but those that may still ask for threads, clients_served() counts them. */
void rsp_end(struct clients *clients);
/* Closes all connections, without waiting for anybody. */
void rsp_abandon(struct clients *clients);

#endif /* SERVER_RSP_ACCEPT_H */
