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
				    .success = algorithm->success,
				    .bank = load_bank_index(load, sector->bank),
				    .timeout_ms = algorithm->erase_ms,
				    .typical_us = (uint32_t)cost_of(algorithm->erase_cost,
								    sector->size) };

	if (algorithm->takes_end)
		call.r1 = sector->at + sector->size - 1;
	if (is_by_bank(load, sector)) {
		call.entry = algorithm->erase_bank;
		call.r0 = sector->bank->base;
		call.r1 = sector->bank->size;
		call.timeout_ms = algorithm->erase_bank_ms;
		call.typical_us =
			(uint32_t)cost_of(algorithm->erase_bank_cost, sector->bank->size);
	}
	return load_start_call(load, &call, why);
}

/* The first from `from` on that is to be erased; the plan's length: there is none. */
static size_t
find_next(const struct load *load, size_t from)
{
	while (from < load->part->plan.len && !load->part->plan.sectors[from].is_erased)
		from++;
	return from;
}

/* Behind what one call erases, which begins with the sector `first`. */
static size_t
end_of_call(const struct load *load, size_t first)
{
	const struct planned *sectors = load->part->plan.sectors;
	size_t end = first + 1;

	while (is_by_bank(load, &sectors[first].sector) && end < load->part->plan.len &&
	       sectors[end].sector.bank == sectors[first].sector.bank)
		end++;
	return end;
}

static void
count_erased(struct load *load)
{
	size_t end = end_of_call(load, load->sector);

	for (; load->sector < end; load->sector++) {
		uint32_t size = load->part->plan.sectors[load->sector].sector.size;

		load->result.sectors_erased++;
		load_add_progress(load, cost_of(algorithm_of(load)->erase_cost, size));
	}
	load->sector = find_next(load, load->sector);
}

static enum cause
await_some(struct load *load, struct reason *why)
{
	unsigned finished = 0;
	enum cause cause = load_await_calls(
		load, load->part->plan.sectors[load->sector].sector.bank, &finished, why);

	while (finished-- > 0)
		count_erased(load);
	return cause;
}

/* While one sector is erased the calls for the next are there. */
static enum cause
erase_some(struct load *load, bool *done, struct reason *why)
{
	size_t next = find_next(load, load->next_erase);
	enum cause cause = CAUSE_NONE;

	load->sector = find_next(load, load->sector);
	if (next < load->part->plan.len && runner_has_room(load->runner)) {
		load->next_erase = end_of_call(load, next);
		return start_erase(load, &load->part->plan.sectors[next].sector, why);
	}
	if (load->is_calling)
		cause = await_some(load, why);
	*done = cause == CAUSE_NONE && !load->is_calling;
	if (*done)
		load->sector = load->next_erase = 0;
	return cause;
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
	    runner_calls(load->runner) > 0)
		return false;
	reason_line(why, line, sizeof(line));
	log_info("flash", "bank %u was not erased at once (%s): its sectors are erased",
		 (unsigned)sector->bank->entry->number, line);
	load->is_bank_erased[load_bank_index(load, sector->bank)] = false;
	load->next_erase = load->sector;
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
	sector = &load->part->plan.sectors[load->sector].sector;
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
