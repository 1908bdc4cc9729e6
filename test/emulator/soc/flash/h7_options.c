/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of the STM32H7 (RM0433 Rev 8, 4.4): registers, rules of change, cells; and
 * the rest of the information block.
 */
#include <string.h>

#include "test/emulator/soc/flash/h7_internal.h"
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
option_cells(const struct flash_h7 *flash, unsigned option)
{
	return flash->information + FLASH_H7_OPTIONS_PLACE + option * 2 * sizeof(uint32_t);
}

void
flash_h7_option_store(struct flash_h7 *flash, enum flash_h7_option option, uint32_t value)
{
	uint32_t pair[2] = { value, ~value };

	memcpy(option_cells(flash, option), pair, sizeof(pair));
}

uint32_t
flash_h7_option_fetch(const struct flash_h7 *flash, enum flash_h7_option option)
{
	uint32_t pair[2];

	memcpy(pair, option_cells(flash, option), sizeof(pair));
	return pair[0] == ~pair[1] ? pair[0] : options[option].factory;
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

/* 4.4.4, PCROP areas: they can be made and enlarged, and be given up only together with
 * their contents, which needs DMEP and a regression. */
static bool
area_may_change(const struct flash_h7 *flash, unsigned option)
{
	uint32_t old = flash->loaded[option], new = flash->program[option];

	if (old == new || !has_area(old) || covers(new, old))
		return true;
	return old & FLASH_PRAR_DMEP && is_regression(flash);
}

/* 4.4.4: level 2 is for ever. SECURITY goes with a regression only. The secure areas are
 * set by code in them, which nobody on this bench has. */
static bool
change_is_allowed(const struct flash_h7 *flash)
{
	const uint32_t *old = flash->loaded, *new = flash->program;

	if (flash_h7_rdp(flash) == RDP_LEVEL_2)
		return false;
	if (old[H7_OPTSR] & ~new[H7_OPTSR] & FLASH_OPTSR_SECURITY && !is_regression(flash))
		return false;
	if (old[H7_SCAR1] != new[H7_SCAR1] || old[H7_SCAR2] != new[H7_SCAR2])
		return false;
	return area_may_change(flash, H7_PRAR1) && area_may_change(flash, H7_PRAR2);
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
	for (unsigned i = 0; i < H7_OPTIONS; i++) {
		flash_h7_option_store(flash, (enum flash_h7_option)i, flash->program[i]);
		flash->loaded[i] = flash->program[i];
	}
}
