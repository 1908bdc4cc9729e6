/* SPDX-License-Identifier: MIT */
/*
 * replay.h - "tether replay FILE" and "tether explain FILE": what a recording has to say, without
 * the board on which it was made.
 */
#ifndef SERVER_CLI_REPLAY_H
#define SERVER_CLI_REPLAY_H

#include "server/cli/options.h"

#include <stdio.h>

/* Makes the examination that options->file recorded again, and prints it as "tether doctor" did; or
 * the session of "tether serve", and prints its log. Says whether it was the same. CAUSE_REQUEST: the
 * file is no such recording; CAUSE_MISMATCH: it is one of another tether, which asked for other
 * things, or it was cut off. */
enum cause
replay_print(FILE *file, const struct options *options, bool *is_same, struct reason *why);
/* Prints what happened and what that means, of recordings of the server as well. Of one that
 * cannot be replayed it has the verdict that is in it. */
enum cause explain_print(FILE *file, const struct options *options, struct reason *why);

#endif /* SERVER_CLI_REPLAY_H */
