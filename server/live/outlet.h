/* SPDX-License-Identifier: MIT */
/*
 * outlet.h - a TCP port at which programs read what comes from the target as it comes, and may
 * answer. One that does not read as fast as that comes is ended.
 */
#ifndef SERVER_LIVE_OUTLET_H
#define SERVER_LIVE_OUTLET_H

#include "server/session/listener.h"
#include "transport/probe/tape.h"

#include <stddef.h>
#include <stdint.h>

enum {
	OUTLET_READERS = 4,
	OUTLET_PIECE = 64,
	/* Kept of what readers send while the target takes none: so much that one is seen to close its
	 * connection, which stands behind what it has sent. */
	OUTLET_WAITING = 16384
};

struct outlet_reader;

struct outlet {
	/* Set by the owner before outlet_begin(). */
	const char *what; /* that is read there: "SWO" */
	/* What a reader sends: at most OUTLET_PIECE bytes. NULL: it has nothing to say. False: it is
	 * not called again until outlet_go_on(). */
	bool (*heard)(void *context, const uint8_t *bytes, size_t len);
	void *context;
	/* Played: there is no port, and nobody reads. NULL: none. */
	struct tape *tape;

	uv_loop_t *loop;
	struct listener listener;
	struct outlet_reader *readers[OUTLET_READERS]; /* NULL: free */
	bool is_full;                                  /* heard() is not to be called */
	bool is_held; /* nor is more read: there is no place in: */
	size_t waiting_len;
	uint8_t waiting[OUTLET_WAITING];
};

/* `option` chose the port. Fails as listener_begin(). */
enum cause outlet_begin(struct outlet *outlet, uv_loop_t *loop, const char *option,
			const char *address, unsigned port, struct reason *why);
void outlet_send(struct outlet *outlet, const uint8_t *bytes, size_t len);
void outlet_go_on(struct outlet *outlet);
/* The loop closes the handles. */
void outlet_end(struct outlet *outlet);

#endif /* SERVER_LIVE_OUTLET_H */
