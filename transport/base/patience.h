/* SPDX-License-Identifier: MIT */
/*
 * patience.h - how long a wait for a probe lasts: up to its time limit, and less once the
 * program is to end.
 *
 * A signal may come while the only thread waits for a probe that has fallen silent; the event
 * loop would see it when that wait is over, after seconds. So every wait of transport/link is
 * made of slices, and looks between them whether the program is to end. A wait that is cut
 * short fails with CAUSE_GONE, and after the first of them nobody waits any more: all that is
 * left to be said to that probe fails at once. One state for the process, as signals are.
 */
#ifndef TRANSPORT_BASE_PATIENCE_H
#define TRANSPORT_BASE_PATIENCE_H

#include "transport/base/clock.h"

enum {
	PATIENCE_SLICE_MS = 20,
	/* Of a program that ends: a wait, and all of it. What is left of the 500 ms in which a
	 * signal is to be served is for closing. */
	PATIENCE_ENDING_WAIT_MS = 200,
	PATIENCE_ENDING_MS = 330,
	/* What a healthy probe needs at most, which is allowed later as well: NRST has to be
	 * released. */
	PATIENCE_HEALTHY_MS = 25
};

/* The program is to end. May be called by a signal handler, and again without effect. */
void patience_end(void);
bool patience_is_ending(void);
/* A wait was cut short: what would wait fails at once. */
bool patience_is_spent(void);
/* Of PATIENCE_ENDING_MS; all of it while the program is not to end. */
uint32_t patience_ending_left_ms(void);
/* For tests: as if nobody had called patience_end(). */
void patience_renew(void);

/* One wait. */
struct patience {
	struct deadline deadline;
	uint64_t since_us;
};

enum patience_state { PATIENCE_LEFT, PATIENCE_TIMED_OUT, PATIENCE_CUT };

struct patience patience_for_ms(uint32_t ms);
/* How long to block before looking again. 0 when the wait is over: look once, do not block. */
uint32_t patience_slice_ms(const struct patience *patience);
/* Called when a slice has passed in vain. */
enum patience_state patience_look(const struct patience *patience);

#endif /* TRANSPORT_BASE_PATIENCE_H */
