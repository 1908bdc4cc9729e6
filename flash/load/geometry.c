/* SPDX-License-Identifier: MIT */
#include "flash/load/geometry.h"

#include "flash/interfaces/driver.h"

#include <assert.h>

/* Flash that is seen at a second address is programmed at the first. Of a chip whose own flash is
 * not known there is what loaders from files program. */
static bool
is_bank(const struct memory *memory, bool is_flash_known)
{
	const struct memory_entry *entry = memory->entry;

	return entry->kind == MEMORY_FLASH && entry->alias_of == NULL && memory->size > 0 &&
	       (is_flash_known || entry->interface->driver == FLASH_DRIVER_EXTERNAL);
}

static void
add_bank(struct geometry *geometry, const struct memory *memory)
{
	assert(geometry->banks_len < GEOMETRY_MAX_BANKS);
	geometry->banks[geometry->banks_len++] =
		(struct flash_bank){ .entry = memory->entry,
				     .base = memory->base,
				     .size = memory->size,
				     .is_cut = memory->size < memory->size_max };
}

enum cause
geometry_read(struct board *board, struct geometry *geometry, struct reason *why)
{
	const struct chip *chip = board_chip(board);
	const struct reason *unknown = board_flash_why(board);

	*geometry = (struct geometry){ 0 };
	for (size_t i = 0; i < chip->memories_len; i++)
		if (is_bank(&chip->memories[i], unknown == NULL))
			add_bank(geometry, &chip->memories[i]);
	if (geometry->banks_len == 0 && unknown != NULL) {
		*why = *unknown;
		return unknown->cause;
	}
	if (geometry->banks_len == 0)
		return reason_begin(why, CAUSE_UNSUPPORTED, "%s has no flash inside",
				    chip->device->name);
	return CAUSE_NONE;
}

void
geometry_part(const struct geometry *geometry, unsigned bank, struct geometry *part)
{
	const struct flash_interface *interface = geometry->banks[bank].entry->interface;

	part->banks_len = 0;
	for (unsigned i = 0; i < geometry->banks_len; i++)
		if (geometry->banks[i].entry->interface == interface)
			part->banks[part->banks_len++] = geometry->banks[i];
}

/* The sector of `bank` that holds `offset`, which lies in the bank. */
static bool
bank_sector_at(const struct flash_bank *bank, uint32_t offset, struct sector *sector)
{
	uint32_t at = 0, index = bank->entry->first_sector;

	for (unsigned i = 0; i < MEMORY_MAX_RUNS && bank->entry->runs[i].count > 0; i++) {
		const struct sector_run *run = &bank->entry->runs[i];
		uint32_t nth = (offset - at) / run->size;

		if (nth < run->count) {
			*sector = (struct sector){ .at = bank->base + at + nth * run->size,
						   .size = run->size,
						   .index = index + nth,
						   .bank = bank };
			return true;
		}
		at += run->count * run->size;
		index += run->count;
	}
	return false;
}

bool
geometry_sector_at(const struct geometry *geometry, uint32_t at, struct sector *sector)
{
	for (unsigned i = 0; i < geometry->banks_len; i++) {
		const struct flash_bank *bank = &geometry->banks[i];

		if (range_contains(bank->base, bank->size, at, 1))
			return bank_sector_at(bank, at - bank->base, sector);
	}
	return false;
}

bool
geometry_sector_of(const struct geometry *geometry, const struct flash_bank *bank,
		   uint32_t wanted, struct sector *sector)
{
	uint32_t at = bank->base;

	for (uint32_t i = 0; at - bank->base < bank->size; i++) {
		if (!geometry_sector_at(geometry, at, sector))
			return false;
		if (i == wanted)
			return true;
		at += sector->size;
	}
	return false;
}

static const struct flash_bank *
bank_at(const struct geometry *geometry, uint64_t at)
{
	for (unsigned i = 0; i < geometry->banks_len; i++) {
		const struct flash_bank *bank = &geometry->banks[i];

		if (at <= UINT32_MAX &&
		    range_contains(bank->base, bank->size, (uint32_t)at, 1))
			return bank;
	}
	return NULL;
}

uint64_t
geometry_first_outside(const struct geometry *geometry, uint32_t at)
{
	uint64_t next = at;
	const struct flash_bank *bank;

	while ((bank = bank_at(geometry, next)) != NULL)
		next = (uint64_t)bank->base + bank->size;
	return next;
}

bool
geometry_contains(const struct geometry *geometry, uint32_t at, uint64_t size)
{
	return size == 0 || geometry_first_outside(geometry, at) >= at + size;
}

const struct memory_entry *
geometry_otp_at(const struct board *board, uint32_t at, uint64_t size)
{
	const struct chip *chip = board_chip(board);

	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (memory->entry->kind == MEMORY_OTP && memory->entry->interface != NULL &&
		    flash_driver_for(memory->entry->interface) != NULL &&
		    memory->size <= OTP_MAX_BYTES &&
		    range_contains(memory->base, memory->size, at, size))
			return memory->entry;
	}
	return NULL;
}

/* What to do about data that are not for flash, by where they are for: DDI 0403E.e B3.1, the
 * system address map; RM0433 Rev 8, 2.3.2: what ST connects there. */
static enum finding
finding_outside(const struct board *board, uint32_t at, uint64_t size)
{
	if (geometry_otp_at(board, at, size) != NULL)
		return FINDING_REQUEST_OTP;
	if (chip_is_option(board_chip(board), at))
		return FINDING_REQUEST_OPTION_BYTES;
	if (range_contains(0x20000000, 0x20000000, at, 1))
		return FINDING_REQUEST_LOAD_TO_RAM;
	if (range_contains(0x60000000, 0x80000000, at, 1))
		return FINDING_E11;
	return FINDING_E9;
}

/* External flash that ends before `at`, in whose window that lies: 256 MiB at most. NULL: none. */
static const struct flash_bank *
external_before(const struct geometry *geometry, uint32_t at)
{
	enum { WINDOW = 0x10000000 };

	for (unsigned i = 0; i < geometry->banks_len; i++) {
		const struct flash_bank *bank = &geometry->banks[i];

		if (bank->entry->interface->driver == FLASH_DRIVER_EXTERNAL &&
		    range_contains(bank->base, WINDOW, at, 1))
			return bank;
	}
	return NULL;
}

static enum cause
refuse_beyond(const struct flash_bank *bank, uint32_t at, struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "0x%08x is not in flash: %s ends at 0x%08x, %u KiB from 0x%08x on",
		     (unsigned)at, bank->entry->name,
		     (unsigned)(bank->base + (bank->size - 1)),
		     (unsigned)(bank->size / KIB(1)), (unsigned)bank->base);
	reason_suspect(why, FINDING_REQUEST_BEYOND_FLASH);
	return CAUSE_REQUEST;
}

/* Of what is not in flash: option bytes at its end are what it is about. GNU ld puts the ELF's own
 * headers ahead of them, into OTP memory. */
static uint32_t
place_outside(const struct geometry *geometry, const struct board *board, uint32_t at,
	      uint64_t size)
{
	uint32_t last = (uint32_t)(at + size - 1);

	return chip_is_option(board_chip(board), last)
		       ? last
		       : (uint32_t)geometry_first_outside(geometry, at);
}

/* Flash that is seen at `at` and programmed elsewhere; NULL: it is not. */
static const struct memory *
alias_at(const struct chip *chip, uint32_t at)
{
	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (memory->entry->kind == MEMORY_FLASH &&
		    memory->entry->alias_of != NULL &&
		    range_contains(memory->base, memory->size, at, 1))
			return memory;
	}
	return NULL;
}

static enum cause
refuse_alias(const struct geometry *geometry, const struct memory *alias, uint32_t at,
	     struct reason *why)
{
	reason_begin(why, CAUSE_REQUEST,
		     "0x%08x is in %s, which is read there: it is programmed at 0x%08x",
		     (unsigned)at, alias->entry->name,
		     (unsigned)(geometry->banks[0].base + (at - alias->base)));
	reason_suspect(why, FINDING_E9);
	return CAUSE_REQUEST;
}

enum cause
geometry_check(const struct geometry *geometry, const struct board *board, uint32_t at,
	       uint64_t size, struct reason *why)
{
	const struct memory *alias;
	const struct flash_bank *bank;
	enum finding finding;
	uint32_t outside;

	if (geometry_contains(geometry, at, size))
		return CAUSE_NONE;
	outside = place_outside(geometry, board, at, size);
	alias = alias_at(board_chip(board), outside);
	if (alias != NULL)
		return refuse_alias(geometry, alias, outside, why);
	finding = finding_outside(board, outside, at + size - outside);
	bank = external_before(geometry, outside);
	if (bank != NULL)
		return refuse_beyond(bank, outside, why);
	if (finding == FINDING_E11 && board_external_why(board) != NULL) {
		*why = *board_external_why(board);
		reason_while(why, "0x%08x is not in flash: it is %s", (unsigned)outside,
			     board_region_name(board, outside));
		return why->cause;
	}
	reason_begin(why, CAUSE_REQUEST, "0x%08x is not in flash: it is %s",
		     (unsigned)outside, board_region_name(board, outside));
	reason_suspect(why, finding);
	return CAUSE_REQUEST;
}
