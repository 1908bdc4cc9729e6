/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

static enum cause
start_erase(struct load *load, const struct sector *sector, struct reason *why)
{
	struct runner_call call = { .entry = algorithm_of(load)->erase_sector,
				    .r0 = sector->at,
				    .r1 = sector->size,
				    .r2 = sector->index,
				    .bank = load_bank_index(load, sector->bank),
				    .timeout_ms = algorithm_of(load)->erase_ms };

	return load_start_call(load, &call, why);
}

static enum cause
erase_some(struct load *load, bool *done, struct reason *why)
{
	const struct sector *sector = &load->plan.sectors[load->sector];

	if (load->is_calling) {
		enum cause cause = load_await_call(load, sector->bank, why);

		if (cause != CAUSE_NONE || load->is_calling)
			return cause;
		load->result.sectors_erased++;
		load_add_progress(load, ERASE_COST_US);
		sector++;
		load->sector++;
	}
	*done = load->sector == load->plan.len;
	return *done ? CAUSE_NONE : start_erase(load, sector, why);
}

enum cause
load_erase(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct sector *sector;
	enum cause cause = erase_some(load, done, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	sector = &load->plan.sectors[load->sector];
	return reason_while(
		why, "erasing the sector of %u bytes at 0x%08x (number %u of bank %u)",
		(unsigned)sector->size, (unsigned)sector->at, (unsigned)sector->index,
		(unsigned)sector->bank->entry->number);
}
