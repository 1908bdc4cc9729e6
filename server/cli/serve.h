/* SPDX-License-Identifier: MIT */
/*
 * serve.h - "tether serve": puts loop, board, listeners and clients together, and runs them.
 */
#ifndef SERVER_CLI_SERVE_H
#define SERVER_CLI_SERVE_H

#include "server/cli/options.h"

/* Returns when the server has ended. CAUSE_NONE: in order, by a signal or --once. */
enum cause serve(const struct options *options, struct reason *why);

#endif /* SERVER_CLI_SERVE_H */
