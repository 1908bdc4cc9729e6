/* SPDX-License-Identifier: MIT */
#include "transport/base/clock.h"

#include "transport/base/host.h"

enum { US_PER_MS = 1000 };

static uint64_t
monotonic_us(struct clock *clock)
{
	(void)clock;
	return host_now_us();
}

static void
sleep_us(struct clock *clock, uint64_t us)
{
	(void)clock;
	host_sleep_us(us);
}

struct clock *
clock_host(void)
{
	static struct clock host = { monotonic_us, sleep_us };

	return &host;
}

uint64_t
clock_now_us(struct clock *clock)
{
	return clock->now_us(clock);
}

void
clock_sleep_us(struct clock *clock, uint64_t us)
{
	clock->sleep_us(clock, us);
}

struct deadline
deadline_in_ms(struct clock *clock, uint32_t ms)
{
	return (struct deadline){ clock, clock_now_us(clock) + (uint64_t)ms * US_PER_MS };
}

bool
deadline_is_over(const struct deadline *deadline)
{
	return clock_now_us(deadline->clock) >= deadline->at_us;
}

uint32_t
deadline_left_ms(const struct deadline *deadline)
{
	uint64_t now = clock_now_us(deadline->clock);

	return now >= deadline->at_us
		       ? 0
		       : (uint32_t)((deadline->at_us - now + US_PER_MS - 1) / US_PER_MS);
}
