/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of STM32F103 (PM0075 Rev 2, 2.4 to 2.6) and STM32F303 (RM0316 Rev 8, 4.2.3
 * and 4.3; its level 2 cannot be left since no debugger comes in): eight halfwords, each
 * a byte and its complement, which the controller computes itself.
 */
#include <string.h>

#include "test/emulator/soc/flash/f1.h"
#include "test/emulator/soc/flash/option_field.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

enum option {
	OPTION_RDP,
	OPTION_USER,
	OPTION_DATA0,
	OPTION_DATA1,
	OPTION_WRP0,
	OPTIONS = 8
};

/* As in flash/f4_options.c: a stack, a reset vector, a branch to itself. */
static const uint32_t boot_loader_stack = 0x20001000, boot_loader_code = 0xE7FEE7FE;
enum { BOOT_LOADER_ENTRY = 8 + 1 /* Thumb */ };

/* A part as it came from ST reads 00ff5aa5 00ff00ff 00ff00ff 00ff00ff here, and
 * 00140080 at the size word, which has the RAM's size in its upper half (ST community,
 * "jtag part identification - openocd problems", 2008): RDP, and all others 0xFF. */

static uint8_t *
information_at(struct flash_f1 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;

	return soc->memories[soc->chip->information_memory] +
	       (at - flash_f1_kind(flash)->information_at);
}

static void
information_write(struct flash_f1 *flash, uint32_t at, const void *bytes, uint32_t size)
{
	memcpy(information_at(flash, at), bytes, size);
	windows_changed(flash->base.soc, information_at(flash, at), size);
}

static uint32_t
option_at(unsigned option)
{
	return OPTIONS_AT + 2 * option;
}

static uint16_t
with_complement(uint8_t byte)
{
	return (uint16_t)((uint8_t)~byte << 8 | byte);
}

static void
option_put(struct flash_f1 *flash, unsigned option, uint8_t byte)
{
	uint16_t halfword = with_complement(byte);

	information_write(flash, option_at(option), &halfword, sizeof(halfword));
}

void
flash_f1_factory(struct flash_f1 *flash)
{
	const struct chip *chip = flash->base.soc->chip;
	const struct flash_f1_kind *kind = flash_f1_kind(flash);
	const uint16_t sizes[2] = { chip->flash_kib, chip->ram_kib };
	const uint32_t boot_loader[] = { boot_loader_stack,
					 kind->information_at + BOOT_LOADER_ENTRY,
					 boot_loader_code };

	for (unsigned i = 0; i < OPTIONS; i++)
		option_put(flash, i, i == OPTION_RDP ? kind->rdp[LEVEL_0] : FLASH_ERASED);
	information_write(flash, kind->information_at, boot_loader, sizeof(boot_loader));
	information_write(flash, kind->flash_size_at, sizes,
			  chip->ram_kib ? sizeof(sizes) : sizeof(sizes[0]));
	information_write(flash, kind->uid_at, chip->uid, sizeof(chip->uid));
}

/* --- loading ----------------------------------------------------------------------- */

/* 2.5: a byte whose complement is not one counts as 0xFF and sets OPTERR, but for both
 * being 0xFF, as they are when erased. */
static uint8_t
option_load(struct flash_f1 *flash, unsigned option)
{
	const uint8_t *pair = information_at(flash, option_at(option));

	if ((pair[0] ^ pair[1]) == FLASH_ERASED)
		return pair[0];
	if (pair[0] != FLASH_ERASED || pair[1] != FLASH_ERASED)
		flash->obr |= FLASH_OBR_OPTERR;
	return FLASH_ERASED;
}

static enum flash_level
level_of(const struct flash_f1 *flash, uint8_t rdp)
{
	const struct flash_f1_kind *kind = flash_f1_kind(flash);

	for (unsigned level = 0; level < kind->levels; level++)
		if (kind->rdp[level] == rdp)
			return (enum flash_level)level;
	return LEVEL_1;
}

/* 2.5: the option byte loader works at every system reset. For a RDP that was taken back
 * 2.4.1 asks for a power-on reset; this loader makes no difference: assumption. */
void
flash_f1_options_load(struct peripheral *peripheral)
{
	struct flash_f1 *flash = CONTAINER_OF(peripheral, struct flash_f1, base);
	uint8_t bytes[OPTIONS];

	const struct flash_f1_kind *kind = flash_f1_kind(flash);

	flash->obr = 0;
	for (unsigned i = 0; i < OPTIONS; i++)
		bytes[i] = option_load(flash, i);
	flash->level = level_of(flash, bytes[OPTION_RDP]);
	flash->user = bytes[OPTION_USER];
	flash->obr |= (uint32_t)kind->rdprt[flash->level] << FLASH_OBR_RDPRT_SHIFT;
	flash->obr |= (uint32_t)flash->user << kind->user_shift;
	flash->obr |= (uint32_t)(bytes[OPTION_DATA0] | bytes[OPTION_DATA1] << 8)
		      << kind->data_shift;
	memcpy(&flash->wrpr, &bytes[OPTION_WRP0], sizeof(flash->wrpr));
}

/* --- writing ----------------------------------------------------------------------- */

bool
flash_f1_is_option(uint32_t at)
{
	return at - OPTIONS_AT < 2 * OPTIONS;
}

static bool
is_open(const struct flash_f1 *flash)
{
	return flash->cr & FLASH_CR_OPTWRE && !(flash->cr & FLASH_CR_LOCK);
}

static bool
takes_protection_back(const struct flash_f1 *flash, uint32_t at, uint16_t halfword)
{
	return at == option_at(OPTION_RDP) && flash->level == LEVEL_1 &&
	       level_of(flash, (uint8_t)halfword) == LEVEL_0;
}

/* 2.3.5. That a halfword must have been erased, as in the main memory: assumption. So is
 * that a store without OPTPG or OPTWRE is lost and no flag tells. */
enum bus_result
flash_f1_option_store(struct flash_f1 *flash, uint32_t at, uint16_t halfword)
{
	uint64_t ns = flash_f1_kind(flash)->program_ns;
	uint16_t old;

	if (!(flash->cr & FLASH_CR_OPTPG) || !is_open(flash))
		return BUS_OK;
	memcpy(&old, information_at(flash, at), sizeof(old));
	if (old != FLASH_BLANK) {
		flash_f1_error(flash, FLASH_SR_PGERR);
		return BUS_OK;
	}
	if (takes_protection_back(flash, at, halfword))
		ns += flash_f1_kind(flash)->mass_ns;
	flash->operation_at = at;
	flash->halfword = with_complement((uint8_t)halfword);
	flash_f1_start(flash, OPERATION_OPTION_PROGRAM, ns);
	return BUS_OK;
}

void
flash_f1_option_erase_start(struct flash_f1 *flash)
{
	if (is_open(flash))
		flash_f1_start(flash, OPERATION_OPTION_ERASE,
			       flash_f1_kind(flash)->page_ns);
}

/* 2.4.1: taking the read protection back costs the contents. */
void
flash_f1_options_finish(struct flash_f1 *flash)
{
	uint8_t blank[2 * OPTIONS];

	if (flash->operation == OPERATION_OPTION_ERASE) {
		memset(blank, FLASH_ERASED, sizeof(blank));
		information_write(flash, OPTIONS_AT, blank, sizeof(blank));
		return;
	}
	if (takes_protection_back(flash, flash->operation_at, flash->halfword)) {
		flash_f1_erase_all(flash);
		intrusion_erase(flash->base.soc);
	}
	information_write(flash, flash->operation_at, &flash->halfword,
			  sizeof(flash->halfword));
}

/* --- before power comes --------------------------------------------------------------- */

static bool
rdp_preset(struct flash_f1 *flash, uint32_t level)
{
	if (level >= flash_f1_kind(flash)->levels)
		return false;
	option_put(flash, OPTION_RDP, flash_f1_kind(flash)->rdp[level]);
	return true;
}

/* "WRP=0-3" protects what the bits 0 to 3 of FLASH_WRPR stand for. */
static bool
wrp_preset(struct flash_f1 *flash, uint32_t first, uint32_t last)
{
	enum { BYTE_BITS = 8, WRP_BITS = 32 };

	if (last >= WRP_BITS)
		return false;
	for (uint32_t bit = first; bit <= last; bit++) {
		unsigned option = OPTION_WRP0 + bit / BYTE_BITS;

		option_put(flash, option,
			   (uint8_t)(option_load(flash, option) & ~BIT(bit % BYTE_BITS)));
	}
	return true;
}

/* 2.6, table "Option byte description"; RM0316 4.5: the F3 alone has the last three. */
static bool
user_preset(struct flash_f1 *flash, const char *name, uint32_t value)
{
	static const struct option_field fields[] = {
		{ "WDG_SW", 0, 1 }, { "nRST_STOP", 1, 1 },    { "nRST_STDBY", 2, 1 },
		{ "nBOOT1", 4, 1 }, { "VDDA_MONITOR", 5, 1 }, { "SRAM_PE", 6, 1 },
	};
	enum { ALL = sizeof(fields) / sizeof(fields[0]), SHARED = 3 };
	unsigned len = flash_f1_kind(flash)->levels == FLASH_LEVELS ? ALL : SHARED;
	uint32_t user = option_load(flash, OPTION_USER);

	if (!option_field_set(fields, len, name, value, &user))
		return false;
	option_put(flash, OPTION_USER, (uint8_t)user);
	return true;
}

bool
flash_f1_preset(struct peripheral *peripheral, const char *name, uint32_t first,
		uint32_t last)
{
	struct flash_f1 *flash = CONTAINER_OF(peripheral, struct flash_f1, base);
	bool done;

	if (strcmp(name, "RDP") == 0)
		done = rdp_preset(flash, first);
	else if (strcmp(name, "WRP") == 0)
		done = wrp_preset(flash, first, last);
	else
		done = user_preset(flash, name, first);
	flash_f1_options_load(peripheral);
	return done;
}
