/* SPDX-License-Identifier: MIT */
/*
 * report.h - stop replies: why a core stopped, and that the board is lost.
 */
#ifndef SERVER_RSP_REPORT_H
#define SERVER_RSP_REPORT_H

#include "server/rsp/client.h"

/* Adds the stop reply of the view's general core, with the registers that gdb asks for first. */
void report_add_stop(struct client *client, struct text *reply);
/* The same of any core, for a client in non-stop mode; `on_request` as of stop_reply(). */
void report_add_stop_of(struct client *client, unsigned core, enum stop_signal on_request,
			struct text *reply);
/* A note when nothing of this client's has halted it. */
void report_note_foreign_halt(struct client *client, unsigned core);
/* A client that waits for a stop gets it, when its other cores are halted as well. */
void report_stop(struct client *client, unsigned core);
/* Answers a resume of these cores by a stop that was kept of one of them; it has not moved since.
 * False: there is none. */
bool report_kept(struct client *client, unsigned cores);
/* Answers a resume by SIGINT though the core has not moved: a Ctrl-C was kept for it. */
void report_interrupt(struct client *client, unsigned core);
/* Answers that the program was killed: "X09", with the process where they have names. */
void report_exit(struct client *client);
/* The board is lost: "X09", and the end of a client that waits for a stop. */
void report_loss(struct client *client);

/* lldb ends its session when a core cannot go: it gets the words on its console, and a stop
 * with the reason. */
void report_stay(struct client *client, const struct reason *why);

#endif /* SERVER_RSP_REPORT_H */
