/* SPDX-License-Identifier: MIT */
/*
 * What a debugger's read of the STM32U5's flash meets: read protection, ECC errors, a bank
 * in power-down mode (RM0456 Rev 4, 7.3.2, 7.3.11 and 7.6.2).
 */
#include "test/emulator/soc/flash/u5_internal.h"
#include "test/emulator/soc/soc_internal.h"

/* 7.9.11: only the first error is recorded, until its flag is cleared; that one is an NMI. */
static void
ecc_detect(struct flash_u5 *flash, uint32_t cell)
{
	const struct soc *soc = flash->base.soc;
	uint32_t bank_size = banks_bank_size(flash_u5_banks(flash));

	if (flash->eccr & (FLASH_ECCR_ECCC | FLASH_ECCR_ECCD))
		return;
	flash->eccr &= FLASH_ECCR_ECCIE;
	flash->eccr |= FLASH_ECCR_ECCD | (cell % bank_size & FLASH_ECCR_ADDR);
	if (cell >= bank_size)
		flash->eccr |= FLASH_ECCR_BK;
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		cpu_nmi(soc->cores[i].cpu);
}

/* 7.3.11: a bank in power-down mode wakes up when it is used. The time that it takes is left
 * out. */
void
flash_u5_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	struct flash_u5 *flash = CONTAINER_OF(peripheral, struct flash_u5, base);
	uint32_t cell;

	(void)word;
	if (!banks_cell_at(flash_u5_banks(flash), at, &cell))
		return;
	flash->is_down[banks_bank_of(flash_u5_banks(flash), cell)] = false;
	if (granules_is_broken(flash_u5_granules(flash), cell))
		ecc_detect(flash, cell & ~(FLASH_QUAD_WORD - 1U));
}
