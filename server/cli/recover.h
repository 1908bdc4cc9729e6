/* SPDX-License-Identifier: MIT */
/*
 * recover.h - "tether recover": gets a board back whose program keeps debuggers out, and with
 * consent erases that program.
 */
#ifndef SERVER_CLI_RECOVER_H
#define SERVER_CLI_RECOVER_H

#include "server/cli/options.h"

/* Says step by step what it does, on standard output. Erases nothing unless options->is_agreed
 * or the user agrees on a terminal. CAUSE_REQUEST: nobody agreed, or a signal ended it. */
enum cause recover(const struct options *options, struct reason *why);

#endif /* SERVER_CLI_RECOVER_H */
