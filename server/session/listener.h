/* SPDX-License-Identifier: MIT */
/*
 * listener.h - a TCP port at which clients of one core arrive.
 */
#ifndef SERVER_SESSION_LISTENER_H
#define SERVER_SESSION_LISTENER_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <uv.h>

struct debuggee;

struct listener;

typedef void listener_take(struct listener *listener, uv_stream_t *stream);

/* All but `option`, `take` and `context` is set by listener_begin(). */
struct listener {
	struct debuggee *debuggee; /* whom gdb's sessions are for; NULL when they are not */
	const char *option;        /* that chooses the port; NULL: "--port" */
	listener_take *take; /* accepts who arrives; NULL: a session of gdb's begins */
	void *context;       /* of who takes */
	uv_tcp_t tcp;
	bool is_open;
	unsigned port; /* the one in use, also when any free one was asked for */
};

/* CAUSE_HOST: the port is taken (the story names by whom), or the address is not ours. */
enum cause listener_begin(struct listener *listener, uv_loop_t *loop,
			  struct debuggee *debuggee, const char *address, unsigned port,
			  struct reason *why);
/* Could it be listened there now, at the port that `option` chose? So that a port in use is found out before a probe that
 * somebody else may be using is touched. */
enum cause
listener_check(const char *option, const char *address, unsigned port, struct reason *why);
void listener_end(struct listener *listener);

/* "127.0.0.1:40112": who is at the other end. */
void listener_name_peer(const uv_tcp_t *tcp, char *name, size_t size);

#endif /* SERVER_SESSION_LISTENER_H */
