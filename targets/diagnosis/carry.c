/* SPDX-License-Identifier: MIT */
/*
 * carry.c - does the link carry as much as a download?
 *
 * One that loses a bit in some thousand transfers lets a session begin, and fails later in it. A
 * parity error of one word shows it; what the flash holds does not matter.
 */
#include "targets/diagnosis/examine_internal.h"

#include "transport/base/bytes.h"

enum {
	PIECE_SIZE = 256,
	PIECES = 256,
	PIECES_LEAST =
		64, /* also where they take longer than CARRY_US, unless that is too long */
	CARRY_US = 400000
};

static bool
is_enough(const struct examination *x)
{
	return x->count >= PIECES ||
	       (x->count >= PIECES_LEAST && examine_age_us(x) > CARRY_US);
}

/* NULL: it cannot be read, or there is none. RAM is no better: of some chips a word that was never
 * written has no parity. */
static const struct memory *
flash_of(struct examination *x)
{
	const struct chip *chip = &x->nrst.board->chip;

	for (size_t i = 0; i < chip->memories_len; i++)
		if (chip->memories[i].entry->kind == MEMORY_FLASH &&
		    chip->memories[i].size >= PIECE_SIZE &&
		    !facts_is(facts_of(x), FACT_FLASH_READS, 0))
			return &chip->memories[i];
	return NULL;
}

/* Not known where something else ends it. */
bool
examine_carry(struct examination *x)
{
	const struct memory *flash = flash_of(x);
	uint8_t bytes[PIECE_SIZE];
	struct reason why = REASON_INIT;
	enum cause cause;
	uint64_t begun_us = clock_now_us(board_clock(x->nrst.board));
	uint32_t at;

	if (flash == NULL)
		return true;
	at = flash->base + x->count * PIECE_SIZE % flash->size;
	cause = mem_read(core_memory(examined_core(x)), at, bytes, PIECE_SIZE, &why);
	if (cause != CAUSE_NONE && !probe_is_link_suspect(&why))
		return true;
	x->seen = cause != CAUSE_NONE || link_clock_has_given_way(&x->nrst.board->dap);
	x->count++;
	examine_count_round(x, begun_us);
	if (x->seen == 0 && !is_enough(x) && !examine_is_late(x))
		return false;
	dap_forget_loss(&x->nrst.board->dap);
	if (x->seen != 0 || (!x->is_short && !facts_is(facts_of(x), FACT_DATA_DAMAGED, 1)))
		facts_know(facts_of(x), FACT_DATA_DAMAGED, x->seen != 0);
	return true;
}
