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

enum { OUTLET_READERS = 4, OUTLET_PIECE = 64 };

struct outlet_reader;

struct outlet {
	/* Set by the owner before outlet_begin(). */
	const char *what; /* that is read there: "SWO" */
	/* What a reader sends: at most OUTLET_PIECE bytes. NULL: it has nothing to say. False: no
	 * more is taken of any reader, until outlet_go_on(). */
	bool (*heard)(void *context, const uint8_t *bytes, size_t len);
	void *context;
	/* Played: there is no port, and nobody reads. NULL: none. */
	struct tape *tape;

	uv_loop_t *loop;
	struct listener listener;
	struct outlet_reader *readers[OUTLET_READERS]; /* NULL: free */
	bool is_held;                                  /* what they send waits */
};

/* `option` chose the port. Fails as listener_begin(). */
enum cause outlet_begin(struct outlet *outlet, uv_loop_t *loop, const char *option,
			const char *address, unsigned port, struct reason *why);
void outlet_send(struct outlet *outlet, const uint8_t *bytes, size_t len);
void outlet_go_on(struct outlet *outlet);
/* The loop closes the handles. */
void outlet_end(struct outlet *outlet);

#endif /* SERVER_LIVE_OUTLET_H */
