/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of the STM32F410 (RM0401 Rev 3, 3.6) and the rest of the information block:
 * unique id, flash size, a stand-in for the boot loader.
 */
#include <string.h>

#include "test/emulator/soc/flash/f4.h"
#include "test/emulator/soc/flash/option_field.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define UID_AT        UINT32_C(0x1FFF7A10)
#define FLASH_SIZE_AT UINT32_C(0x1FFF7A22)
/* 3.6.1, table "Option byte organization": two halfwords, the second one nWRP. */
#define RDP_USER_AT UINT32_C(0x1FFFC000)
#define WRP_AT      UINT32_C(0x1FFFC008)

/* 3.8.6: from the factory all sectors can be written, level 0, BOR off. */
#define OPTCR_FACTORY  UINT32_C(0x7FFFAAEC)
#define OPTCR_WRITABLE UINT32_C(0x801FFFEC)
#define OPTCR_LOW      UINT32_C(0x0000FFFF)
enum { HALFWORD_BITS = 16 };

enum { RDP_LEVEL_0 = 0xAA, RDP_LEVEL_1 = 0x55, RDP_LEVEL_2 = 0xCC };

/* As in flash/l4g4_options.c: a stack, a reset vector, a branch to itself. */
static const uint32_t boot_loader[] = { 0x20001000, 0x1FFF0009, 0xE7FEE7FE };

static void
information_write(struct flash_f4 *flash, uint32_t at, const void *bytes, uint32_t size)
{
	const struct soc *soc = flash->base.soc;
	uint8_t *cells =
		soc->memories[soc->chip->information_memory] + (at - FLASH_INFORMATION_AT);

	memcpy(cells, bytes, size);
	windows_changed(flash->base.soc, cells, size);
}

static uint16_t
information_halfword(const struct flash_f4 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;
	uint16_t value;

	memcpy(&value,
	       soc->memories[soc->chip->information_memory] + (at - FLASH_INFORMATION_AT),
	       sizeof(value));
	return value;
}

static void
options_store(struct flash_f4 *flash, uint32_t optcr)
{
	uint16_t low = (uint16_t)(optcr & OPTCR_LOW &
				  ~(FLASH_OPTCR_OPTLOCK | FLASH_OPTCR_OPTSTRT));
	uint16_t high = (uint16_t)(optcr >> HALFWORD_BITS);

	information_write(flash, RDP_USER_AT, &low, sizeof(low));
	information_write(flash, WRP_AT, &high, sizeof(high));
}

/* RM0090 Rev 21, 3.7.2, note: changed "by first erasing the user configuration sector". Erased, it
 * means level 1, and PCROP of every sector (owners in ST's community, 394565; STM32CubeF7 issue
 * 96). */
void
flash_f4_options_cut(struct flash_f4 *flash)
{
	const uint16_t blank = UINT16_MAX;

	information_write(flash, RDP_USER_AT, &blank, sizeof(blank));
	information_write(flash, WRP_AT, &blank, sizeof(blank));
}

void
flash_f4_factory(struct flash_f4 *flash)
{
	const struct chip *chip = flash->base.soc->chip;

	options_store(flash, OPTCR_FACTORY);
	information_write(flash, FLASH_INFORMATION_AT, boot_loader, sizeof(boot_loader));
	information_write(flash, UID_AT, chip->uid, sizeof(chip->uid));
	information_write(flash, FLASH_SIZE_AT, &chip->flash_kib, sizeof(chip->flash_kib));
}

void
flash_f4_options_load(struct peripheral *peripheral)
{
	struct flash_f4 *flash = flash_f4_of(peripheral);

	flash->in_force = (uint32_t)information_halfword(flash, WRP_AT) << HALFWORD_BITS |
			  information_halfword(flash, RDP_USER_AT);
	flash->optcr = flash->in_force;
}

/* --- what they mean ------------------------------------------------------------------- */

static enum flash_level
level_of(uint32_t optcr)
{
	uint32_t rdp = (optcr & FLASH_OPTCR_RDP) >> FLASH_OPTCR_RDP_SHIFT;

	if (rdp == RDP_LEVEL_0)
		return LEVEL_0;
	return rdp == RDP_LEVEL_2 ? LEVEL_2 : LEVEL_1;
}

enum flash_level
flash_f4_level(const struct flash_f4 *flash)
{
	return level_of(flash->in_force);
}

/* 3.6.4 and 3.6.5: by SPRMOD a bit of nWRP protects against writing when it is 0, or
 * against reading and writing when it is 1. */
static bool
nwrp(const struct flash_f4 *flash, unsigned sector)
{
	return flash->in_force >> (FLASH_OPTCR_nWRP_SHIFT + sector) & 1;
}

bool
flash_f4_is_read_protected(const struct flash_f4 *flash, unsigned sector)
{
	return flash->in_force & FLASH_OPTCR_SPRMOD && nwrp(flash, sector);
}

bool
flash_f4_is_write_protected(const struct flash_f4 *flash, unsigned sector)
{
	if (flash->in_force & FLASH_OPTCR_SPRMOD)
		return nwrp(flash, sector);
	return !nwrp(flash, sector);
}

/* --- changing them ----------------------------------------------------------------------- */

uint32_t
flash_f4_optcr_read(const struct flash_f4 *flash)
{
	uint32_t lock = flash->option_lock == LOCK_OPEN ? 0 : FLASH_OPTCR_OPTLOCK;

	return (flash->optcr & ~FLASH_OPTCR_OPTLOCK) | lock;
}

/* RM0090 Rev 21, 3.7.5: PCROP goes, as a mode or of a sector, only together with level 1; else
 * the whole change is cancelled. */
static bool
gives_up_pcrop(const struct flash_f4 *flash)
{
	uint32_t before = flash->in_force, after = flash->optcr;

	if (!(before & FLASH_OPTCR_SPRMOD))
		return false;
	return !(after & FLASH_OPTCR_SPRMOD) || before & ~after & FLASH_OPTCR_nWRP;
}

/* 3.6.3: of level 2 nothing is ever changed again. */
static void
options_start(struct flash_f4 *flash)
{
	bool erases = flash_f4_level(flash) == LEVEL_1 && level_of(flash->optcr) == LEVEL_0;

	if (flash_f4_level(flash) == LEVEL_2)
		return;
	if (gives_up_pcrop(flash) && !erases) {
		flash_f4_error(flash, FLASH_SR_WRPERR);
		return;
	}
	flash->optcr |= FLASH_OPTCR_OPTSTRT;
	flash_f4_start(flash, OPERATION_OPTIONS,
		       F4_FLASH_OPTIONS_NS + (erases ? F4_ERASE_MASS_X8_NS : 0));
}

void
flash_f4_optcr_write(struct flash_f4 *flash, uint32_t value, uint32_t lanes)
{
	if (flash->option_lock != LOCK_OPEN)
		return;
	flash->optcr = reg_merge(flash->optcr, value, lanes & OPTCR_WRITABLE);
	if (lanes & value & FLASH_OPTCR_OPTSTRT)
		options_start(flash);
	if (lanes & value & FLASH_OPTCR_OPTLOCK)
		flash->option_lock = LOCK_CLOSED;
}

/* 3.6.3: going back from level 1 to level 0 costs the contents. */
void
flash_f4_options_finish(struct flash_f4 *flash)
{
	if (flash_f4_level(flash) == LEVEL_1 && level_of(flash->optcr) == LEVEL_0) {
		flash_f4_erase_all(flash);
		intrusion_erase(flash->base.soc);
	}
	options_store(flash, flash->optcr);
}

/* --- before power comes -------------------------------------------------------------------- */

static bool
rdp_preset(uint32_t *optcr, uint32_t level)
{
	static const uint32_t codes[] = { RDP_LEVEL_0, RDP_LEVEL_1, RDP_LEVEL_2 };

	if (level > LEVEL_2)
		return false;
	*optcr = (*optcr & ~FLASH_OPTCR_RDP) | codes[level] << FLASH_OPTCR_RDP_SHIFT;
	return true;
}

/* "nWRP=0-2" protects the sectors 0 to 2. */
static bool
wrp_preset(const struct flash_f4 *flash, uint32_t *optcr, uint32_t first, uint32_t last)
{
	if (last > flash_f4_sector(flash->size - 1))
		return false;
	for (uint32_t sector = first; sector <= last; sector++)
		*optcr &= ~BIT(FLASH_OPTCR_nWRP_SHIFT + sector);
	return true;
}

bool
flash_f4_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		uint32_t last)
{
	static const struct option_field fields[] = {
		{ "BOR_LEV", 2, 2 },    { "WDG_SW", 5, 1 },  { "nRST_STOP", 6, 1 },
		{ "nRST_STDBY", 7, 1 }, { "SPRMOD", 31, 1 },
	};
	struct flash_f4 *flash = flash_f4_of(peripheral);
	uint32_t optcr = flash->in_force;
	bool done;

	if (strcmp(name, "RDP") == 0)
		done = rdp_preset(&optcr, first);
	else if (strcmp(name, "nWRP") == 0)
		done = wrp_preset(flash, &optcr, first, last);
	else
		done = option_field_set(fields, sizeof(fields) / sizeof(fields[0]), name,
					first, &optcr);
	options_store(flash, optcr);
	flash_f4_options_load(peripheral);
	return done;
}
