/* SPDX-License-Identifier: MIT */
/*
 * run.h - letting cores run, and telling those who wait that they stopped.
 */
#ifndef SERVER_DEBUG_RUN_H
#define SERVER_DEBUG_RUN_H

#include "server/session/server.h"

/* The core has halted: everybody who waits for that gets a stop reply. */
void run_tell_stop(struct debuggee *debuggee);
/* Halts the core when nobody else has it running, so that the client can look at it. */
enum cause run_attach(struct session *session, struct reason *why);
/* Lets go of the core; the last one removes breakpoints and lets it run. `fate` gets words
 * for the obituary. */
void run_release(struct session *session, struct text *fate);
/* Ctrl-C. */
void run_interrupt(struct session *session);
/* The board is lost: "X09" and the end for a session that waits for a stop. */
void run_tell_lost(struct session *session);
/* The stop reply, registers included, for this client. */
void run_add_stop(struct session *session, struct text *reply);

#endif /* SERVER_DEBUG_RUN_H */
