/* SPDX-License-Identifier: MIT */
/*
 * rtt.h - SEGGER's RTT: what a program writes into rings in its RAM, fetched while it runs, as text
 * for gdb's console and the log, and channel by channel on TCP ports, where down channels are fed.
 *
 * The control block is sought in the chip's RAM, or in a range that is given, a piece at a time, and
 * again when it is gone, as after a reset. Memory is not touched while a job has the core.
 */
#ifndef SERVER_LIVE_RTT_H
#define SERVER_LIVE_RTT_H

#include "server/debug/debugger.h"
#include "server/live/line.h"
#include "server/live/outlet.h"
#include "server/live/rtt_block.h"

enum { RTT_OUTLETS = 4, RTT_DOWN_MAX = 256 };

struct rtt_options {
	bool has_port;
	uint32_t port; /* of channel 0; 0: a free one */
	bool text;     /* begun at the start */
};

struct rtt;

/* A channel on a port. */
struct rtt_outlet {
	struct rtt *rtt;
	bool is_open;
	unsigned channel;
	struct outlet outlet;
	size_t down_len; /* what the down channel has had no room for */
	uint8_t down[RTT_DOWN_MAX];
};

struct rtt {
	struct debugger *debugger;
	uv_loop_t *loop;
	const char *address; /* of ports */
	uv_timer_t timer;
	bool is_open;    /* the timer is */
	bool is_started; /* it looks and fetches */
	unsigned core;

	uint32_t from, size; /* where it is sought; size 0: in all RAM */
	size_t memory;       /* of the chip, in which it looks now */
	uint32_t offset;     /* and how far that was looked at */
	uint64_t rest_us;    /* until when it looks no further */
	bool is_found;
	struct rtt_block block;
	char said[REASON_LINE_MAX]; /* what was refused, as reported last */

	struct live_line line; /* of up channel 0 */
	struct rtt_outlet outlets[RTT_OUTLETS];
};

/* Opens the port. Fails as listener_begin(). */
enum cause rtt_begin(struct rtt *rtt, const struct rtt_options *options, uv_loop_t *loop,
		     struct debugger *debugger, const char *address, struct reason *why);
void rtt_choose_core(struct rtt *rtt, unsigned core);
/* Looks for the control block from now on; `size` 0: in all RAM, else in that range of it, by
 * CAUSE_REQUEST when that is no RAM. Again is harmless, and looks anew. */
enum cause rtt_start(struct rtt *rtt, uint32_t from, uint32_t size, struct reason *why);
void rtt_stop(struct rtt *rtt);
/* A channel on a port; a channel that has one keeps it. CAUSE_REQUEST: RTT_OUTLETS are there. */
enum cause rtt_serve(struct rtt *rtt, unsigned channel, unsigned port, struct reason *why);
/* What it does and has found, in lines. */
void rtt_describe(struct rtt *rtt, struct text *lines);
/* What the loop would do now, of a tape that is played. False: that cannot be. */
bool rtt_play(struct rtt *rtt, const struct tape_event *event);
/* The loop closes the handles. */
void rtt_end(struct rtt *rtt);

#endif /* SERVER_LIVE_RTT_H */
