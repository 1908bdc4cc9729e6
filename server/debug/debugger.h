/* SPDX-License-Identifier: MIT */
/*
 * debugger.h - the board as a server keeps it: probe opened, target connected, lost, found
 * again, and driven by one timer of the event loop.
 *
 * The start is a loss with a probe never seen: the keeper opens the probe, connects, and
 * reports that once (EVENT_BACK); when either goes away it looks for both again. Whatever
 * may take longer than 20 ms is a step of a job. Views (view.h) are how clients see the
 * cores. Signals and sockets belong to the server above.
 */
#ifndef SERVER_DEBUG_DEBUGGER_H
#define SERVER_DEBUG_DEBUGGER_H

#include "targets/board/board.h"
#include "transport/probe/tape.h"

#include <uv.h>

enum { DEBUGGER_MAX_VIEWS = 32 };

struct debugger_options {
	const char *probe; /* as probe_open() takes it; NULL: the only one there is */
	bool waits;        /* for probe and target, however long they take */
	bool hands_over; /* others share the probe and may take it over, and we after them */
	bool any_client; /* may let a core run that another one lets run */
	struct board_options board;
	struct tape *tape; /* what comes from outside is on it; NULL: none */
};

/* Called once, from the loop, when the board is connected (CAUSE_NONE), or when that has failed and
 * nothing is tried any more. Not called after debugger_end(). */
typedef void debugger_ready(void *context, enum cause cause, const struct reason *why);

struct debugger; /* its members are server/debug's own business */

/* `options` and what it points to must outlive the debugger. CAUSE_HOST: no memory. */
enum cause debugger_new(uv_loop_t *loop, const struct debugger_options *options,
			struct clock *clock, struct debugger **debugger,
			struct reason *why);
/* Takes a board that is connected already instead of opening a probe: for tests. */
void debugger_adopt(struct debugger *debugger, struct board *board);
/* Opens the probe and connects. A probe that is held, or that this user may not open yet, is
 * tried for a second; with `waits` both are tried until they are there. */
void debugger_begin(struct debugger *debugger, debugger_ready *ready, void *context);
/* For debugger_begin(): a first attempt that failed for what may pass by itself or by a hand at the
 * bench (probe or target silent, held, switched off) is not the last. `missing` is called once,
 * from the loop, and the board counts as lost (debugger_lost_why()) until `ready` comes: views may
 * be opened, there are no cores, and view_recover() asks for an attempt now. Between such
 * requests it is looked for as after a loss, without a reset unless --connect under-reset asks
 * for one. */
typedef void debugger_missing(void *context, const struct reason *why);
void debugger_on_missing(struct debugger *debugger, debugger_missing *missing);
/* Cancels jobs, removes breakpoints, lets the target run and the probe go, in steps of the
 * loop. `ended` is called once, from the loop; then debugger_free() may be. Views are
 * released and closed before. A second call gives up what still takes time. */
void debugger_end(struct debugger *debugger, void (*ended)(void *context), void *context);
/* After `ended`; the loop runs once more to close the handles. Takes NULL. */
void debugger_free(struct debugger *debugger);

/* Never NULL, but before the debugger is ready it has no cores. */
struct board *debugger_board(struct debugger *debugger);
bool debugger_is_lost(const struct debugger *debugger);
/* Only while debugger_is_lost(). */
const struct reason *debugger_lost_why(const struct debugger *debugger);
/* Is the probe gone, and not the target alone? */
bool debugger_has_lost_probe(const struct debugger *debugger);

/* Another program that shared the probe has ended, and the probe is being taken over: what is asked
 * of the board waits for view_ops.settled. With hands_over only. */
bool debugger_is_handing_over(const struct debugger *debugger);

/* Something was asked of the board outside of a turn: its next turn comes at once. The calls
 * of view.h do that by themselves. */
void debugger_wake(struct debugger *debugger);
/* What all that it does is on, and the clock that goes with it, for who works beside it. */
struct tape *debugger_tape(const struct debugger *debugger);
struct clock *debugger_clock(const struct debugger *debugger);
/* The turn that the loop would give it now: for a tape that is played. */
void debugger_take_turn(struct debugger *debugger);
/* How many other programs share the probe now: notes name them as a possible cause. */
void debugger_set_sharers(struct debugger *debugger, unsigned sharers);
/* Called whenever the board's probe is another one, or none; NULL: nobody. */
void
debugger_on_probe(struct debugger *debugger, void (*changed)(void *context), void *context);

/* A program that asks its debugger for something by BKPT 0xAB (Arm, "Semihosting for AArch32 and
 * AArch64"): R0 has the operation, R1 its parameter. Called from the loop, while the core is
 * halted. True: `result` goes to R0 and the core runs on behind the BKPT; false: that is a stop,
 * and `words` say why, in a line for the user. */
struct host_call {
	unsigned core;
	uint32_t operation, parameter;
	uint32_t result;
	char words[160];
};
struct host_calls {
	bool (*serve)(void *context, struct host_call *call);
	/* The core's program begins anew. */
	void (*restarted)(void *context, unsigned core);
};
/* At first nobody serves them: each such BKPT is a stop. `calls` must outlive the debugger. */
void debugger_on_host_call(struct debugger *debugger, const struct host_calls *calls,
			   void *context);
/* The user's choice; at first they are served. */
void debugger_allow_host_calls(struct debugger *debugger, bool are_served);
bool debugger_allows_host_calls(const struct debugger *debugger);
/* Parts cores that halt together (board_group_begin()); those that nobody is attached to go on. */
enum cause debugger_ungroup(struct debugger *debugger, struct reason *why);
/* Text of a core's program, for the clients that wait for that core; 0-terminated, in pieces as
 * they come. */
void debugger_print(struct debugger *debugger, unsigned core, const char *text);

#endif /* SERVER_DEBUG_DEBUGGER_H */
