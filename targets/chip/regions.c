/* SPDX-License-Identifier: MIT */
#include "targets/chip/chip.h"

#include <string.h>

/* DDI 0403E.e B3.1, the system address map, and what ST puts into it. Rows are searched in
 * order. */
static const struct {
	uint32_t base;
	uint64_t size;
	const char *name;
} map[] = {
	{ 0x00000000, 0x08000000, "the alias of the memory that the chip boots from" },
	{ 0x08000000, 0x08000000, "beyond this chip's flash" },
	{ 0x10000000, 0x0fff0000, "in the Code region, where this chip has no memory" },
	{ 0x1fff0000, 0x00010000, "system memory (boot loader, OTP or option bytes)" },
	{ 0x20000000, 0x20000000, "beyond this chip's RAM" },
	{ 0x40000000, 0x20000000, "a peripheral's register" },
	{ 0x60000000, 0x80000000,
	  "in the region for external memory, which answers only after the program has "
	  "set up its controller" },
	{ 0xe0000000, 0x00100000, "in the core's private peripheral bus (PPB)" },
	{ 0xe0100000, 0x1ff00000, "in the vendor system region" },
};

/* DDI 0403E.e B3.1: peripherals. */
#define DEVICES_BASE 0x40000000u
#define DEVICES_SIZE 0x20000000u

/* Where STM32s have their flash; those of WB0 and WL3 are known by their rows alone. */
#define FLASH_BASE   0x08000000u
#define FLASH_REGION 0x08000000u

/* A window is named only where nothing is known behind it. */
static const struct memory *
memory_at(const struct chip *chip, uint32_t at)
{
	const struct memory *window = NULL;

	for (size_t i = 0; chip != NULL && i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (!range_contains(memory->base, memory->size_max, at, 1))
			continue;
		if (memory->entry->kind != MEMORY_EXTERNAL)
			return memory;
		window = memory;
	}
	return window;
}

static bool
is_kind_at(const struct chip *chip, enum memory_kind kind, uint32_t at)
{
	const struct memory *memory = memory_at(chip, at);

	return memory != NULL && memory->entry->kind == kind;
}

bool
chip_is_flash(const struct chip *chip, uint32_t at)
{
	return is_kind_at(chip, MEMORY_FLASH, at);
}

bool
memory_is_own_flash(const struct memory *memory)
{
	return memory->entry->kind == MEMORY_FLASH && memory->entry->alias_of == NULL &&
	       memory->entry->interface != NULL &&
	       memory->entry->interface->driver != FLASH_DRIVER_EXTERNAL;
}

const struct memory *
chip_flash(const struct chip *chip)
{
	for (size_t i = 0; chip != NULL && i < chip->memories_len; i++)
		if (memory_is_own_flash(&chip->memories[i]))
			return &chip->memories[i];
	return NULL;
}

uint32_t
chip_erased_word(const struct chip *chip)
{
	const struct memory *flash = chip_flash(chip);

	return flash != NULL ? flash->entry->interface->erased_value * 0x01010101u
			     : UINT32_MAX;
}

bool
chip_is_ram(const struct chip *chip, uint32_t at)
{
	return is_kind_at(chip, MEMORY_RAM, at);
}

bool
chip_needs_clock(const struct chip *chip, uint32_t at)
{
	const struct memory *memory = memory_at(chip, at);

	if (memory != NULL)
		return (memory->entry->flags & MEMORY_NEEDS_SETUP) != 0;
	return range_contains(DEVICES_BASE, DEVICES_SIZE, at, 1);
}

/* Where they lie as memory, and the registers of the flash controllers, in which ST's tools take
 * option bytes of others. */
bool
chip_is_option(const struct chip *chip, uint32_t at)
{
	enum { CONTROLLER_SIZE = 0x400 };

	if (chip == NULL || chip->device == NULL ||
	    chip->device->option_layout == OPTION_LAYOUT_UNKNOWN)
		return false;
	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory_entry *entry = chip->memories[i].entry;

		if (entry->kind == MEMORY_FLASH && entry->registers != 0 &&
		    range_contains(entry->registers, CONTROLLER_SIZE, at, 1))
			return true;
	}
	return is_kind_at(chip, MEMORY_OPTION_BYTES, at);
}

const char *
chip_owner(const struct chip *chip, const char *core, uint32_t at)
{
	const struct memory *memory = memory_at(chip, at);

	for (unsigned i = 0; memory != NULL && chip->device != NULL && i < DEVICE_MAX_CORES;
	     i++) {
		const char *name = chip->device->cores[i].name;

		if (memory->entry->cores == 1u << i && name != NULL)
			return strcmp(name, core) == 0 ? NULL : name;
	}
	return NULL;
}

bool
chip_may_be_flash(const struct chip *chip, uint32_t at)
{
	return chip != NULL && !chip->is_flash_known &&
	       range_contains(FLASH_BASE, FLASH_REGION, at, 1);
}

static const char *
map_name(uint32_t at)
{
	size_t i = 0;

	while (!range_contains(map[i].base, map[i].size, at, 1))
		i++;
	return map[i].name;
}

const char *
chip_region_name(const struct chip *chip, uint32_t at)
{
	const struct memory *memory = memory_at(chip, at);

	if (memory != NULL && memory->entry->rest.mask != 0 &&
	    at - memory->base >= memory->size)
		return memory->entry->rest.region;
	if (memory != NULL)
		return memory->entry->region != NULL ? memory->entry->region
						     : memory->entry->name;
	return chip_may_be_flash(chip, at) ? "flash, of which nothing more is known"
					   : map_name(at);
}
