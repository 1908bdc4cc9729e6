/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"

static const struct chip *
chip_of(const struct board *board)
{
	return board != NULL ? &board->chip : NULL;
}

bool
board_is_flash(const struct board *board, uint32_t at)
{
	return chip_is_flash(chip_of(board), at);
}

bool
board_is_ram(const struct board *board, uint32_t at)
{
	return chip_is_ram(chip_of(board), at);
}

const char *
board_region_name(const struct board *board, uint32_t at)
{
	return chip_region_name(chip_of(board), at);
}

enum cause
board_add_external(struct board *board, const struct memory_entry *entry,
		   struct reason *why)
{
	return chip_add_external(&board->chip, entry, why);
}

const struct reason *
board_external_why(const struct board *board)
{
	return board->external_why.cause != CAUSE_NONE ? &board->external_why : NULL;
}
