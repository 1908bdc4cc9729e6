/* SPDX-License-Identifier: MIT */
/*
 * empty.c - a chip whose flash was erased when its option bytes were loaded starts its ROM loader
 * at every reset until the next power-up, although it has been given a program since then: the
 * flag that it goes by is changed by software alone (RM0490 Rev 5, 3 and 4.7.1).
 */
#include "flash/load/load_internal.h"

#include "transport/base/log.h"

static bool
is_erased_word(const struct load *load, uint32_t word)
{
	return word ==
	       geometry_interface(&load->part->geometry)->erased_value * 0x01010101u;
}

static enum cause
clear_empty(struct load *load, struct reason *why)
{
	const struct flash_bank *bank = &load->part->geometry.banks[0];
	uint32_t acr_at = bank->entry->registers, acr = 0, first = 0;
	uint32_t empty = bank->entry->interface->registers.empty;
	struct mem_ap *memory = core_memory(load->core);
	enum cause cause = mem_read32(memory, acr_at, &acr, why);

	if (cause != CAUSE_NONE || (acr & empty) == 0)
		return cause;
	cause = mem_read32(memory, bank->base, &first, why);
	if (cause != CAUSE_NONE || is_erased_word(load, first))
		return cause;
	log_info("flash",
		 "the chip started with an empty flash: its flag for that (FLASH_ACR is "
		 "0x%08x) is cleared, or a reset would start the ROM loader",
		 (unsigned)acr);
	return mem_write32(memory, acr_at, acr & ~empty, why);
}

enum cause
load_clear_empty(struct staged_job *staged, bool *done, struct reason *why)
{
	enum cause cause = clear_empty(load_of(staged), why);

	*done = true;
	if (cause == CAUSE_NONE)
		return cause;
	return reason_while(why, "looking whether a reset would start the ROM loader");
}
