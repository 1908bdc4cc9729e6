/* SPDX-License-Identifier: MIT */
#include "transport/base/patience.h"

#include <signal.h>
#include <stdatomic.h>

enum { US_PER_MS = 1000 };

/* Lock-free, as a signal handler needs it (C11 7.14.1.1). 0: not to end. */
static atomic_uint_fast64_t ending_since_us;
static volatile sig_atomic_t is_spent;

void
patience_end(void)
{
	uint_fast64_t none = 0;

	atomic_compare_exchange_strong(&ending_since_us, &none, clock_now_us(clock_host()));
}

bool
patience_is_ending(void)
{
	return atomic_load(&ending_since_us) != 0;
}

bool
patience_is_spent(void)
{
	return is_spent != 0;
}

void
patience_renew(void)
{
	atomic_store(&ending_since_us, 0);
	is_spent = 0;
}

static uint64_t
ending_at_us(void)
{
	return atomic_load(&ending_since_us) + (uint64_t)PATIENCE_ENDING_MS * US_PER_MS;
}

static uint64_t
left_us(uint64_t at_us)
{
	uint64_t now_us = clock_now_us(clock_host());

	return now_us >= at_us ? 0 : at_us - now_us;
}

uint32_t
patience_ending_left_ms(void)
{
	return patience_is_ending() ? (uint32_t)(left_us(ending_at_us()) / US_PER_MS)
				    : PATIENCE_ENDING_MS;
}

struct patience
patience_for_ms(uint32_t ms)
{
	return (struct patience){ deadline_in_ms(clock_host(), ms),
				  clock_now_us(clock_host()) };
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* When an ending program stops to wait. */
static uint64_t
cut_at_us(const struct patience *patience)
{
	uint64_t from_us = later(patience->since_us, atomic_load(&ending_since_us));
	uint64_t wait_us = earlier(from_us + (uint64_t)PATIENCE_ENDING_WAIT_MS * US_PER_MS,
				   ending_at_us());

	return later(wait_us, from_us + (uint64_t)PATIENCE_HEALTHY_MS * US_PER_MS);
}

uint32_t
patience_slice_ms(const struct patience *patience)
{
	uint32_t left_ms = deadline_left_ms(&patience->deadline);

	if (patience_is_spent())
		return 0;
	return left_ms < PATIENCE_SLICE_MS ? left_ms : PATIENCE_SLICE_MS;
}

enum patience_state
patience_look(const struct patience *patience)
{
	if (patience_is_ending() && left_us(cut_at_us(patience)) == 0)
		is_spent = 1;
	if (patience_is_spent())
		return PATIENCE_CUT;
	return deadline_is_over(&patience->deadline) ? PATIENCE_TIMED_OUT : PATIENCE_LEFT;
}
