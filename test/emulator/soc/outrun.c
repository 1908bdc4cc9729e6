/* SPDX-License-Identifier: MIT */
/*
 * A system clock that outruns the main flash: more MHz than its wait states are for in the range
 * that VCORE is in (RM0351 Rev 9, 3.3.3; RM0456 Rev 4, 7.3.3). A read then takes the word before
 * the sense amplifiers have settled: some of its bits are wrong, others the next time. A core
 * that fetches gets a bus error in place of wrong instructions: assumption, for the manuals
 * only say which number to program.
 */
#include "test/emulator/soc/soc_internal.h"

static const uint32_t *
clocks_followed(const struct soc *soc)
{
	const struct power_role *power = soc->power ? soc->power->type->power : NULL;

	if (!soc->chip->flash_follows || !power || !power->voltage_range)
		return NULL;
	return soc->chip->flash_follows[power->voltage_range(soc->power) - 1];
}

static bool
flash_is_outrun(const struct soc *soc)
{
	const uint32_t *followed = clocks_followed(soc);
	unsigned states;

	if (!followed || !soc->flash || !soc->flash->type->flash->wait_states)
		return false;
	states = soc->flash->type->flash->wait_states(soc->flash);
	if (states >= CHIP_WAIT_STATES)
		states = CHIP_WAIT_STATES - 1;
	while (states > 0 && !followed[states])
		states--;
	return soc_core_hz(soc, 0) > followed[states];
}

bool
outrun_closes(const struct soc *soc, const uint8_t *host)
{
	unsigned flash = soc->chip->flash_memory;
	uintptr_t first = (uintptr_t)soc->memories[flash];

	return soc->is_outrun && (uintptr_t)host - first < soc->chip->memories[flash].size;
}

uint32_t
outrun_read(struct soc *soc, const uint8_t *host, uint32_t word)
{
	outrun_settle(soc);
	if (!outrun_closes(soc, host))
		return word;
	if (!soc->early_chance.state)
		chance_seed(&soc->early_chance, soc->seed, "flash that is read too early");
	return word ^ (uint32_t)chance_next(&soc->early_chance);
}

void
outrun_settle(struct soc *soc)
{
	bool is_outrun = flash_is_outrun(soc);

	if (is_outrun == soc->is_outrun || soc->running)
		return;
	soc->is_outrun = true; /* to find what it is about */
	windows_outrun(soc, is_outrun);
	soc->is_outrun = is_outrun;
}
