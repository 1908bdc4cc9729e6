/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"

/* DDI 0403E.e B3.1, the system address map, and what ST puts into it. Rows are searched in
 * order. */
static const struct {
	uint32_t base;
	uint64_t size;
	const char *name;
} map[] = {
	{ 0x00000000, 0x08000000, "the alias of what the chip boots from" },
	{ 0x08000000, 0x08000000, "nothing, beyond the flash this chip has" },
	{ 0x10000000, 0x0fff0000, "nothing this chip has in the Code region" },
	{ 0x1fff0000, 0x00010000, "system memory (boot loader, OTP or option bytes)" },
	{ 0x20000000, 0x20000000, "nothing, beyond the RAM this chip has" },
	{ 0x40000000, 0x20000000, "a peripheral's register" },
	{ 0x60000000, 0x80000000,
	  "external memory (FMC or OCTOSPI), which answers only once the program has set "
	  "up "
	  "its controller" },
	{ 0xe0000000, 0x00100000, "a register of the core's own (PPB)" },
	{ 0xe0100000, 0x1ff00000, "the vendor system region" },
};

static const char *const bank_names[] = { "flash", "flash bank 1", "flash bank 2" };

static const struct bank_entry *
bank_at(const struct board *board, uint32_t at)
{
	for (size_t i = 0; board != NULL && board->layout != NULL && i < DEVICE_MAX_BANKS;
	     i++) {
		const struct bank_entry *bank = &board->layout->banks[i];

		if (range_contains(bank->base, device_bank_size(bank, board->flash_kib), at,
				   1))
			return bank;
	}
	return NULL;
}

static const struct ram_entry *
ram_at(const struct board *board, uint32_t at)
{
	if (board == NULL || board->device == NULL)
		return NULL;
	for (size_t i = 0; i < DEVICE_MAX_RAMS && board->device->rams[i].name != NULL; i++)
		if (range_contains(board->device->rams[i].base, board->device->rams[i].size,
				   at, 1))
			return &board->device->rams[i];
	return NULL;
}

bool
board_is_flash(const struct board *board, uint32_t at)
{
	return bank_at(board, at) != NULL;
}

bool
board_is_ram(const struct board *board, uint32_t at)
{
	return ram_at(board, at) != NULL;
}

static bool
has_two_banks(const struct flash_layout *layout)
{
	return layout->banks[1].share != 0;
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
board_region_name(const struct board *board, uint32_t at)
{
	const struct bank_entry *bank = bank_at(board, at);
	const struct ram_entry *ram = ram_at(board, at);

	if (bank != NULL)
		return bank_names[has_two_banks(board->layout) ? bank->number : 0];
	if (ram != NULL)
		return ram->name;
	return map_name(at);
}
