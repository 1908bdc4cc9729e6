/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of the STM32U5 (RM0456 Rev 4, 7.4), and a stand-in for the boot loader.
 */
#include <string.h>

#include "test/emulator/soc/flash/option_cells.h"
#include "test/emulator/soc/flash/u5_internal.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define WRP_WRITABLE UINT32_C(0x807F007F)

/* Each option: its register, what can be written (stm32u575xx.h), and the value from the
 * factory. All as owners read them from new boards ("ST production value" of 7.9.13 for
 * FLASH_OPTR): areas of WRP start behind their end and cover nothing, those of SECWM would be
 * the whole bank with TrustZone. */
static const struct {
	uint16_t offset;
	uint32_t writable, factory;
} options[U5_OPTIONS] = {
	[U5_OPTR] = { 0x40, 0xFFFFF7FF, 0x1FEFF8AA },
	[U5_NSBOOTADD0] = { 0x44, 0xFFFFFF80, 0x0800007F },
	[U5_NSBOOTADD1] = { 0x48, 0xFFFFFF80, 0x0BF9007F },
	[U5_SECBOOTADD0] = { 0x4C, 0, 0x0C00007C },
	[U5_SECWM1R1] = { 0x50, 0, 0xFFFFFF80 },
	[U5_SECWM1R2] = { 0x54, 0, 0x7F807F80 },
	[U5_WRP1A] = { 0x58, WRP_WRITABLE, 0xFF80FFFF },
	[U5_WRP1B] = { 0x5C, WRP_WRITABLE, 0xFF80FFFF },
	[U5_SECWM2R1] = { 0x60, 0, 0xFFFFFF80 },
	[U5_SECWM2R2] = { 0x64, 0, 0x7F807F80 },
	[U5_WRP2A] = { 0x68, WRP_WRITABLE, 0xFF80FFFF },
	[U5_WRP2B] = { 0x6C, WRP_WRITABLE, 0xFF80FFFF },
};

/* The boot loader in system memory waits for a host that never comes: a stack, a reset
 * vector, and a branch to itself. */
static const uint32_t boot_loader[] = { 0x20001000, 0x0BF90009, 0xE7FEE7FE };

enum flash_u5_option
flash_u5_option_of(uint32_t offset)
{
	unsigned option = 0;

	while (option < U5_OPTIONS && options[option].offset != offset)
		option++;
	return (enum flash_u5_option)option;
}

uint32_t
flash_u5_option_writable(enum flash_u5_option option)
{
	return options[option].writable;
}

/* --- cells ---------------------------------------------------------------------------------- */

static uint8_t *
cells_of(const struct flash_u5 *flash)
{
	return flash->information + FLASH_U5_OPTIONS_PLACE;
}

static uint32_t
option_fetch(const struct flash_u5 *flash, unsigned option)
{
	return option_cells_fetch(cells_of(flash), option, options[option].factory);
}

void
flash_u5_options_load(struct peripheral *peripheral)
{
	struct flash_u5 *flash = CONTAINER_OF(peripheral, struct flash_u5, base);

	for (unsigned i = 0; i < U5_OPTIONS; i++)
		flash->option[i] = flash->loaded[i] = option_fetch(flash, i);
	banks_show(flash_u5_banks(flash));
}

void
flash_u5_factory(struct flash_u5 *flash)
{
	uint8_t *cells = flash_u5_information_at(flash, FLASH_U5_INFORMATION_AT);

	memcpy(cells, boot_loader, sizeof(boot_loader));
	windows_changed(flash->base.soc, cells, sizeof(boot_loader));
}

/* --- changing --------------------------------------------------------------------------------- */

static bool
is_regression(const struct flash_u5 *flash)
{
	return (flash->loaded[U5_OPTR] & FLASH_OPTR_RDP) != RDP_LEVEL_0 &&
	       (flash->option[U5_OPTR] & FLASH_OPTR_RDP) == RDP_LEVEL_0;
}

/* 7.9.19, UNLOCK, and 7.6.1, "Write protection lock": an area that was locked stays as it is until the
 * read protection regresses to level 0 (an employee of ST points there: ST's community, 166169). */
static bool
is_locked_area_changed(const struct flash_u5 *flash)
{
	static const enum flash_u5_option areas[] = { U5_WRP1A, U5_WRP1B, U5_WRP2A,
						      U5_WRP2B };

	if (is_regression(flash))
		return false;
	for (unsigned i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (!(flash->loaded[areas[i]] & FLASH_WRP_UNLOCK) &&
		    flash->option[areas[i]] != flash->loaded[areas[i]])
			return true;
	return false;
}

/* 7.3.10, OPTWERR: what is chosen is not valid (level 0.5 needs TrustZone), or level 2
 * allows no change. */
static bool
change_is_valid(const struct flash_u5 *flash)
{
	uint32_t before = flash->loaded[U5_OPTR] & FLASH_OPTR_RDP;
	uint32_t after = flash->option[U5_OPTR] & FLASH_OPTR_RDP;

	if (before == RDP_LEVEL_2 || is_locked_area_changed(flash))
		return false;
	return after != RDP_LEVEL_0_5 || flash->option[U5_OPTR] & FLASH_OPTR_TZEN;
}

void
flash_u5_options_start(struct flash_u5 *flash)
{
	if (!flash_u5_is_clean(flash))
		return;
	if (!change_is_valid(flash)) {
		flash_u5_error(flash, FLASH_NSSR_OPTWERR);
		return;
	}
	flash->cr |= FLASH_NSCR_OPTSTRT;
	flash_u5_start(flash, U5_CHANGE_OPTIONS, 0,
		       U5_FLASH_OPTIONS_NS +
			       (is_regression(flash) ? U5_FLASH_ERASE_BOTH_NS : 0));
}

/* 7.6.2: going back from level 1 to level 0 costs the contents, and those of the RAMs. */
void
flash_u5_options_finish(struct flash_u5 *flash)
{
	if (is_regression(flash)) {
		flash_u5_erase_all(flash);
		intrusion_erase(flash->base.soc);
	}
	for (unsigned i = 0; i < U5_OPTIONS; i++)
		option_cells_store(cells_of(flash), i, flash->option[i]);
}

/* --- from outside ------------------------------------------------------------------------------- */

/* Options by the manual's name: a field, or an area from a first to a last page. */
static const struct {
	const char *name;
	enum flash_u5_option option;
	uint8_t shift, width;
	bool is_area;
} names[] = {
	{ "BOR_LEV", U5_OPTR, 8, 3, false },
	{ "nRST_STOP", U5_OPTR, 12, 1, false },
	{ "nRST_STDBY", U5_OPTR, 13, 1, false },
	{ "nRST_SHDW", U5_OPTR, 14, 1, false },
	{ "SRAM_RST", U5_OPTR, 15, 1, false },
	{ "IWDG_SW", U5_OPTR, 16, 1, false },
	{ "IWDG_STOP", U5_OPTR, 17, 1, false },
	{ "IWDG_STDBY", U5_OPTR, 18, 1, false },
	{ "WWDG_SW", U5_OPTR, 19, 1, false },
	{ "SWAP_BANK", U5_OPTR, 20, 1, false },
	{ "DUALBANK", U5_OPTR, 21, 1, false },
	{ "BKPRAM_ECC", U5_OPTR, 22, 1, false },
	{ "SRAM3_ECC", U5_OPTR, 23, 1, false },
	{ "SRAM2_ECC", U5_OPTR, 24, 1, false },
	{ "SRAM2_RST", U5_OPTR, 25, 1, false },
	{ "nSWBOOT0", U5_OPTR, 26, 1, false },
	{ "nBOOT0", U5_OPTR, 27, 1, false },
	{ "PA15_PUPEN", U5_OPTR, 28, 1, false },
	{ "IO_VDD_HSLV", U5_OPTR, 29, 1, false },
	{ "IO_VDDIO2_HSLV", U5_OPTR, 30, 1, false },
	{ "TZEN", U5_OPTR, 31, 1, false },
	{ "NSBOOTADD0", U5_NSBOOTADD0, 7, 25, false },
	{ "NSBOOTADD1", U5_NSBOOTADD1, 7, 25, false },
	{ "WRP1A", U5_WRP1A, 0, 7, true },
	{ "WRP1B", U5_WRP1B, 0, 7, true },
	{ "WRP2A", U5_WRP2A, 0, 7, true },
	{ "WRP2B", U5_WRP2B, 0, 7, true },
};

static void
option_put(struct flash_u5 *flash, enum flash_u5_option option, uint32_t mask,
	   uint32_t value)
{
	option_cells_store(cells_of(flash), option,
			   reg_merge(option_fetch(flash, option), value, mask));
	flash_u5_options_load(&flash->base);
}

static bool
rdp_preset(struct flash_u5 *flash, uint32_t level)
{
	static const uint8_t bytes[] = { RDP_LEVEL_0, RDP_LEVEL_1, RDP_LEVEL_2 };

	if (level >= sizeof(bytes))
		return false;
	option_put(flash, U5_OPTR, FLASH_OPTR_RDP, bytes[level]);
	return true;
}

bool
flash_u5_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		uint32_t last)
{
	struct flash_u5 *flash = CONTAINER_OF(peripheral, struct flash_u5, base);

	if (!strcmp(name, "RDP"))
		return first == last && rdp_preset(flash, first);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint32_t ones = (BIT(names[i].width) - 1) << names[i].shift;
		uint32_t most = ones >> names[i].shift;

		if (strcmp(name, names[i].name) != 0)
			continue;
		if (first > most || last > most || (first != last && !names[i].is_area))
			return false;
		option_put(flash, names[i].option, ones, first << names[i].shift);
		if (names[i].is_area)
			option_put(flash, names[i].option, ones << FLASH_WRP_END_SHIFT,
				   last << FLASH_WRP_END_SHIFT);
		return true;
	}
	return false;
}
