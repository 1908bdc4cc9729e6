/* SPDX-License-Identifier: MIT */
/* experiment.c - what experiments have in common. */
#include "targets/diagnosis/examine_internal.h"

bool
examine_read(struct board *board, uint32_t at, uint32_t *value)
{
	struct reason unread = REASON_INIT;
	enum cause cause = mem_read32(&board_main_core(board)->mem, at, value, &unread);

	if (cause != CAUSE_NONE && probe_is_link_suspect(&unread))
		facts_know(&board->facts, FACT_DATA_DAMAGED, 1);
	return cause == CAUSE_NONE;
}

void
examine_count_reset(struct board *board, unsigned resets)
{
	uint32_t before = 0;

	facts_get(&board->facts, FACT_RESETS_SEEN, &before);
	facts_know(&board->facts, FACT_RESETS_SEEN, before + resets);
}

void
examine_know_bit(struct facts *facts, enum fact fact, uint32_t word, uint32_t bits)
{
	facts_know(facts, fact, (word & bits) != 0);
}

void
board_begin_verdict(struct board *board)
{
	board->verdict = deadline_in_ms(board_clock(board), VERDICT_MS);
}

uint32_t
board_verdict_left_ms(const struct board *board)
{
	uint32_t left = deadline_left_ms(&board->verdict);

	return left > EXPERIMENTS_MS ? left - EXPERIMENTS_MS : 0;
}

bool
examine_has_ms(const struct examination *x, uint32_t ms)
{
	return deadline_left_ms(&x->nrst.board->verdict) >= ms;
}

bool
examine_is_late(struct examination *x)
{
	enum { US_PER_MS = 1000 };
	uint64_t end_us = examine_age_us(x) + x->round_us;

	if (examine_has_ms(x, (uint32_t)(x->round_us / US_PER_MS) + 1) &&
	    end_us < (uint64_t)x->most_ms * US_PER_MS)
		return false;
	x->is_short = true;
	return true;
}

void
examine_count_round(struct examination *x, uint64_t begun_us)
{
	uint64_t took_us = clock_now_us(board_clock(x->nrst.board)) - begun_us;

	if (took_us > x->round_us)
		x->round_us = took_us;
}

uint64_t
examine_age_us(const struct examination *x)
{
	return clock_now_us(board_clock(x->nrst.board)) - x->begun_us;
}

void
examine_wait_us(struct examination *x, uint32_t us)
{
	x->nrst.staged.job.wait_us = us;
}
