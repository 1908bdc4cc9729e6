/* SPDX-License-Identifier: MIT */
/*
 * serve.h - "tether serve": a server (server.h) with what records it, or with what was recorded.
 */
#ifndef SERVER_CLI_SERVE_H
#define SERVER_CLI_SERVE_H

#include "server/cli/options.h"

#include <stdio.h>

struct served;

/* Returns when the server has ended. CAUSE_NONE: in order, by a signal or --once. */
enum cause serve(const struct options *options, struct reason *why);

/* The same session again, as it was recorded (record.h) behind where `file` is, without probe,
 * board and clients. CAUSE_MISMATCH: it came to something else; the reason has the place. */
enum cause serve_played(const struct options *options, FILE *file, struct served *served,
			struct reason *why);

#endif /* SERVER_CLI_SERVE_H */
