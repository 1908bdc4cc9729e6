/* SPDX-License-Identifier: MIT */
/*
 * start.h - from the command line to a connected board, with an ear for signals: NRST that
 * is held low, a probe that is waited for, all of it ends well when the user says so.
 *
 * Its watchers stay until start_free(), so that no signal ends the program before the
 * probe is let go.
 */
#ifndef SERVER_DEBUG_START_H
#define SERVER_DEBUG_START_H

#include "server/cli/cli.h"

#include <uv.h>

enum { START_SIGNALS = 3 };

/* What ends a server: SIGINT, SIGTERM, SIGHUP. */
extern const int start_ending_signals[START_SIGNALS];

struct start {
	const struct options *options;
	struct clock *clock;
	struct board *board; /* NULL: none yet */
	struct job *job;     /* connecting it */
	uv_loop_t loop;
	uv_signal_t signals[START_SIGNALS];
	uv_timer_t timer;
	struct deadline patience;        /* for a probe that somebody is about to let go */
	char waits_for[REASON_LINE_MAX]; /* what was told last that it waits for */
	bool is_told_to_end;
	enum cause cause;
	struct reason *why;
};

enum cause start_init(struct start *start, const struct options *options,
		      struct clock *clock, struct reason *why);
/* Opens the probe and connects. One that is held, or that this user may not open yet, is
 * tried for a second; with --wait until it is there. CAUSE_NONE without a board: a signal
 * came. */
enum cause start_run(struct start *start, struct reason *why);
/* Has a signal come? */
bool start_is_told_to_end(struct start *start);
/* Lets the target run and the probe go. */
void start_free(struct start *start);

#endif /* SERVER_DEBUG_START_H */
