/* SPDX-License-Identifier: MIT */
/* hidden.c - of which parts of the flash a debugger reads zeros, by the option bytes as they are now. */
#include "targets/board/board_internal.h"

static bool
has_area(const struct hidden_ranges *ranges)
{
	for (size_t i = 0; i < ranges->len; i++)
		if (ranges->list[i].how != NULL)
			return true;
	return false;
}

/* Whose registers for each bank change places with the banks. */
static bool
has_registers_by_place(const struct board *board)
{
	for (size_t i = 0; i < board->chip.memories_len; i++)
		if (board->chip.memories[i].entry->interface != NULL &&
		    board->chip.memories[i].entry->interface->registers.bank_select != 0)
			return false;
	return true;
}

enum cause
board_read_hidden(const struct board *board, struct core *core,
		  struct hidden_ranges *ranges, struct reason *why)
{
	uint32_t words[HIDDEN_MAX_WORDS];
	bool are_swapped = false;
	enum cause cause;

	hidden_ranges_of(&board->chip, NULL, false, ranges);
	cause = hidden_read(&board->chip, core_memory(core), words, why);
	if (cause != CAUSE_NONE)
		return cause;
	hidden_ranges_of(&board->chip, words, false, ranges);
	if (!has_area(ranges) || has_registers_by_place(board))
		return CAUSE_NONE;
	cause = board_read_swap(board, core, &are_swapped, why);
	if (cause == CAUSE_NONE && are_swapped)
		hidden_ranges_of(&board->chip, words, true, ranges);
	return cause;
}
