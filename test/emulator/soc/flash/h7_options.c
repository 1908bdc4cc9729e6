/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of the STM32H7 (RM0433 Rev 8, 4.4): registers, rules of change, cells; and
 * the rest of the information block.
 */
#include <string.h>

#include "test/emulator/soc/flash/h7_internal.h"
#include "test/emulator/soc/flash/option_cells.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define SYSTEM_MEMORY_AT UINT32_C(0x1FF00000)
/* UID_BASE and FLASHSIZE_BASE of stm32h743xx.h. */
#define UID_AT        UINT32_C(0x1FF1E800)
#define FLASH_SIZE_AT UINT32_C(0x1FF1E880)
#define LINE_ID_AT    UINT32_C(0x1FF1E8C0)

/* The registers of an option: _CUR at `offset`, _PRG behind it. */
enum { PROGRAM_BEHIND = 4 };

/* Bits of FLASH_OPTSR by who has them (CMSIS headers of the parts). */
#define OPTSR_ALL                                                                 \
	(UINT32_C(0x2038000C) | FLASH_OPTSR_IWDG1_SW | FLASH_OPTSR_nRST_STOP_D1 | \
	 FLASH_OPTSR_nRST_STBY_D1 | FLASH_OPTSR_RDP | FLASH_OPTSR_FZ_IWDG_STOP |  \
	 FLASH_OPTSR_FZ_IWDG_SDBY)
#define OPTSR_DOMAIN_2 (FLASH_OPTSR_nRST_STOP_D2 | FLASH_OPTSR_nRST_STBY_D2)
#define OPTSR_CORE_2   (FLASH_OPTSR_IWDG2_SW | FLASH_OPTSR_BCM4 | FLASH_OPTSR_BCM7)

/* As read from a new NUCLEO-H723ZG: of domain 2 only the resets, and no second core. */
#define OPTSR_FACTORY_H72 UINT32_C(0x0306AAD0)

#define AREA_WRITABLE UINT32_C(0x8FFF0FFF)

/* Per option its register, the bits that can be written and the factory's value (4.4.7,
 * "ST programmed values"; FLASH_OPTSR as owners read it from new boards). */
static const struct {
	uint16_t offset;
	uint32_t writable, factory;
} options[H7_OPTIONS] = {
	[H7_OPTSR] = { 0x1C, 0, 0x1BC6AAF0 }, /* what can be written: optsr_writable() */
	[H7_BOOT7] = { 0x40, UINT32_MAX, 0x1FF00800 },
	[H7_BOOT4] = { 0x48, UINT32_MAX, 0x10000810 },
	[H7_OPTSR2] = { 0x70, 0x00000007, 0x00000000 },
	[H7_PRAR1] = { 0x28, AREA_WRITABLE, 0x000000FF },
	[H7_PRAR2] = { 0x28, AREA_WRITABLE, 0x000000FF },
	[H7_SCAR1] = { 0x30, AREA_WRITABLE, 0x000000FF },
	[H7_SCAR2] = { 0x30, AREA_WRITABLE, 0x000000FF },
	[H7_WPSN1] = { 0x38, 0x000000FF, 0x000000FF },
	[H7_WPSN2] = { 0x38, 0x000000FF, 0x000000FF },
};

/* The boot loader in system memory waits for a host that never comes: a stack, a reset
 * vector, and a branch to itself. */
static const uint32_t boot_loader[] = { 0x20001000, 0x1FF00009, 0xE7FEE7FE };

/* --- registers --------------------------------------------------------------------------- */

static bool
is_of_bank_2(unsigned option)
{
	return option == H7_PRAR2 || option == H7_SCAR2 || option == H7_WPSN2;
}

bool
flash_h7_has_option(const struct flash_h7 *flash, unsigned option)
{
	if (option == H7_BOOT4)
		return flash->layout->has_core_2;
	if (option == H7_OPTSR2)
		return flash->layout->has_optsr2;
	return !is_of_bank_2(option) || flash->layout->banks == FLASH_H7_BANKS;
}

bool
flash_h7_option_is_program(uint32_t offset)
{
	for (unsigned i = 0; i < H7_OPTIONS; i++)
		if (offset == options[i].offset + (uint32_t)PROGRAM_BEHIND)
			return true;
	return false;
}

enum flash_h7_option
flash_h7_option_of(const struct flash_h7 *flash, uint32_t offset, unsigned bank)
{
	if (flash_h7_option_is_program(offset))
		offset -= PROGRAM_BEHIND;
	for (unsigned i = 0; i < H7_OPTIONS; i++) {
		if (options[i].offset != offset || !flash_h7_has_option(flash, i))
			continue;
		/* An option of a bank comes twice; one of both banks is first. */
		if (i >= H7_PRAR1 && is_of_bank_2(i) != (bank == 1))
			continue;
		return (enum flash_h7_option)i;
	}
	return H7_OPTIONS;
}

static uint32_t
optsr_writable(const struct flash_h7_layout *layout)
{
	uint32_t bits = OPTSR_ALL;

	if (layout->banks == FLASH_H7_BANKS)
		bits |= FLASH_OPTSR_SWAP_BANK_OPT;
	if (layout->has_core_2)
		bits |= OPTSR_CORE_2;
	if (layout->has_core_2 || layout->has_optsr2)
		bits |= OPTSR_DOMAIN_2;
	return bits;
}

uint32_t
flash_h7_option_writable(const struct flash_h7 *flash, enum flash_h7_option option)
{
	return option == H7_OPTSR ? optsr_writable(flash->layout)
				  : options[option].writable;
}

/* --- cells --------------------------------------------------------------------------------- */

static uint8_t *
cells_of(const struct flash_h7 *flash)
{
	return flash->information + FLASH_H7_OPTIONS_PLACE;
}

void
flash_h7_option_store(struct flash_h7 *flash, enum flash_h7_option option, uint32_t value)
{
	option_cells_store(cells_of(flash), option, value);
}

uint32_t
flash_h7_option_fetch(const struct flash_h7 *flash, enum flash_h7_option option)
{
	bool of_h72 = option == H7_OPTSR && flash->layout->has_optsr2;

	return option_cells_fetch(cells_of(flash), option,
				  of_h72 ? OPTSR_FACTORY_H72 : options[option].factory);
}

void
flash_h7_options_load(struct peripheral *peripheral)
{
	struct flash_h7 *flash = CONTAINER_OF(peripheral, struct flash_h7, base);

	for (unsigned i = 0; i < H7_OPTIONS; i++)
		flash->program[i] = flash->loaded[i] =
			flash_h7_option_fetch(flash, (enum flash_h7_option)i);
}

static void
information_write(struct flash_h7 *flash, uint32_t at, const void *bytes, size_t size)
{
	uint8_t *cells = flash->information + (at - SYSTEM_MEMORY_AT);

	memcpy(cells, bytes, size);
	windows_changed(flash->base.soc, cells, (uint32_t)size);
}

void
flash_h7_factory(struct flash_h7 *flash)
{
	const struct chip *chip = flash->base.soc->chip;

	uint32_t size = chip->flash_kib; /* the upper half of the word is 0 */

	information_write(flash, SYSTEM_MEMORY_AT, boot_loader, sizeof(boot_loader));
	information_write(flash, UID_AT, chip->uid, sizeof(chip->uid));
	information_write(flash, FLASH_SIZE_AT, &size, sizeof(size));
	if (chip->line_id)
		information_write(flash, LINE_ID_AT, &chip->line_id, sizeof(chip->line_id));
}

/* --- changing -------------------------------------------------------------------------------- */

static unsigned
rdp_of(uint32_t optsr)
{
	enum { RDP_SHIFT = 8 };

	return (optsr & FLASH_OPTSR_RDP) >> RDP_SHIFT;
}

/* 4.5.3: going back from level 1 to level 0 costs the contents. */
static bool
is_regression(const struct flash_h7 *flash)
{
	return flash_h7_rdp(flash) != RDP_LEVEL_0 &&
	       rdp_of(flash->program[H7_OPTSR]) == RDP_LEVEL_0;
}

/* 4.9.7, OPTSTART. */
void
flash_h7_options_start(struct flash_h7 *flash)
{
	const struct flash_h7_times *times = flash->layout->times;
	enum { PARALLELISM_64 = 3 };
	uint64_t ns = times->options_ns;

	if (is_regression(flash))
		ns += times->erase_mass_ns[PARALLELISM_64];
	flash->options_due_ns = soc_time(flash->base.soc) + ns;
	flash_h7_due_set(flash);
}

static bool
has_area(uint32_t area)
{
	return (area & FLASH_AREA_MASK) <= (area >> FLASH_AREA_END_SHIFT & FLASH_AREA_MASK);
}

static bool
covers(uint32_t area, uint32_t other)
{
	return has_area(area) && (area & FLASH_AREA_MASK) <= (other & FLASH_AREA_MASK) &&
	       (area >> FLASH_AREA_END_SHIFT & FLASH_AREA_MASK) >=
		       (other >> FLASH_AREA_END_SHIFT & FLASH_AREA_MASK);
}

/* RM0399 Rev 4, 4.4.3: a PCROP area is given up or made smaller only with a regression that
 * erases it. Secure areas are set by code in them, which nobody on this bench has; a
 * regression that erases one may take it away. */
static bool
area_may_change(const struct flash_h7 *flash, enum flash_h7_option option)
{
	uint32_t old = flash->loaded[option], new = flash->program[option];
	bool erases = (old | new) & FLASH_PRAR_DMEP && is_regression(flash);
	bool is_pcrop = option == H7_PRAR1 || option == H7_PRAR2;
	uint32_t area = FLASH_AREA_MASK | FLASH_AREA_MASK << FLASH_AREA_END_SHIFT;

	if (old & ~new &FLASH_PRAR_DMEP && !is_regression(flash))
		return false;
	if ((old & area) == (new &area) || (erases && (is_pcrop || !has_area(new))))
		return true;
	return is_pcrop && (!has_area(old) || covers(new, old));
}

/* 4.4.3, SECURITY: freely taken back where there is no area; else by a regression that erases
 * both kinds. */
static bool
security_may_go(const struct flash_h7 *flash)
{
	bool any = false, erases_code = false, erases_secure = false;

	for (unsigned i = 0; i < flash_h7_banks(flash); i++) {
		any |= has_area(flash->loaded[H7_PRAR1 + i]) ||
		       has_area(flash->loaded[H7_SCAR1 + i]);
		erases_code |=
			(flash->loaded[H7_PRAR1 + i] | flash->program[H7_PRAR1 + i]) &
			FLASH_PRAR_DMEP;
		erases_secure |=
			(flash->loaded[H7_SCAR1 + i] | flash->program[H7_SCAR1 + i]) &
			FLASH_PRAR_DMEP;
	}
	return !any || (is_regression(flash) && erases_code && erases_secure);
}

/* 4.4.3 and figure 13: at level 2 nothing but SWAP_BANK_OPT can be changed. */
static bool
changes_only_swap(const struct flash_h7 *flash)
{
	for (unsigned i = 0; i < H7_OPTIONS; i++) {
		uint32_t ignored = i == H7_OPTSR ? FLASH_OPTSR_SWAP_BANK_OPT : 0;

		if ((flash->loaded[i] ^ flash->program[i]) & ~ignored)
			return false;
	}
	return true;
}

static bool
change_is_allowed(const struct flash_h7 *flash)
{
	const uint32_t *old = flash->loaded, *new = flash->program;

	if (flash_h7_rdp(flash) == RDP_LEVEL_2)
		return changes_only_swap(flash);
	if (old[H7_OPTSR] & ~new[H7_OPTSR] & FLASH_OPTSR_SECURITY &&
	    !security_may_go(flash))
		return false;
	for (unsigned i = H7_PRAR1; i <= H7_SCAR2; i++)
		if (!area_may_change(flash, (enum flash_h7_option)i))
			return false;
	return true;
}

void
flash_h7_options_take(struct flash_h7 *flash)
{
	for (unsigned i = 0; i < H7_OPTIONS; i++) {
		flash_h7_option_store(flash, (enum flash_h7_option)i, flash->program[i]);
		flash->loaded[i] = flash->program[i];
	}
}

/* 4.4.3: what is changed is in force at once; what only a reset looks at (SWAP_BANK_OPT,
 * the boot addresses) waits for one. A change that breaks a rule changes nothing. */
void
flash_h7_options_finish(struct flash_h7 *flash)
{
	if (!change_is_allowed(flash)) {
		flash->option_change_failed = true;
		flash_h7_interrupt_line(flash);
		return;
	}
	if (is_regression(flash)) {
		flash_h7_erase_all(flash);
		intrusion_erase(flash->base.soc);
	}
	flash_h7_options_take(flash);
}
