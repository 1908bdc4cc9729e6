/* SPDX-License-Identifier: MIT */
/*
 * Who may do what to the array: write protection, PCROP (RM0440 Rev 8, 3.5.2 and
 * 3.5.3; RM0351 Rev 9, 3.5.2 and 3.5.3; RM0444 Rev 5, 3.5.2 and 3.5.3), and the double words whose ECC does not fit
 * (3.3.3).
 *
 * The core's own loads of mapped flash do not come by here, nor do its fetches: PCROP
 * allows these, and hides from a debugger what only it would look at.
 */
#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/soc_internal.h"

enum { AREA_END_SHIFT = 16 };

static const enum flash_option write_areas[FLASH_BANKS][2] = {
	{ OPTION_WRP1AR, OPTION_WRP1BR },
	{ OPTION_WRP2AR, OPTION_WRP2BR },
};
static const struct {
	unsigned bank;
	enum flash_option first, last;
} code_areas[] = {
	{ FLASH_BANK_1, OPTION_PCROP1SR, OPTION_PCROP1ER },
	{ FLASH_BANK_2, OPTION_PCROP2SR, OPTION_PCROP2ER },
	{ FLASH_BANK_1, OPTION_PCROP1BSR, OPTION_PCROP1BER },
};

/* With two banks each has its own areas and counts from its own start; with one all
 * areas lie in the whole. */
static uint32_t
place_in_bank(const struct flash_l4g4 *flash, uint32_t cell)
{
	uint32_t bank_size = flash->size / FLASH_BANKS;

	return flash_l4g4_is_dual(flash) && cell >= bank_size ? cell - bank_size : cell;
}

static bool
is_in_write_area(const struct flash_l4g4 *flash, enum flash_option area, uint32_t page)
{
	uint32_t mask = flash_l4g4_kind(flash)->page_mask;
	uint32_t first = flash->loaded[area] & mask;
	uint32_t last = flash->loaded[area] >> AREA_END_SHIFT & mask;

	return page >= first && page <= last;
}

bool
flash_l4g4_is_write_protected(const struct flash_l4g4 *flash, uint32_t cell)
{
	uint32_t page = place_in_bank(flash, cell) / flash_l4g4_page_size(flash);
	unsigned banks = flash_l4g4_banks_of(flash, cell);

	for (unsigned bank = 0; bank < FLASH_BANKS; bank++) {
		if (!(banks >> bank & 1))
			continue;
		if (is_in_write_area(flash, write_areas[bank][0], page) ||
		    is_in_write_area(flash, write_areas[bank][1], page))
			return true;
	}
	return false;
}

/* 3.5.2: in double words; in pairs of them when the banks' alternate. RM0444 3.5.3: in 512 bytes. */
static uint32_t
code_unit(const struct flash_l4g4 *flash)
{
	uint32_t unit = flash_l4g4_kind(flash)->pcrop_unit;

	if (unit)
		return unit;
	return flash_l4g4_is_dual(flash) ? FLASH_DOUBLE_WORD
					 : FLASH_BANKS * FLASH_DOUBLE_WORD;
}

bool
flash_l4g4_is_code_only(const struct flash_l4g4 *flash, uint32_t cell)
{
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);
	uint32_t place = place_in_bank(flash, cell) / code_unit(flash);
	unsigned banks = flash_l4g4_banks_of(flash, cell);

	for (unsigned i = 0; i < sizeof(code_areas) / sizeof(code_areas[0]); i++) {
		uint32_t first = flash->loaded[code_areas[i].first] & kind->pcrop_mask;
		uint32_t last = flash->loaded[code_areas[i].last] & kind->pcrop_mask;

		if (banks & code_areas[i].bank &&
		    kind->options[code_areas[i].first].offset && place >= first &&
		    place <= last)
			return true;
	}
	return false;
}

bool
flash_l4g4_holds_code_only(const struct flash_l4g4 *flash, uint32_t cell, uint32_t size)
{
	for (uint32_t at = 0; at < size; at += FLASH_DOUBLE_WORD)
		if (flash_l4g4_is_code_only(flash, cell + at))
			return true;
	return false;
}

/* RM0440 Rev 8, 3.5.4; RM0444 Rev 5, 3.5.6: the first SEC_SIZE pages of the bank, while SEC_PROT is set. With one
 * bank SEC_SIZE2 counts for nothing: assumption. */
bool
flash_l4g4_is_secured(const struct flash_l4g4 *flash, uint32_t cell)
{
	bool is_second = flash_l4g4_is_dual(flash) && cell >= flash->size / FLASH_BANKS;
	uint32_t pages = flash->loaded[is_second ? OPTION_SEC2R : OPTION_SEC1R] & UINT8_MAX;
	uint32_t bit = is_second ? BIT(29) : BIT(28);

	return flash->cr & flash_l4g4_kind(flash)->cr_secure & bit &&
	       place_in_bank(flash, cell) < pages * flash_l4g4_page_size(flash);
}

bool
flash_l4g4_is_kept(const struct flash_l4g4 *flash, uint32_t cell, uint32_t size,
		   unsigned banks)
{
	uint32_t page_size = flash_l4g4_page_size(flash);

	for (uint32_t at = cell; at < cell + size; at += page_size)
		if (flash_l4g4_banks_of(flash, at) & banks &&
		    (flash_l4g4_is_write_protected(flash, at) ||
		     flash_l4g4_is_secured(flash, at) ||
		     flash_l4g4_holds_code_only(flash, at, page_size)))
			return true;
	return false;
}

/* --- ECC --------------------------------------------------------------------- */

struct granules
flash_l4g4_granules(const struct flash_l4g4 *flash)
{
	const struct soc *soc = flash->base.soc;

	return (struct granules){ flash->base.soc, flash->cells,
				  soc->memories[soc->chip->information_memory] +
					  FLASH_ECC_BITS_AT,
				  FLASH_DOUBLE_WORD };
}

/* 3.3.3: two bits or more are wrong. ECCR keeps the first address until its flag is
 * cleared; each detection is an NMI. */
static void
ecc_detect(struct flash_l4g4 *flash, uint32_t cell)
{
	const struct soc *soc = flash->base.soc;
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);

	if (!(flash->eccr & (FLASH_ECCR_ECCC | FLASH_ECCR_ECCD))) {
		flash->eccr &= FLASH_ECCR_ECCIE;
		flash->eccr |=
			(place_in_bank(flash, cell) & FLASH_ECCR_ADDR) >> kind->eccr_shift;
		if (flash_l4g4_banks_of(flash, cell) == FLASH_BANK_2)
			flash->eccr |= BIT(kind->eccr_bank_bit);
	}
	flash->eccr |= FLASH_ECCR_ECCD;
	for (unsigned i = 0; i < soc->chip->cores_len; i++)
		cpu_nmi(soc->cores[i].cpu);
}

/* What a read of a PCROP area, or of a securable one that is locked, brings: zeros (ST's community, 832003, an STM32G0B1); RDERR is 3.7.5's. */
void
flash_l4g4_was_read(struct peripheral *peripheral, uint32_t at, uint32_t *word)
{
	struct flash_l4g4 *flash = CONTAINER_OF(peripheral, struct flash_l4g4, base);
	uint32_t cell;

	if (!flash_l4g4_banks_at(flash, at))
		return;
	cell = flash_l4g4_swapped(flash, at - FLASH_MAIN_AT) & ~(FLASH_DOUBLE_WORD - 1U);
	if (flash_l4g4_is_code_only(flash, cell) || flash_l4g4_is_secured(flash, cell)) {
		*word = 0;
		flash->sr |= FLASH_SR_RDERR;
		flash_l4g4_interrupt(flash);
		return;
	}
	if (granules_is_broken(flash_l4g4_granules(flash), cell))
		ecc_detect(flash, cell);
}
