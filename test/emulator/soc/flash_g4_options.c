/* SPDX-License-Identifier: MIT */
/*
 * Option bytes (RM0440 Rev 8, 3.4 and 3.5) and the rest of the information
 * block: unique id, flash size, OTP, a stand-in for the boot loader.
 */
#include <stdlib.h>
#include <string.h>

#include "test/emulator/soc/flash_g4.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define INFORMATION_AT UINT32_C(0x1FFF0000)
#define PACKAGE_AT     UINT32_C(0x1FFF7500)
#define UID_AT         UINT32_C(0x1FFF7590)
#define FLASH_SIZE_AT  UINT32_C(0x1FFF75E0)

/* Each option: its register, where its bytes are (table 14: the word, then its
 * complement), what can be written, and the value from the factory. Areas from the
 * factory start behind their end, so that they cover nothing. */
static const struct {
	uint16_t offset;
	uint32_t at, writable, factory;
} options[OPTIONS] = {
	[OPTION_OPTR] = { 0x20, 0x1FFF7800, 0x7FDF77FF, 0xFFEFF8AA },
	[OPTION_PCROP1SR] = { 0x24, 0x1FFF7808, 0x00007FFF, 0xFFFFFFFF },
	[OPTION_PCROP1ER] = { 0x28, 0x1FFF7810, 0x80007FFF, 0x00FF0000 },
	[OPTION_WRP1AR] = { 0x2C, 0x1FFF7818, 0x007F007F, 0xFF00FFFF },
	[OPTION_WRP1BR] = { 0x30, 0x1FFF7820, 0x007F007F, 0xFF00FFFF },
	[OPTION_SEC1R] = { 0x70, 0x1FFF7828, 0x000100FF, 0xFF00FF00 },
	[OPTION_PCROP2SR] = { 0x44, 0x1FFFF808, 0x00007FFF, 0xFFFFFFFF },
	[OPTION_PCROP2ER] = { 0x48, 0x1FFFF810, 0x00007FFF, 0x00FF0000 },
	[OPTION_WRP2AR] = { 0x4C, 0x1FFFF818, 0x007F007F, 0xFF00FFFF },
	[OPTION_WRP2BR] = { 0x50, 0x1FFFF820, 0x007F007F, 0xFF00FFFF },
	[OPTION_SEC2R] = { 0x74, 0x1FFFF828, 0x000000FF, 0xFF00FF00 },
};

/* The boot loader in system memory waits for a host that never comes: a stack, a reset
 * vector, and a branch to itself. */
static const uint32_t boot_loader[] = { 0x20001000, 0x1FFF0009, 0xE7FEE7FE };

enum flash_option
flash_g4_option_of(uint32_t offset)
{
	unsigned option = 0;

	while (option < OPTIONS && options[option].offset != offset)
		option++;
	return (enum flash_option)option;
}

uint32_t
flash_g4_options_writable(enum flash_option option)
{
	return options[option].writable;
}

static uint8_t *
information_at(struct flash_g4 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;

	return soc->memories[soc->chip->information_memory] + (at - INFORMATION_AT);
}

static void
information_write(struct flash_g4 *flash, uint32_t at, const void *bytes, size_t size)
{
	memcpy(information_at(flash, at), bytes, size);
	windows_changed(flash->base.soc, information_at(flash, at), (uint32_t)size);
}

static void
option_store(struct flash_g4 *flash, unsigned option, uint32_t value)
{
	uint32_t pair[2] = { value, ~value };

	information_write(flash, options[option].at, pair, sizeof(pair));
}

static uint32_t
option_fetch(struct flash_g4 *flash, unsigned option)
{
	uint32_t value;

	memcpy(&value, information_at(flash, options[option].at), sizeof(value));
	return value;
}

void
flash_g4_factory(struct flash_g4 *flash)
{
	const struct chip *chip = flash->base.soc->chip;
	const uint32_t package = 0; /* LQFP100 (RM0440 Rev 8, 48.3) */

	for (unsigned i = 0; i < OPTIONS; i++) {
		option_store(flash, i, options[i].factory);
		flash->loaded[i] = options[i].factory;
	}
	information_write(flash, INFORMATION_AT, boot_loader, sizeof(boot_loader));
	information_write(flash, PACKAGE_AT, &package, sizeof(package));
	information_write(flash, UID_AT, chip->uid, sizeof(chip->uid));
	information_write(flash, FLASH_SIZE_AT, &chip->flash_kib, sizeof(chip->flash_kib));
}

/* Level 2 is for ever; so nothing can be written any more (3.5.1). */
void
flash_g4_options_start(struct flash_g4 *flash)
{
	if (!flash_g4_is_clean(flash))
		return;
	if ((flash->loaded[OPTION_OPTR] & FLASH_OPTR_RDP) == RDP_LEVEL_2) {
		flash_g4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	flash->cr |= FLASH_CR_OPTSTRT;
	flash_g4_start(flash, OPERATION_OPTIONS, 0, G4_FLASH_OPTIONS_NS);
}

/* 3.5.1: going back from level 1 to level 0 costs the contents. */
void
flash_g4_options_finish(struct flash_g4 *flash)
{
	uint32_t before = flash->loaded[OPTION_OPTR] & FLASH_OPTR_RDP;
	uint32_t after = flash->option[OPTION_OPTR] & FLASH_OPTR_RDP;

	if (before != RDP_LEVEL_0 && after == RDP_LEVEL_0)
		flash_g4_erase_all(flash);
	for (unsigned i = 0; i < OPTIONS; i++)
		option_store(flash, i, flash->option[i]);
}

/*
 * In one bank the double words of both alternate, in two they lie apart (ST's answer
 * in the community thread named in flash_g4_array.c): the same cells, read in another
 * order.
 */
static void
cells_reorder(struct flash_g4 *flash, bool dual)
{
	uint32_t words = flash->size / 8, half = words / 2;
	uint64_t *old = malloc(flash->size);

	if (!old)
		abort();
	memcpy(old, flash->cells, flash->size);
	for (uint32_t i = 0; i < words; i++) {
		uint32_t apart = i % 2 * half + i / 2;
		uint32_t from = dual ? i : apart, to = dual ? apart : i;

		memcpy(flash->cells + (size_t)to * 8, &old[from], 8);
	}
	free(old);
	windows_changed(flash->base.soc, flash->cells, flash->size);
}

void
flash_g4_options_load(struct peripheral *peripheral)
{
	struct flash_g4 *flash = CONTAINER_OF(peripheral, struct flash_g4, base);
	bool was_dual = flash_g4_is_dual(flash);

	for (unsigned i = 0; i < OPTIONS; i++)
		flash->option[i] = flash->loaded[i] = option_fetch(flash, i);
	if (flash_g4_is_dual(flash) != was_dual)
		cells_reorder(flash, !was_dual);
	flash_g4_show(flash);
}
