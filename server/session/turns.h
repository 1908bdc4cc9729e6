/* SPDX-License-Identifier: MIT */
/*
 * turns.h - connections take turns with what they have asked for, so that a client that
 * writes far ahead delays nobody else.
 *
 * The connection that used least time recently goes first; one that is new begins as if it had
 * used TURNS_NEWCOMER_US, or many that come and go would all go before one that stays. An
 * iteration of the event loop hands out turns for TURNS_BUDGET_US, and at least one; sockets and
 * timers come between.
 */
#ifndef SERVER_SESSION_TURNS_H
#define SERVER_SESSION_TURNS_H

#include "transport/base/clock.h"
#include "transport/probe/tape.h"

#include <uv.h>

/* A newcomer's: what the longest packet takes, 16 KiB of memory by a V2. */
enum { TURNS_BUDGET_US = 4000, TURNS_NEWCOMER_US = 50000 };
/* For so long two that were served one after the other share the server. */
enum { TURNS_SHARED_US = 1000000 };

struct turn {
	void (*take)(struct turn *turn);
	bool is_asked;
	uint64_t used_us;             /* lately: halved every 100 ms */
	uint64_t aged_us;             /* when it was halved last */
	struct turn *next, *previous; /* among those asked for */
};

struct turns {
	struct clock *clock;
	struct tape *tape; /* NULL: none */
	uv_idle_t idle;
	struct turn asked;       /* head of a ring */
	const struct turn *last; /* whose turn it was; may be freed */
	uint64_t changed_us;     /* when another than before had a turn; 0: never */
};

void turns_init(struct turns *turns, uv_loop_t *loop, struct clock *clock);
void turns_close(struct turns *turns); /* the loop closes its handle */

/* Calls turn->take() once, soon, from the loop. Asking twice is asking once. */
void turn_ask(struct turns *turns, struct turn *turn);
/* Hands out what the loop would now: for a tape that is played. */
void turns_hand_out(struct turns *turns);
/* Are several served? Then the one whose turn it is should be brief: the others wait. */
bool turns_are_shared(const struct turns *turns);
/* Cancels the request; call before freeing `turn`. */
void turn_withdraw(struct turn *turn);

#endif /* SERVER_SESSION_TURNS_H */
