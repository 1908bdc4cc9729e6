/* SPDX-License-Identifier: MIT */
/*
 * Option bytes of the STM32F103 (PM0075 Rev 2, 2.4 to 2.6): eight halfwords, each
 * a byte and its complement, which the controller computes itself.
 */
#include <string.h>

#include "test/emulator/soc/flash_f1.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"

#define FLASH_SIZE_AT UINT32_C(0x1FFFF7E0)
#define UID_AT        UINT32_C(0x1FFFF7E8)

enum option {
	OPTION_RDP,
	OPTION_USER,
	OPTION_DATA0,
	OPTION_DATA1,
	OPTION_WRP0,
	OPTIONS = 8
};

/* 2.4.1: the only value of RDP that leaves reading free. */
enum { RDPRT_KEY = 0xA5 };

/* A part as it came from ST reads 00ff5aa5 00ff00ff 00ff00ff 00ff00ff here, and
 * 00140080 at the size word, which has the RAM's size in its upper half (ST community,
 * "jtag part identification - openocd problems", 2008). */
static const uint8_t factory[OPTIONS] = { RDPRT_KEY, 0xFF, 0xFF, 0xFF,
					  0xFF,      0xFF, 0xFF, 0xFF };

static uint8_t *
information_at(struct flash_f1 *flash, uint32_t at)
{
	const struct soc *soc = flash->base.soc;

	return soc->memories[soc->chip->information_memory] + (at - INFORMATION_AT);
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

void
flash_f1_factory(struct flash_f1 *flash)
{
	const struct chip *chip = flash->base.soc->chip;
	const uint16_t sizes[2] = { chip->flash_kib, chip->ram_kib };

	for (unsigned i = 0; i < OPTIONS; i++) {
		uint16_t halfword = with_complement(factory[i]);

		information_write(flash, option_at(i), &halfword, sizeof(halfword));
	}
	information_write(flash, FLASH_SIZE_AT, sizes, sizeof(sizes));
	information_write(flash, UID_AT, chip->uid, sizeof(chip->uid));
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

/* 2.5: the option byte loader works at every system reset. For a RDP that was taken back
 * 2.4.1 asks for a power-on reset; this loader makes no difference: assumption. */
void
flash_f1_options_load(struct peripheral *peripheral)
{
	struct flash_f1 *flash = CONTAINER_OF(peripheral, struct flash_f1, base);
	uint8_t bytes[OPTIONS];

	flash->obr = 0;
	for (unsigned i = 0; i < OPTIONS; i++)
		bytes[i] = option_load(flash, i);
	if (bytes[OPTION_RDP] != RDPRT_KEY)
		flash->obr |= FLASH_OBR_RDPRT;
	flash->obr |= (uint32_t)bytes[OPTION_USER] << FLASH_OBR_USER_SHIFT;
	flash->obr |= (uint32_t)(bytes[OPTION_DATA0] | bytes[OPTION_DATA1] << 8)
		      << FLASH_OBR_DATA_SHIFT;
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
	return at == option_at(OPTION_RDP) && (halfword & 0xFF) == RDPRT_KEY &&
	       flash->obr & FLASH_OBR_RDPRT;
}

/* 2.3.5. That a halfword must have been erased, as in the main memory: assumption. So is
 * that a store without OPTPG or OPTWRE is lost and no flag tells. */
enum bus_result
flash_f1_option_store(struct flash_f1 *flash, uint32_t at, uint16_t halfword)
{
	uint64_t ns = F1_FLASH_PROGRAM_NS;
	uint16_t old;

	if (!(flash->cr & FLASH_CR_OPTPG) || !is_open(flash))
		return BUS_OK;
	memcpy(&old, information_at(flash, at), sizeof(old));
	if (old != FLASH_BLANK) {
		flash_f1_error(flash, FLASH_SR_PGERR);
		return BUS_OK;
	}
	if (takes_protection_back(flash, at, halfword))
		ns += F1_FLASH_ERASE_MASS_NS;
	flash->operation_at = at;
	flash->halfword = with_complement((uint8_t)halfword);
	flash_f1_start(flash, OPERATION_OPTION_PROGRAM, ns);
	return BUS_OK;
}

void
flash_f1_option_erase_start(struct flash_f1 *flash)
{
	if (is_open(flash))
		flash_f1_start(flash, OPERATION_OPTION_ERASE, F1_FLASH_ERASE_PAGE_NS);
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
	if (takes_protection_back(flash, flash->operation_at, flash->halfword))
		flash_f1_erase_all(flash);
	information_write(flash, flash->operation_at, &flash->halfword,
			  sizeof(flash->halfword));
}
