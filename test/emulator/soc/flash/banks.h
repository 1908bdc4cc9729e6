/* SPDX-License-Identifier: MIT */
/*
 * banks.h - main flash in two banks of one size, one behind the other, whose addresses an option
 * exchanges (SWAP_BANK). A "cell" is a byte's place in the banks as they are made: bank 1, then
 * bank 2, wherever they show.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_BANKS_H
#define TEST_EMULATOR_SOC_FLASH_BANKS_H

#include <stdbool.h>
#include <stdint.h>

struct soc;

enum { FLASH_BANKS = 2 };

struct banks {
	struct soc *soc;
	uint8_t *cells;
	uint32_t size; /* of both, in bytes */
	uint32_t at;   /* where they show */
	bool are_swapped;
};

uint32_t banks_bank_size(struct banks banks);
/* The cell that shows at an address; false: it is not of the main flash. */
bool banks_cell_at(struct banks banks, uint32_t at, uint32_t *cell);
/* 0 or 1 */
unsigned banks_bank_of(struct banks banks, uint32_t cell);
uint32_t banks_address_of(struct banks banks, uint32_t cell);
/* Shows the banks where they belong. */
void banks_show(struct banks banks);

#endif /* TEST_EMULATOR_SOC_FLASH_BANKS_H */
