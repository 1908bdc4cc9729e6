/* SPDX-License-Identifier: MIT */
/*
 * listener.h - a TCP port at which clients of one core arrive.
 */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <uv.h>

struct debuggee;

struct listener {
	struct debuggee *debuggee;
	uv_tcp_t tcp;
	bool is_open;
	unsigned port; /* the one in use, also when any free one was asked for */
};

/* CAUSE_HOST: the port is taken (the story names by whom), or the address is not ours. */
enum cause listener_begin(struct listener *listener, uv_loop_t *loop,
			  struct debuggee *debuggee, const char *address, unsigned port,
			  struct reason *why);
/* Could it be listened there now? So that a port in use is found out before a probe that
 * somebody else may be using is touched. */
enum cause listener_check(const char *address, unsigned port, struct reason *why);
void listener_end(struct listener *listener);

#endif /* SERVER_LISTENER_H */
