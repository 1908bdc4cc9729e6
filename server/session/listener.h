/* SPDX-License-Identifier: MIT */
/*
 * listener.h - a TCP port at which clients arrive.
 */
#ifndef SERVER_SESSION_LISTENER_H
#define SERVER_SESSION_LISTENER_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <uv.h>

struct listener {
	/* Set by the owner before listener_begin(). */
	const char *option; /* that chooses the port, for reasons */
	/* Accepts the client that waits at `stream`. */
	void (*take)(struct listener *listener, uv_stream_t *stream);
	void *context; /* of `take` */

	uv_tcp_t tcp;
	bool is_open;
	unsigned port; /* the one in use, also when any free one was asked for */
};

/* CAUSE_HOST: the port is taken (the reason names by whom), or the address is not this
 * computer's. */
enum cause listener_begin(struct listener *listener, uv_loop_t *loop, const char *address,
			  unsigned port, struct reason *why);
void listener_end(struct listener *listener);

/* Could a listener begin there now, at the port that `option` chose? So that a port in use
 * is found out before a probe that another program may be using is touched. */
enum cause
listener_check(const char *option, const char *address, unsigned port, struct reason *why);
/* Is it an IP address? CAUSE_REQUEST. */
enum cause listener_check_address(const char *address, struct reason *why);
/* Can other computers reach that address? */
bool listener_is_exposed(const char *address);

#endif /* SERVER_SESSION_LISTENER_H */
