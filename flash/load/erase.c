/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include "transport/base/log.h"

static bool
is_by_bank(const struct load *load, const struct sector *sector)
{
	return load->is_bank_erased[load_bank_index(load, sector->bank)];
}

static enum cause
start_erase(struct load *load, const struct sector *sector, struct reason *why)
{
	const struct algorithm *algorithm = algorithm_of(load);
	struct runner_call call = { .entry = algorithm->erase_sector,
				    .r0 = sector->at,
				    .r1 = sector->size,
				    .r2 = sector->index,
				    .bank = load_bank_index(load, sector->bank),
				    .timeout_ms = algorithm->erase_ms };

	if (is_by_bank(load, sector)) {
		call.entry = algorithm->erase_bank;
		call.r0 = sector->bank->base;
		call.r1 = sector->bank->size;
		call.timeout_ms = algorithm->erase_bank_ms;
	}
	return load_start_call(load, &call, why);
}

/* Skips what need not be erased. */
static bool
find_next(struct load *load)
{
	while (load->sector < load->plan.len && !load->plan.sectors[load->sector].is_erased)
		load->sector++;
	return load->sector < load->plan.len;
}

static void
count_erased(struct load *load)
{
	const struct sector *first = &load->plan.sectors[load->sector].sector;
	bool by_bank = is_by_bank(load, first);

	do {
		const struct sector *sector = &load->plan.sectors[load->sector].sector;

		load->result.sectors_erased++;
		load_add_progress(load,
				  cost_of(algorithm_of(load)->erase_cost, sector->size));
		load->sector++;
	} while (by_bank && load->sector < load->plan.len &&
		 load->plan.sectors[load->sector].sector.bank == first->bank);
}

static enum cause
erase_some(struct load *load, bool *done, struct reason *why)
{
	const struct sector *sector;

	if (load->is_calling) {
		enum cause cause = load_await_call(
			load, load->plan.sectors[load->sector].sector.bank, why);

		if (cause != CAUSE_NONE || load->is_calling)
			return cause;
		count_erased(load);
	}
	*done = !find_next(load);
	if (*done) {
		load->sector = 0;
		return CAUSE_NONE;
	}
	sector = &load->plan.sectors[load->sector].sector;
	return start_erase(load, sector, why);
}

/* A controller refuses that where a sector is protected, or in a mode of one bank: then the sectors
 * have their turn. */
static bool
can_go_by_sectors(struct load *load, const struct sector *sector, enum cause cause,
		  struct reason *why)
{
	char line[REASON_SPACE];

	if (!is_by_bank(load, sector) ||
	    (cause != CAUSE_PROTECTED && cause != CAUSE_FAULT) ||
	    runner_is_stuck(load->runner))
		return false;
	reason_line(why, line, sizeof(line));
	log_info("flash", "bank %u was not erased at once (%s): its sectors are erased",
		 (unsigned)sector->bank->entry->number, line);
	load->is_bank_erased[load_bank_index(load, sector->bank)] = false;
	*why = (struct reason)REASON_INIT;
	return true;
}

enum cause
load_erase(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct sector *sector;
	enum cause cause = erase_some(load, done, why);

	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	sector = &load->plan.sectors[load->sector].sector;
	if (can_go_by_sectors(load, sector, cause, why))
		return CAUSE_NONE;
	if (is_by_bank(load, sector))
		return reason_while(why, "erasing bank %u",
				    (unsigned)sector->bank->entry->number);
	return reason_while(
		why, "erasing the sector of %u bytes at 0x%08x (number %u of bank %u)",
		(unsigned)sector->size, (unsigned)sector->at, (unsigned)sector->index,
		(unsigned)sector->bank->entry->number);
}
