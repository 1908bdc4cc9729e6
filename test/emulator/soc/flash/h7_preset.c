/* SPDX-License-Identifier: MIT */
/*
 * Options by their names in RM0399 Rev 4, 4.9, for a chip that is not fresh from the
 * factory (role `preset`).
 */
#include <string.h>

#include "test/emulator/soc/flash/h7_internal.h"
#include "test/emulator/soc/soc_internal.h"

/* Fields of a word. */
static const struct {
	const char *name;
	enum flash_h7_option option;
	uint8_t shift, width;
} fields[] = {
	{ "BOR_LEV", H7_OPTSR, 2, 2 },         { "IWDG1_SW", H7_OPTSR, 4, 1 },
	{ "IWDG2_SW", H7_OPTSR, 5, 1 },        { "nRST_STOP_D1", H7_OPTSR, 6, 1 },
	{ "nRST_STBY_D1", H7_OPTSR, 7, 1 },    { "FZ_IWDG_STOP", H7_OPTSR, 17, 1 },
	{ "FZ_IWDG_SDBY", H7_OPTSR, 18, 1 },   { "ST_RAM_SIZE", H7_OPTSR, 19, 2 },
	{ "SECURITY", H7_OPTSR, 21, 1 },       { "BCM4", H7_OPTSR, 22, 1 },
	{ "BCM7", H7_OPTSR, 23, 1 },           { "nRST_STOP_D2", H7_OPTSR, 24, 1 },
	{ "nRST_STBY_D2", H7_OPTSR, 25, 1 },   { "IO_HSLV", H7_OPTSR, 29, 1 },
	{ "SWAP_BANK", H7_OPTSR, 31, 1 },      { "TCM_AXI_SHARED", H7_OPTSR2, 0, 2 },
	{ "CPUFREQ_BOOST", H7_OPTSR2, 2, 1 },  { "BOOT_ADD0", H7_BOOT7, 0, 16 },
	{ "BOOT_ADD1", H7_BOOT7, 16, 16 },     { "BOOT_CM7_ADD0", H7_BOOT7, 0, 16 },
	{ "BOOT_CM7_ADD1", H7_BOOT7, 16, 16 }, { "BOOT_CM4_ADD0", H7_BOOT4, 0, 16 },
	{ "BOOT_CM4_ADD1", H7_BOOT4, 16, 16 }, { "DMEP1", H7_PRAR1, 31, 1 },
	{ "DMEP2", H7_PRAR2, 31, 1 },          { "DMES1", H7_SCAR1, 31, 1 },
	{ "DMES2", H7_SCAR2, 31, 1 },
};

/* Areas from a first to a last unit of 256 bytes. */
static const struct {
	const char *name;
	enum flash_h7_option option;
} areas[] = {
	{ "PROT_AREA1", H7_PRAR1 },
	{ "PROT_AREA2", H7_PRAR2 },
	{ "SEC_AREA1", H7_SCAR1 },
	{ "SEC_AREA2", H7_SCAR2 },
};

/* Write protection of a first to a last sector. */
static const struct {
	const char *name;
	enum flash_h7_option option;
} sectors[] = { { "WRP1", H7_WPSN1 }, { "WRP2", H7_WPSN2 } };

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t
ones(unsigned len)
{
	return (uint32_t)((UINT64_C(1) << len) - 1);
}

/* False when the part does not have those bits. */
static bool
bits_set(struct flash_h7 *flash, enum flash_h7_option option, uint32_t mask, uint32_t value)
{
	uint32_t old = flash_h7_option_fetch(flash, option);

	if (mask & ~flash_h7_option_writable(flash, option) ||
	    !flash_h7_has_option(flash, option))
		return false;
	flash_h7_option_store(flash, option, (old & ~mask) | (value & mask));
	flash_h7_options_load(&flash->base);
	return true;
}

/* "RDP=1" is the level; its byte is accepted as well. */
static bool
rdp_preset(struct flash_h7 *flash, uint32_t value)
{
	static const uint8_t levels[] = { RDP_LEVEL_0, RDP_LEVEL_1, RDP_LEVEL_2 };
	enum { RDP_SHIFT = 8, RDP_MAX = 0xFF };

	if (value > RDP_MAX)
		return false;
	if (value < LEN(levels))
		value = levels[value];
	return bits_set(flash, H7_OPTSR, FLASH_OPTSR_RDP, value << RDP_SHIFT);
}

static bool
field_preset(struct flash_h7 *flash, unsigned field, uint32_t first, uint32_t last)
{
	uint32_t mask = ones(fields[field].width);

	if (first != last || first > mask)
		return false;
	return bits_set(flash, fields[field].option, mask << fields[field].shift,
			first << fields[field].shift);
}

static bool
area_preset(struct flash_h7 *flash, enum flash_h7_option option, uint32_t first,
	    uint32_t last)
{
	if (first > FLASH_AREA_MASK || last > FLASH_AREA_MASK)
		return false;
	return bits_set(flash, option,
			FLASH_AREA_MASK | FLASH_AREA_MASK << FLASH_AREA_END_SHIFT,
			first | last << FLASH_AREA_END_SHIFT);
}

static bool
sectors_preset(struct flash_h7 *flash, enum flash_h7_option option, uint32_t first,
	       uint32_t last)
{
	if (first > last || last > FLASH_CR_SNB_MASK)
		return false;
	return bits_set(flash, option, ones(last + 1) & ~ones(first), 0);
}

bool
flash_h7_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		uint32_t last)
{
	struct flash_h7 *flash = CONTAINER_OF(peripheral, struct flash_h7, base);

	if (!strcmp(name, "RDP"))
		return first == last && rdp_preset(flash, first);
	for (unsigned i = 0; i < LEN(fields); i++)
		if (!strcmp(name, fields[i].name))
			return field_preset(flash, i, first, last);
	for (unsigned i = 0; i < LEN(areas); i++)
		if (!strcmp(name, areas[i].name))
			return area_preset(flash, areas[i].option, first, last);
	for (unsigned i = 0; i < LEN(sectors); i++)
		if (!strcmp(name, sectors[i].name))
			return sectors_preset(flash, sectors[i].option, first, last);
	return false;
}
