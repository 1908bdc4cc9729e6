/* SPDX-License-Identifier: MIT */
/*
 * What a debugger's read of the STM32H5's flash meets: double ECC errors of cells that a cut left
 * between, and of OTP that was never written (RM0481, FLASH_ECCDETR).
 */
#include "test/emulator/soc/flash/h5_internal.h"
#include "test/emulator/soc/soc_internal.h"

enum { HALF_WORD = 2, WORD = 4 };

bool
flash_h5_is_otp(uint32_t at)
{
	return at - FLASH_H5_OTP_AT < FLASH_OTP_SIZE;
}

static uint8_t *
bits_of(const struct flash_h5 *flash, uint32_t place, uint32_t index)
{
	return &flash->information[place + index / 8];
}

bool
flash_h5_is_broken(const struct flash_h5 *flash, uint32_t cell)
{
	uint32_t index = cell / FLASH_QUAD_WORD;

	return !(*bits_of(flash, FLASH_H5_ECC_PLACE, index) >> index % 8 & 1);
}

void
flash_h5_break(struct flash_h5 *flash, uint32_t cell, bool broken)
{
	uint32_t index = cell / FLASH_QUAD_WORD;
	uint8_t *bits = bits_of(flash, FLASH_H5_ECC_PLACE, index);
	uint8_t bit = (uint8_t)(1U << index % 8);

	*bits = (uint8_t)(broken ? *bits & ~bit : *bits | bit);
}

bool
flash_h5_is_virgin(const struct flash_h5 *flash, uint32_t offset)
{
	uint32_t index = offset / HALF_WORD;

	return *bits_of(flash, FLASH_H5_VIRGIN_PLACE, index) >> index % 8 & 1;
}

void
flash_h5_use(struct flash_h5 *flash, uint32_t offset)
{
	uint32_t index = offset / HALF_WORD;

	*bits_of(flash, FLASH_H5_VIRGIN_PLACE, index) &= (uint8_t) ~(1U << index % 8);
}

/* Only the first error is kept, until ECCD is cleared; that one is an NMI. */
static void
ecc_detect(struct flash_h5 *flash, uint32_t found)
{
	const struct soc *soc = flash->base.soc;

	if (flash->eccdetr & FLASH_ECC_ECCD)
		return;
	flash->eccdetr = FLASH_ECC_ECCD | found;
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		cpu_nmi(soc->cores[i].cpu);
}

static bool
main_is_broken(struct flash_h5 *flash, uint32_t cell)
{
	uint32_t bank_size = flash->size / FLASH_BANKS;
	uint32_t found = cell % bank_size / FLASH_QUAD_WORD & FLASH_ECC_ADDR;

	if (!flash_h5_is_broken(flash, cell))
		return false;
	ecc_detect(flash, found | (cell >= bank_size ? FLASH_ECC_BK : 0));
	return true;
}

/* The bus takes whole words. */
static bool
otp_is_virgin(struct flash_h5 *flash, uint32_t at)
{
	uint32_t offset = (at - FLASH_H5_OTP_AT) & ~(WORD - 1U);

	if (!flash_h5_is_virgin(flash, offset) &&
	    !flash_h5_is_virgin(flash, offset + HALF_WORD))
		return false;
	ecc_detect(flash, FLASH_ECC_OTP | offset / HALF_WORD);
	return true;
}

/* That the reader gets a bus error beside the NMI: as on the STM32H7 (RM0399 Rev 4, 4.7.7); on the STM32H5
 * an assumption. */
enum bus_result
flash_h5_load(struct peripheral *peripheral, uint32_t at)
{
	struct flash_h5 *flash = CONTAINER_OF(peripheral, struct flash_h5, base);
	uint32_t cell;
	bool fails = false;

	if (flash_h5_is_otp(at))
		fails = otp_is_virgin(flash, at);
	else if (flash_h5_cell_at(flash, at, &cell) &&
		 !(flash->operation != H5_IDLE &&
		   flash->busy_banks >> flash_h5_bank_of(flash, cell) & 1))
		fails = main_is_broken(flash, cell);
	return fails ? BUS_FAULT : BUS_OK;
}
