/* SPDX-License-Identifier: MIT */
/* swap.c - whether the chip shows bank 2 of its flash at the place of bank 1. */
#include "targets/board/board_internal.h"
#include "targets/chip/vitals.h"

enum cause
board_read_swap(const struct board *board, struct core *core, bool *are_swapped,
		struct reason *why)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);
	uint32_t value = 0;
	enum cause cause;

	*are_swapped = false;
	if (vitals == NULL || vitals->banks_swap.mask == 0)
		return CAUSE_NONE;
	cause = mem_read32(core_memory(core), vitals->banks_swap.at, &value, why);
	*are_swapped = cause == CAUSE_NONE &&
		       (value & vitals->banks_swap.mask) == vitals->banks_swap.value;
	return cause;
}
