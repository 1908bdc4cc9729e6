/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/banks.h"

#include "test/emulator/soc/soc_internal.h"

uint32_t
banks_bank_size(struct banks banks)
{
	return banks.size / FLASH_BANKS;
}

static uint32_t
swapped(struct banks banks, uint32_t offset)
{
	return banks.are_swapped ? (offset + banks_bank_size(banks)) % banks.size : offset;
}

bool
banks_cell_at(struct banks banks, uint32_t at, uint32_t *cell)
{
	uint32_t offset = at - banks.at;

	if (offset >= banks.size)
		return false;
	*cell = swapped(banks, offset);
	return true;
}

unsigned
banks_bank_of(struct banks banks, uint32_t cell)
{
	return cell / banks_bank_size(banks);
}

uint32_t
banks_address_of(struct banks banks, uint32_t cell)
{
	return banks.at + swapped(banks, cell);
}

void
banks_show(struct banks banks)
{
	for (unsigned i = 0; i < FLASH_BANKS; i++) {
		uint32_t offset = i * banks_bank_size(banks);

		windows_show(banks.soc, banks.at + offset, banks_bank_size(banks),
			     banks.cells + swapped(banks, offset), CPU_FLASH);
	}
}
