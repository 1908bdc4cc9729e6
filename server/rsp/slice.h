/* SPDX-License-Identifier: MIT */
/*
 * slice.h - how much memory one call to the core carries, and for how long a turn of the loop goes
 * on with such calls: brief where other clients are served as well.
 */
#ifndef SERVER_RSP_SLICE_H
#define SERVER_RSP_SLICE_H

#include "server/rsp/client.h"

struct slice {
	uint32_t bytes; /* whole words, at least one */
	unsigned turn_ms;
};

/* By the SWD clock that the board's probe has now. */
struct slice slice_of(const struct client *client);

#endif /* SERVER_RSP_SLICE_H */
