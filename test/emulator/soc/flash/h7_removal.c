/* SPDX-License-Identifier: MIT */
/*
 * Bank and mass erase with automatic protection removal (RM0399 Rev 4, 4.3.10): asked for by
 * values of the _PRG registers that give up all protection of a bank, and nothing else.
 */
#include "test/emulator/soc/flash/h7_internal.h"

static bool
has_area(uint32_t area)
{
	return (area & FLASH_AREA_MASK) <= (area >> FLASH_AREA_END_SHIFT & FLASH_AREA_MASK);
}

/* Steps 3 and 4: DMEP or DMES, and an end before the start; nothing when there is no area. */
static bool
gives_up_area(const struct flash_h7 *flash, enum flash_h7_option area)
{
	if (!has_area(flash->loaded[area]))
		return !has_area(flash->program[area]);
	return (flash->loaded[area] | flash->program[area]) & FLASH_PRAR_DMEP &&
	       !has_area(flash->program[area]);
}

/* Step 5 too: all sectors can be written. */
static bool
gives_up(const struct flash_h7 *flash, unsigned bank)
{
	enum { ALL_SECTORS = 0xFF };

	return gives_up_area(flash, H7_PRAR1 + bank) &&
	       gives_up_area(flash, H7_SCAR1 + bank) &&
	       (flash->program[H7_WPSN1 + bank] & ALL_SECTORS) == ALL_SECTORS;
}

static bool
is_of_bank(unsigned option, unsigned bank)
{
	return option == H7_PRAR1 + bank || option == H7_SCAR1 + bank ||
	       option == H7_WPSN1 + bank;
}

/* Is anything changed, and nothing outside of these banks (a mask)? */
static bool
changes_only(const struct flash_h7 *flash, unsigned banks)
{
	bool any = false;

	for (unsigned i = 0; i < H7_OPTIONS; i++) {
		if (flash->program[i] == flash->loaded[i])
			continue;
		any = true;
		if (!(banks & 1 && is_of_bank(i, 0)) && !(banks & 2 && is_of_bank(i, 1)))
			return false;
	}
	return any;
}

bool
flash_h7_removes_protection(const struct flash_h7 *flash, const struct flash_h7_bank *bank)
{
	unsigned index = (unsigned)(bank - flash->banks), both = (1u << FLASH_H7_BANKS) - 1;

	if (!gives_up(flash, index))
		return false;
	if (!flash->is_mass_erase)
		return changes_only(flash, 1u << index);
	return changes_only(flash, both) && gives_up(flash, !index);
}
