/* SPDX-License-Identifier: MIT */
/*
 * clock.h - time, passed as an argument: tests supply a simulated clock.
 *
 * Monotonic; its zero means nothing. Deadlines are points in time, so that a
 * limit given at the top holds through every call below.
 */
#ifndef TRANSPORT_BASE_CLOCK_H
#define TRANSPORT_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	uint64_t (*now_us)(struct clock *clock);
	void (*sleep_us)(struct clock *clock, uint64_t us);
};

/* The clock of this computer. It has no state: one serves everybody. */
struct clock *clock_host(void);

uint64_t clock_now_us(struct clock *clock);
/* Blocks; only for waits that hardware asks for, of at most some milliseconds. */
void clock_sleep_us(struct clock *clock, uint64_t us);

struct deadline {
	struct clock *clock;
	uint64_t at_us;
};

struct deadline deadline_in_ms(struct clock *clock, uint32_t ms);
bool deadline_is_over(const struct deadline *deadline);
/* Milliseconds left, rounded up; 0 when it is over. */
uint32_t deadline_left_ms(const struct deadline *deadline);

#endif /* TRANSPORT_BASE_CLOCK_H */
