/* SPDX-License-Identifier: MIT */
/*
 * Closing and opening what read protection of level 1 keeps, and erasing it when the level
 * goes back to 0 (the manuals: intrusion.c).
 */
#include <string.h>

#include "test/emulator/soc/soc_internal.h"

void
intrusion_settle(struct soc *soc)
{
	bool is_closed = soc_is_intruded(soc);

	if (is_closed == soc->is_closed)
		return;
	soc->is_closed = true; /* to find what it is about */
	windows_close(soc, is_closed);
	soc->is_closed = is_closed;
}

void
intrusion_note(struct soc *soc)
{
	if (soc->debugger_came)
		return;
	soc->debugger_came = true;
	intrusion_settle(soc);
}

static struct peripheral *
peripheral_at(struct soc *soc, uint32_t at)
{
	for (unsigned i = 0; i < soc->peripherals_len; i++) {
		const struct chip_place *place = soc->peripherals[i]->place;

		if (at - place->at < place->size)
			return soc->peripherals[i];
	}
	return NULL;
}

static void
registers_clear(struct soc *soc)
{
	const struct chip_secured *secured = &soc->chip->secured;

	for (uint32_t i = 0; i < secured->registers_size; i += sizeof(uint32_t)) {
		uint32_t at = secured->registers_at + i;
		struct peripheral *peripheral = peripheral_at(soc, at);

		if (peripheral)
			peripheral->type->write(peripheral, at - peripheral->place->at, 0,
						UINT32_MAX);
	}
}

void
intrusion_erase(struct soc *soc)
{
	const struct chip *chip = soc->chip;

	for (unsigned i = 0; i < chip->memories_len; i++) {
		if (!(chip->secured.erased >> i & 1))
			continue;
		memset(soc->memories[i], 0, chip->memories[i].size);
		windows_changed(soc, soc->memories[i], chip->memories[i].size);
	}
	registers_clear(soc);
}
