/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/granules.h"

#include "test/emulator/soc/flash/cells.h"
#include "test/emulator/soc/soc_internal.h"

enum { BITS = 8 };

bool
granules_is_broken(struct granules granules, uint32_t cell)
{
	uint32_t index = cell / granules.size;

	return !(granules.fits[index / BITS] >> index % BITS & 1);
}

void
granules_break(struct granules granules, uint32_t cell, bool is_broken)
{
	uint32_t index = cell / granules.size;
	uint8_t *bits = &granules.fits[index / BITS], bit = (uint8_t)(1U << index % BITS);

	*bits = (uint8_t)(is_broken ? *bits & ~bit : *bits | bit);
}

/* The ECC of a granule fits when it is blank, or as it was. */
static void
erase_partly(struct granules granules, uint32_t cell, uint32_t size, unsigned done)
{
	for (uint32_t at = cell; at < cell + size; at += granules.size) {
		bool was_broken = granules_is_broken(granules, at);
		bool is_between = cells_erase_granule(granules.soc, granules.cells + at,
						      granules.size, done);

		granules_break(granules, at,
			       is_between || (was_broken && done < CELLS_FIRST));
	}
	windows_changed(granules.soc, granules.cells + cell, size);
}

void
granules_erase(struct granules granules, uint32_t cell, uint32_t size, unsigned done)
{
	if (done < CELLS_WHOLE) {
		erase_partly(granules, cell, size, done);
		return;
	}
	cells_erase(granules.soc, granules.cells + cell, size, done);
	for (uint32_t at = cell; at < cell + size; at += granules.size)
		granules_break(granules, at, false);
}
