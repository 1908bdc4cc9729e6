/* SPDX-License-Identifier: MIT */
/*
 * What read protection of level 1 closes, to cores and debuggers alike, as long as a debugger
 * is there or was since the power came: the main flash, a RAM, backup registers (RM0440 Rev 8,
 * 3.5.1 with its note; RM0456 Rev 6, "Level 1: readout protection"; RM0364 Rev 4, 3.3.1;
 * RM0090 Rev 21, 3.7.3; RM0399 Rev 4, 4.5.3). A core's own fetches are accesses too, so that
 * the program of a protected chip ends in a HardFault, and then locks up, when a debugger
 * attaches. Who reaches for something through a MEM-AP is a debugger: assumption. What is done
 * about it is in secured.c.
 */
#include "test/emulator/soc/soc_internal.h"

static bool
is_of_memory(const struct soc *soc, unsigned index, const uint8_t *host)
{
	uintptr_t first = (uintptr_t)soc->memories[index], at = (uintptr_t)host;

	return at - first < soc->chip->memories[index].size;
}

bool
soc_is_intruded(const struct soc *soc)
{
	const struct flash_role *flash = soc->flash ? soc->flash->type->flash : NULL;

	return soc->debugger_came && flash && flash->is_level_1 &&
	       flash->is_level_1(soc->flash);
}

bool
intrusion_closes(const struct soc *soc, const uint8_t *host)
{
	const struct chip *chip = soc->chip;
	unsigned closed = chip->secured.closed | 1u << chip->flash_memory;

	if (!soc->is_closed)
		return false;
	for (unsigned i = 0; i < chip->memories_len; i++)
		if (closed >> i & 1 && is_of_memory(soc, i, host))
			return true;
	return false;
}

bool
intrusion_closes_register(const struct soc *soc, uint32_t at)
{
	const struct chip_secured *secured = &soc->chip->secured;

	return soc->is_closed && at - secured->registers_at < secured->registers_size;
}
