/* SPDX-License-Identifier: MIT */
/*
 * algorithms.h - the loaders that --algorithm names, and the driver for the serial flash that
 * --pins speaks of.
 */
#ifndef SERVER_CLI_ALGORITHMS_H
#define SERVER_CLI_ALGORITHMS_H

#include "flash/interfaces/nor.h"
#include "server/cli/options.h"

struct algorithms {
	struct loader *loaders[BOARD_MAX_EXTERNAL];
	struct nor nor; /* with --pins */
};

/* Reads them, and adds what they program to `board`, which they must outlive. Fails as
 * loader_read(). */
enum cause algorithms_read(struct algorithms *algorithms, const struct options *options,
			   struct board_options *board, struct reason *why);
void algorithms_free(struct algorithms *algorithms);

#endif /* SERVER_CLI_ALGORITHMS_H */
