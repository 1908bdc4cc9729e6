/* SPDX-License-Identifier: MIT */
/*
 * server.h - one server from begin to end: its loop, board, ports and clients.
 */
#ifndef SERVER_CLI_SERVER_H
#define SERVER_CLI_SERVER_H

#include "server/cli/options.h"
#include "server/cli/record.h"

struct served {
	unsigned clients;
	unsigned long events; /* turns, packets, ends */
	bool is_whole;        /* the recording has the session's end */
};

/* What is beside the options. */
struct serving {
	struct tape *tape; /* NULL: nothing is recorded, or played */
	struct reel *reel; /* NULL: played */
	struct recording_heads heads;
	struct served *served; /* of one that is played */
};

/* Returns when the server has ended, CAUSE_NONE in order: by a signal or --once; with a tape that
 * is played, when that is at its end. */
enum cause server_run(const struct options *options, const struct serving *serving,
		      struct reason *why);

#endif /* SERVER_CLI_SERVER_H */
