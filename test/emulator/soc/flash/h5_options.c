/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of the STM32H5 with the product state (RM0481, 7.4 and 7.6.11).
 */
#include <string.h>

#include "test/emulator/soc/flash/h5_internal.h"
#include "test/emulator/soc/flash/option_cells.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Each option: its _CUR register, what can be written, and the value from the factory: read on an
 * STM32H563 (wolfBoot's documentation, "STM32H5"), SECWM and the epochs: assumption. */
static const struct {
	uint16_t offset;
	uint32_t writable, factory;
} options[H5_OPTIONS] = {
	[H5_OPTSR] = { 0x50, 0xBFF3FFDF, 0x2D30EDD8 },
	[H5_NSEPOCHR] = { 0x60, 0x00FFFFFF, 0x00000000 },
	[H5_SECEPOCHR] = { 0x68, 0, 0x00000000 },
	[H5_OPTSR2] = { 0x70, 0xFF00017C, 0xC300007C },
	[H5_NSBOOTR] = { 0x80, 0xFFFFFFFF, 0x080000C3 },
	[H5_SECBOOTR] = { 0x88, 0, 0x0C0000C3 },
	[H5_OTPBLR] = { 0x90, 0xFFFFFFFF, 0x00000000 },
	[H5_SECWM1R] = { 0xE0, 0, 0x0000007F },
	[H5_WRP1R] = { 0xE8, 0xFFFFFFFF, 0xFFFFFFFF },
	[H5_EDATA1R] = { 0xF0, 0x00008007, 0x00000000 },
	[H5_HDP1R] = { 0xF8, 0x007F007F, 0x00000001 },
	[H5_SECWM2R] = { 0x1E0, 0, 0x0000007F },
	[H5_WRP2R] = { 0x1E8, 0xFFFFFFFF, 0xFFFFFFFF },
	[H5_EDATA2R] = { 0x1F0, 0x00008007, 0x00000000 },
	[H5_HDP2R] = { 0x1F8, 0x007F007F, 0x00000001 },
};

enum flash_h5_option
flash_h5_option_of(uint32_t offset)
{
	unsigned option = 0;

	while (option < H5_OPTIONS && options[option].offset != offset)
		option++;
	return (enum flash_h5_option)option;
}

uint32_t
flash_h5_option_writable(enum flash_h5_option option)
{
	return options[option].writable;
}

/* --- cells ---------------------------------------------------------------------------------- */

static uint8_t *
cells_of(const struct flash_h5 *flash)
{
	return flash->information + FLASH_H5_OPTIONS_PLACE;
}

static uint32_t
option_fetch(const struct flash_h5 *flash, unsigned option)
{
	return option_cells_fetch(cells_of(flash), option, options[option].factory);
}

void
flash_h5_options_take(struct flash_h5 *flash)
{
	flash->optsr = flash->current[H5_OPTSR];
	flash->nsbootr = flash->current[H5_NSBOOTR];
	banks_show(flash_h5_banks(flash));
}

void
flash_h5_options_load(struct peripheral *peripheral)
{
	struct flash_h5 *flash = CONTAINER_OF(peripheral, struct flash_h5, base);

	for (unsigned i = 0; i < H5_OPTIONS; i++)
		flash->wanted[i] = flash->current[i] = option_fetch(flash, i);
	flash_h5_options_take(flash);
}

/* stm32h563xx.h: UID_BASE, FLASHSIZE_BASE, PACKAGE_BASE. A made-up unique id; LQFP144 is 2 (LL_UTILS,
 * "Package type"): assumption. */
void
flash_h5_factory(struct flash_h5 *flash)
{
	enum { BEHIND_OTP = 0x800, LQFP144 = 2 };
	const struct chip *chip = flash->base.soc->chip;
	uint32_t words[] = { chip->uid[0], chip->uid[1], chip->uid[2],
			     LQFP144 << 16 | chip->flash_kib };
	uint8_t *cells = flash->information + FLASH_H5_OTP_PLACE + BEHIND_OTP;

	memcpy(cells, words, sizeof(words));
	windows_changed(flash->base.soc, cells, sizeof(words));
}

/* --- changing ------------------------------------------------------------------------------- */

static uint32_t
state_of(uint32_t optsr)
{
	return (optsr & FLASH_OPTSR_STATE) >> FLASH_OPTSR_STATE_SHIFT;
}

/* How far it is from Open. The codes of a regression are the debug authentication's. */
static int
state_rank(uint32_t state)
{
	static const uint8_t order[] = { H5_OPEN,      H5_PROVISIONING, H5_IROT_PROVISIONED,
					 H5_TZ_CLOSED, H5_CLOSED,       H5_LOCKED };

	for (unsigned i = 0; i < sizeof(order); i++)
		if (order[i] == state)
			return (int)i;
	return -1;
}

/* 7.6.11: a state is left towards more protection alone; that a state may be skipped: assumption. */
static bool
change_is_valid(const struct flash_h5 *flash)
{
	int before = state_rank(state_of(flash->current[H5_OPTSR]));
	int after = state_rank(state_of(flash->wanted[H5_OPTSR]));

	/* FLASH_OTPBLR: a locked block cannot be unlocked. */
	if (flash->current[H5_OTPBLR] & ~flash->wanted[H5_OTPBLR])
		return false;
	return after >= 0 && after >= before;
}

/* FLASH_OPTCR: OPTSTRT is cleared when an error occurs. */
void
flash_h5_options_start(struct flash_h5 *flash)
{
	if (!change_is_valid(flash)) {
		flash_h5_flag(flash, FLASH_SR_OPTCHANGEERR);
		return;
	}
	flash->optcr |= FLASH_OPTCR_OPTSTRT;
	flash_h5_start(flash, H5_CHANGE_OPTIONS, 0, H5_FLASH_OPTIONS_NS);
}

/* The _CUR registers show the new values at once (the driver of ST's OpenOCD reads WRP1R_CUR anew
 * with no reset in between); product state, boot address and bank swap wait for a reset
 * (FLASH_OPTCR.SWAP_BANK). */
void
flash_h5_options_finish(struct flash_h5 *flash)
{
	for (unsigned i = 0; i < H5_OPTIONS; i++) {
		option_cells_store(cells_of(flash), i, flash->wanted[i]);
		flash->current[i] = flash->wanted[i];
	}
}

/* --- from outside --------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum flash_h5_option option;
	uint8_t shift, width;
} names[] = {
	{ "BOR_LEV", H5_OPTSR, 0, 2 },       { "BORH_EN", H5_OPTSR, 2, 1 },
	{ "IWDG_SW", H5_OPTSR, 3, 1 },       { "WWDG_SW", H5_OPTSR, 4, 1 },
	{ "NRST_STOP", H5_OPTSR, 6, 1 },     { "NRST_STDBY", H5_OPTSR, 7, 1 },
	{ "PRODUCT_STATE", H5_OPTSR, 8, 8 }, { "IO_VDD_HSLV", H5_OPTSR, 16, 1 },
	{ "IWDG_STOP", H5_OPTSR, 20, 1 },    { "IWDG_STDBY", H5_OPTSR, 21, 1 },
	{ "BOOT_UBE", H5_OPTSR, 22, 8 },     { "SWAP_BANK", H5_OPTSR, 31, 1 },
	{ "SRAM1_3_RST", H5_OPTSR2, 2, 1 },  { "SRAM2_RST", H5_OPTSR2, 3, 1 },
	{ "BKPRAM_ECC", H5_OPTSR2, 4, 1 },   { "SRAM3_ECC", H5_OPTSR2, 5, 1 },
	{ "SRAM2_ECC", H5_OPTSR2, 6, 1 },    { "USBPD_DIS", H5_OPTSR2, 8, 1 },
	{ "TZEN", H5_OPTSR2, 24, 8 },        { "NSBOOT_LOCK", H5_NSBOOTR, 0, 8 },
	{ "NSBOOTADD", H5_NSBOOTR, 8, 24 },  { "LOCKBL", H5_OTPBLR, 0, 32 },
	{ "WRPSG1", H5_WRP1R, 0, 32 },       { "WRPSG2", H5_WRP2R, 0, 32 },
	{ "EDATA1_STRT", H5_EDATA1R, 0, 3 }, { "EDATA1_EN", H5_EDATA1R, 15, 1 },
	{ "EDATA2_STRT", H5_EDATA2R, 0, 3 }, { "EDATA2_EN", H5_EDATA2R, 15, 1 },
	{ "HDP1_STRT", H5_HDP1R, 0, 7 },     { "HDP1_END", H5_HDP1R, 16, 7 },
	{ "HDP2_STRT", H5_HDP2R, 0, 7 },     { "HDP2_END", H5_HDP2R, 16, 7 },
};

bool
flash_h5_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		uint32_t last)
{
	struct flash_h5 *flash = CONTAINER_OF(peripheral, struct flash_h5, base);

	for (unsigned i = 0; i < LEN(names); i++) {
		enum flash_h5_option option = names[i].option;
		uint32_t most = UINT32_MAX >> (32 - names[i].width);

		if (strcmp(name, names[i].name) != 0)
			continue;
		if (first != last || first > most)
			return false;
		if (!strcmp(name, "PRODUCT_STATE") && state_rank(first) < 0)
			return false;
		option_cells_store(cells_of(flash), option,
				   reg_merge(option_fetch(flash, option),
					     first << names[i].shift,
					     most << names[i].shift));
		flash_h5_options_load(peripheral);
		return true;
	}
	return false;
}
