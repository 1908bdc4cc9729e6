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
virgin_bits(const struct flash_h5 *flash, uint32_t index)
{
	return &flash->information[FLASH_H5_VIRGIN_PLACE + index / 8];
}

bool
flash_h5_is_virgin(const struct flash_h5 *flash, uint32_t offset)
{
	uint32_t index = offset / HALF_WORD;

	return *virgin_bits(flash, index) >> index % 8 & 1;
}

void
flash_h5_use(struct flash_h5 *flash, uint32_t offset)
{
	uint32_t index = offset / HALF_WORD;

	*virgin_bits(flash, index) &= (uint8_t) ~(1U << index % 8);
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

static void
main_was_read(struct flash_h5 *flash, uint32_t cell)
{
	uint32_t bank_size = banks_bank_size(flash_h5_banks(flash));
	uint32_t found = cell % bank_size / FLASH_QUAD_WORD & FLASH_ECC_ADDR;

	if (granules_is_broken(flash_h5_granules(flash), cell))
		ecc_detect(flash, found | (cell >= bank_size ? FLASH_ECC_BK : 0));
}

/* The bus takes whole words. FLASH_ECCDR has what was read: all ones of a virgin half-word. */
static void
otp_was_read(struct flash_h5 *flash, uint32_t at)
{
	uint32_t offset = (at - FLASH_H5_OTP_AT) & ~(WORD - 1U);

	if (!flash_h5_is_virgin(flash, offset) &&
	    !flash_h5_is_virgin(flash, offset + HALF_WORD))
		return;
	flash->eccdr = UINT16_MAX;
	ecc_detect(flash, FLASH_ECC_OTP | offset / WORD);
}

/* Who reads gets what the cells hold: debuggers show 0xFFFF, and programs end in their NMI handler and
 * not in a BusFault, as users of a NUCLEO-H563ZI report of the high-cycle data (ST's community, 771852
 * and 828199, where ADDR_ECC counts words) and of OTP (apache/nuttx issue 20188). */
void
flash_h5_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	struct flash_h5 *flash = CONTAINER_OF(peripheral, struct flash_h5, base);
	uint32_t cell;

	(void)word;
	if (flash_h5_is_otp(at))
		otp_was_read(flash, at);
	else if (banks_cell_at(flash_h5_banks(flash), at, &cell))
		main_was_read(flash, cell);
}
