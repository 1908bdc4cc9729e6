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
