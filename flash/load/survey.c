/* SPDX-License-Identifier: MIT */
/*
 * survey.c - whether a bank is erased at once: where that takes less time than its sectors one by
 * one, and all that is not to be erased is blank, or is programmed again.
 */
#include "flash/load/load_internal.h"

#include "transport/base/bytes.h"

static uint64_t
bank_end(const struct flash_bank *bank)
{
	return (uint64_t)bank->base + bank->size;
}

/* What erasing the bank's sectors takes, less what programming those anew takes that hold
 * what they shall hold. */
static uint64_t
spared_us(const struct load *load, const struct flash_bank *bank)
{
	const struct algorithm *algorithm = algorithm_of(load);
	uint64_t erasing = 0, again = 0;

	for (size_t i = 0; i < load->part->plan.len; i++) {
		const struct planned *planned = &load->part->plan.sectors[i];

		if (planned->sector.bank != bank)
			continue;
		if (planned->is_erased)
			erasing += cost_of(algorithm->erase_cost, planned->sector.size);
		else if (!planned->is_programmed)
			again += cost_of(algorithm->program_cost, planned->sector.size);
	}
	return erasing > again ? erasing - again : 0;
}

static uint64_t
bytes_beside(const struct load *load, const struct flash_bank *bank)
{
	uint64_t beside = bank->size;

	for (size_t i = 0; i < load->part->plan.len; i++)
		if (load->part->plan.sectors[i].sector.bank == bank)
			beside -= load->part->plan.sectors[i].sector.size;
	return beside;
}

static bool
is_worth_it(const struct load *load, const struct flash_bank *bank)
{
	uint64_t us = cost_of(algorithm_of(load)->erase_bank_cost, bank->size) +
		      bytes_beside(load, bank) / 1024 * EXAMINE_COST_US_PER_KIB;

	return !load->is_protected && !bank->is_cut &&
	       algorithm_of(load)->erase_bank != ALGORITHM_NONE &&
	       load->parameters[load_bank_index(load, bank)].erase_bank != 0 &&
	       spared_us(load, bank) > us;
}

/* The next range of the bank that the plan does not have, or nothing. */
static bool
next_gap(struct load *load, const struct flash_bank *bank, struct examined *gap)
{
	uint64_t at = load->survey.at, end;
	struct planned *planned;

	while (at < bank_end(bank) &&
	       (planned = plan_find(&load->part->plan, (uint32_t)at)) != NULL)
		at += planned->sector.size;
	for (end = at; end < bank_end(bank) && end - at < EXAMINE_MAX_BYTES &&
		       plan_find(&load->part->plan, (uint32_t)end) == NULL;) {
		struct sector sector;

		/* What belongs to no sector is looked at as well. */
		if (!geometry_sector_at(&load->part->geometry, (uint32_t)end, &sector))
			sector.size = sizeof(uint32_t);
		end += sector.size;
	}
	load->survey.at = end;
	*gap = (struct examined){ .at = (uint32_t)at, .size = (uint32_t)(end - at) };
	return end > at;
}

static void
next_bank(struct load *load)
{
	load->survey.bank++;
	load->survey.at = 0;
}

/* All of the bank's sectors are blank then: what was left alone is programmed again. */
static void
take_bank(struct load *load, const struct flash_bank *bank)
{
	load->survey.is_bank_erased[load->survey.bank] = true;
	for (size_t i = 0; i < load->part->plan.len; i++) {
		struct planned *planned = &load->part->plan.sectors[i];

		if (planned->sector.bank != bank)
			continue;
		if (!planned->is_programmed)
			load->result.sectors_unchanged--;
		planned->is_erased = planned->is_programmed = true;
	}
}

/* Begins to look at the next gap; *is_examining tells. */
static void
begin_gap(struct load *load, const struct flash_bank *bank, bool *is_examining)
{
	*is_examining = false;
	if (load->survey.at == 0) {
		if (!is_worth_it(load, bank)) {
			next_bank(load);
			return;
		}
		load->survey.at = bank->base;
	}
	*is_examining = next_gap(load, bank, &load->examining.list[0]);
	load->examining.len = *is_examining;
	if (*is_examining)
		return;
	take_bank(load, bank);
	next_bank(load);
}

enum cause
load_survey(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	bool is_examining = load->is_calling, is_examined = false;
	enum cause cause = CAUSE_NONE;

	*done = load->survey.bank == load->part->geometry.banks_len;
	if (*done)
		return CAUSE_NONE;
	if (!is_examining)
		begin_gap(load, &load->part->geometry.banks[load->survey.bank],
			  &is_examining);
	if (is_examining)
		cause = load_examine_list(load, &is_examined, why);
	if (cause == CAUSE_NONE && is_examined &&
	    !load_is_blank(load, &load->examining.list[0]))
		next_bank(load);
	if (cause == CAUSE_FAULT) {
		load_start_anew(load, why);
		return CAUSE_NONE;
	}
	return cause == CAUSE_NONE ? cause : reason_while(why, "examining the flash");
}
