/* SPDX-License-Identifier: MIT */
/*
 * Option bytes (RM0440 Rev 8, 3.4 and 3.5; RM0351 Rev 9, 3.4 and 3.5; RM0444 Rev 5, 3.4 and 3.5) and the rest of the information
 * block: unique id, flash size, OTP, a stand-in for the boot loader.
 */
#include <stdlib.h>
#include <string.h>

#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define PACKAGE_AT    UINT32_C(0x1FFF7500)
#define UID_AT        UINT32_C(0x1FFF7590)
#define FLASH_SIZE_AT UINT32_C(0x1FFF75E0)

/* The boot loader in system memory waits for a host that never comes: a stack, a reset
 * vector, and a branch to itself. */
static const uint32_t boot_loader[] = { 0x20001000, 0x1FFF0009, 0xE7FEE7FE };

enum flash_option
flash_l4g4_option_of(const struct flash_l4g4 *flash, uint32_t offset)
{
	const struct flash_option_place *options = flash_l4g4_kind(flash)->options;
	unsigned option = 0;

	while (option < OPTIONS && (!offset || options[option].offset != offset))
		option++;
	return (enum flash_option)option;
}

uint32_t
flash_l4g4_options_writable(const struct flash_l4g4 *flash, enum flash_option option)
{
	return flash_l4g4_kind(flash)->options[option].writable;
}

static uint8_t *
information_at(struct flash_l4g4 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;

	return soc->memories[soc->chip->information_memory] + (at - FLASH_INFORMATION_AT);
}

static void
information_write(struct flash_l4g4 *flash, uint32_t at, const void *bytes, size_t size)
{
	memcpy(information_at(flash, at), bytes, size);
	windows_changed(flash->base.soc, information_at(flash, at), (uint32_t)size);
}

static void
option_store(struct flash_l4g4 *flash, unsigned option, uint32_t value)
{
	const struct flash_option_place *place = &flash_l4g4_kind(flash)->options[option];
	uint32_t pair[2] = { value, ~value };

	if (place->offset)
		information_write(flash, place->at, pair, sizeof(pair));
}

/* RM0440 Rev 8, 3.4.2: "any modification ... is automatically performed by erasing both user
 * option bytes pages first". */
void
flash_l4g4_options_cut(struct flash_l4g4 *flash)
{
	static const uint32_t blank[2] = { UINT32_MAX, UINT32_MAX };
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);

	for (unsigned i = 0; i < OPTIONS; i++)
		if (kind->options[i].offset)
			information_write(flash, kind->options[i].at, blank, sizeof(blank));
}

/* 3.4.2, "mismatch values are forced": RDP level 1, all user options 1 but for BOR_LEV, all memory
 * in PCROP, no write protection. Of the securable areas none: assumption. */
static uint32_t
forced_value(const struct flash_l4g4 *flash, unsigned option)
{
	if (option == OPTION_OPTR)
		return ~flash_l4g4_kind(flash)->forced_zero;
	if (option == OPTION_PCROP1SR || option == OPTION_PCROP2SR ||
	    option == OPTION_PCROP1BSR)
		return 0;
	if (option == OPTION_PCROP1ER || option == OPTION_PCROP2ER ||
	    option == OPTION_PCROP1BER)
		return UINT32_MAX;
	return flash_l4g4_kind(flash)->options[option].factory;
}

static uint32_t
option_load(struct flash_l4g4 *flash, unsigned option)
{
	const struct flash_option_place *place = &flash_l4g4_kind(flash)->options[option];
	uint32_t pair[2];

	if (!place->offset)
		return 0;
	memcpy(pair, information_at(flash, place->at), sizeof(pair));
	if (pair[0] == ~pair[1])
		return pair[0];
	flash->options_mismatch = true;
	return forced_value(flash, option);
}

static uint32_t
option_fetch(struct flash_l4g4 *flash, unsigned option)
{
	const struct flash_option_place *place = &flash_l4g4_kind(flash)->options[option];
	uint32_t value = 0;

	if (place->offset)
		memcpy(&value, information_at(flash, place->at), sizeof(value));
	return value;
}

void
flash_l4g4_factory(struct flash_l4g4 *flash)
{
	const struct chip *chip = flash->base.soc->chip;
	const struct flash_l4g4_kind *kind = flash_l4g4_kind(flash);

	for (unsigned i = 0; i < OPTIONS; i++) {
		option_store(flash, i, kind->options[i].factory);
		flash->loaded[i] = kind->options[i].factory;
	}
	information_write(flash, FLASH_INFORMATION_AT, boot_loader, sizeof(boot_loader));
	information_write(flash, PACKAGE_AT, &kind->package, sizeof(kind->package));
	information_write(flash, UID_AT, chip->uid, sizeof(chip->uid));
	information_write(flash, FLASH_SIZE_AT, &chip->flash_kib, sizeof(chip->flash_kib));
}

/* Level 2 is for ever; so nothing can be written any more (3.5.1). */
void
flash_l4g4_options_start(struct flash_l4g4 *flash)
{
	if (!flash_l4g4_is_clean(flash))
		return;
	if ((flash->loaded[OPTION_OPTR] & FLASH_OPTR_RDP) == RDP_LEVEL_2) {
		flash_l4g4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	flash->cr |= FLASH_CR_OPTSTRT;
	flash_l4g4_start(flash, OPERATION_OPTIONS, 0, flash_l4g4_kind(flash)->options_ns);
}

/* 3.5.1: going back from level 1 to level 0 costs the contents, also those of a RAM and
 * of the backup registers; PCROP areas only if PCROP_RDP says so. */
static void
regress(struct flash_l4g4 *flash)
{
	flash_l4g4_erase_all(flash,
			     flash->loaded[OPTION_PCROP1ER] & FLASH_PCROP1ER_PCROP_RDP);
	intrusion_erase(flash->base.soc);
}

/* 3.5.2: but for that an area only grows, and PCROP_RDP stays. */
static void
pcrop_hold(struct flash_l4g4 *flash, enum flash_option first, enum flash_option last)
{
	uint32_t mask = flash_l4g4_kind(flash)->pcrop_mask;
	uint32_t start = flash->loaded[first] & mask, end = flash->loaded[last] & mask;

	flash->option[last] |= flash->loaded[last] & FLASH_PCROP1ER_PCROP_RDP;
	if (start > end)
		return;
	if ((flash->option[first] & mask) > start)
		flash->option[first] = (flash->option[first] & ~mask) | start;
	if ((flash->option[last] & mask) < end)
		flash->option[last] = (flash->option[last] & ~mask) | end;
}

/* RM0440 Rev 8, 3.5.4: SEC_SIZE "can be modified only in RDP level 0"; 3.5.6: BOOT_LOCK also
 * on the way there, with a full mass erase. */
static void
secure_hold(struct flash_l4g4 *flash, bool is_full_regression)
{
	uint32_t held = is_full_regression ? ~FLASH_SEC1R_BOOT_LOCK : UINT32_MAX;

	flash->option[OPTION_SEC1R] =
		reg_merge(flash->option[OPTION_SEC1R], flash->loaded[OPTION_SEC1R], held);
	flash->option[OPTION_SEC2R] = flash->loaded[OPTION_SEC2R];
}

void
flash_l4g4_options_finish(struct flash_l4g4 *flash)
{
	uint32_t before = flash->loaded[OPTION_OPTR] & FLASH_OPTR_RDP;
	uint32_t after = flash->option[OPTION_OPTR] & FLASH_OPTR_RDP;
	bool is_regression = before != RDP_LEVEL_0 && after == RDP_LEVEL_0;

	if (before != RDP_LEVEL_0)
		secure_hold(flash, is_regression && flash->loaded[OPTION_PCROP1ER] &
							    FLASH_PCROP1ER_PCROP_RDP);
	if (is_regression)
		regress(flash);
	if (!is_regression ||
	    !(flash->loaded[OPTION_PCROP1ER] & FLASH_PCROP1ER_PCROP_RDP)) {
		pcrop_hold(flash, OPTION_PCROP1SR, OPTION_PCROP1ER);
		pcrop_hold(flash, OPTION_PCROP2SR, OPTION_PCROP2ER);
		pcrop_hold(flash, OPTION_PCROP1BSR, OPTION_PCROP1BER);
	}
	for (unsigned i = 0; i < OPTIONS; i++)
		option_store(flash, i, flash->option[i]);
}

/*
 * In one bank the double words of both alternate, in two they lie apart (ST's answer
 * in the community thread named in flash/l4g4_array.c): the same cells, read in another
 * order.
 */
static void
cells_reorder(struct flash_l4g4 *flash, bool dual)
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

/* RM0444 2.5, "Empty check": done when options are loaded, and then only. */
static void
empty_check(struct flash_l4g4 *flash)
{
	uint32_t acr_empty = flash_l4g4_kind(flash)->acr_empty, word;

	memcpy(&word, flash->cells, sizeof(word));
	flash->acr = word == UINT32_MAX ? flash->acr | acr_empty : flash->acr & ~acr_empty;
}

void
flash_l4g4_options_load(struct peripheral *peripheral)
{
	struct flash_l4g4 *flash = CONTAINER_OF(peripheral, struct flash_l4g4, base);
	bool was_dual = flash_l4g4_is_dual(flash);

	flash->options_mismatch = false;
	for (unsigned i = 0; i < OPTIONS; i++)
		flash->option[i] = flash->loaded[i] = option_load(flash, i);
	if (flash_l4g4_is_dual(flash) != was_dual)
		cells_reorder(flash, !was_dual);
	empty_check(flash);
	flash_l4g4_show(flash);
}

/* --- from outside -------------------------------------------------------------- */

static const struct flash_option_name *
option_named(const struct flash_l4g4_kind *kind, const char *name)
{
	for (unsigned i = 0; i < kind->names_len; i++)
		if (!strcmp(kind->names[i].name, name))
			return &kind->names[i];
	return NULL;
}

static void
option_put(struct flash_l4g4 *flash, unsigned option, unsigned shift, uint32_t mask,
	   uint32_t value)
{
	uint32_t word = option_fetch(flash, option);

	option_store(flash, option, reg_merge(word, value << shift, mask << shift));
}

/* RDP is set by its level; for level 1 any byte will do that is none of the others'. */
static bool
rdp_preset(struct flash_l4g4 *flash, uint32_t level)
{
	static const uint8_t bytes[] = { RDP_LEVEL_0, 0xBB, RDP_LEVEL_2 };

	if (level >= sizeof(bytes))
		return false;
	option_put(flash, OPTION_OPTR, 0, FLASH_OPTR_RDP, bytes[level]);
	return true;
}

bool
flash_l4g4_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		  uint32_t last)
{
	struct flash_l4g4 *flash = CONTAINER_OF(peripheral, struct flash_l4g4, base);
	const struct flash_option_name *option = option_named(flash_l4g4_kind(flash), name);
	bool is_area = option && (option->end_option != option->option ||
				  option->end_shift != option->shift);

	if (!strcmp(name, "RDP"))
		return first == last && rdp_preset(flash, first);
	if (!option || first > option->mask || last > option->mask ||
	    (!is_area && first != last))
		return false;
	option_put(flash, option->option, option->shift, option->mask, first);
	option_put(flash, option->end_option, option->end_shift, option->mask, last);
	return true;
}

bool
flash_l4g4_bank_is_bootable(const struct peripheral *peripheral, unsigned bank)
{
	const struct flash_l4g4 *flash =
		CONST_CONTAINER_OF(peripheral, struct flash_l4g4, base);
	const struct window *window;
	uint32_t stack;

	memcpy(&stack, flash->cells + bank * (flash->size / FLASH_BANKS), sizeof(stack));
	window = windows_find(flash->base.soc, stack - FLASH_DOUBLE_WORD);
	return window && window->kind == CPU_RAM;
}
