/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/option_cells.h"

#include <string.h>

enum { PAIR_SIZE = 2 * sizeof(uint32_t) };

void
option_cells_store(uint8_t *cells, unsigned option, uint32_t value)
{
	uint32_t pair[2] = { value, ~value };

	memcpy(cells + (size_t)option * PAIR_SIZE, pair, PAIR_SIZE);
}

uint32_t
option_cells_fetch(const uint8_t *cells, unsigned option, uint32_t otherwise)
{
	uint32_t pair[2];

	memcpy(pair, cells + (size_t)option * PAIR_SIZE, PAIR_SIZE);
	return pair[0] == ~pair[1] ? pair[0] : otherwise;
}
