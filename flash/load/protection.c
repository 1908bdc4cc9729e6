/* SPDX-License-Identifier: MIT */
/*
 * protection.c - whether the option bytes protect what is to be erased or programmed: said before
 * anything is erased. What is not known here is found when the controller refuses an operation.
 */
#include "flash/load/load_internal.h"

#include "transport/base/text.h"

enum { PROTECTION_WORDS_MAX = 256 };

/* False where it cannot be read, or is not this part's. */
static bool
read_register(struct load *load, const struct protection_register *protection,
	      uint32_t *value)
{
	const struct memory_entry *first = load->part->geometry.banks[0].entry;

	return flash_driver_has(protection, first->interface) &&
	       flash_driver_read_protection(protection, load->core, first->registers,
					    value);
}

/* 0: it is no bank of this chip. */
static uint32_t
pages_of_bank(const struct load *load, unsigned number)
{
	const struct geometry *geometry = &load->part->geometry;

	for (unsigned i = 0; i < geometry->banks_len; i++)
		if (geometry->banks[i].entry->number == number)
			return flash_driver_sectors(geometry->banks[i].entry);
	return 0;
}

/* As the option bytes count the banks. */
static unsigned
number_of(const struct load *load, const struct sector *sector)
{
	return flash_driver_bank_number(sector->bank->entry, load->are_banks_swapped);
}

static bool
is_protected(const struct load *load, const struct protection_register *protection,
	     uint32_t value, const struct sector *sector)
{
	return flash_driver_protects(protection, value, number_of(load, sector),
				     sector->index,
				     sector->at - load->part->geometry.banks[0].base);
}

static void
suspect(const struct protection_register *protection, struct reason *why)
{
	if (protection->finding != FINDING_NONE)
		reason_suspect(why, protection->finding);
	else
		reason_suspect_with(why, FINDING_D4, "%s", "");
}

/* `what` they are: "write-protected". */
static enum cause
refuse(const struct load *load, const char *what, const struct planned *first,
       unsigned sectors, struct reason *why)
{
	const struct sector *sector = &first->sector;
	unsigned at = sector->at, size = sector->size, number = sector->index;
	unsigned bank = number_of(load, sector);

	if (sectors == 1)
		return reason_while(why,
				    "nothing was erased: the sector of %u bytes at 0x%08x "
				    "(number %u of bank %u) is %s",
				    size, at, number, bank, what);
	return reason_while(why,
			    "nothing was erased: %u sectors of this load are %s, the first "
			    "of %u bytes at 0x%08x (number %u of bank %u)",
			    sectors, what, size, at, number, bank);
}

static enum cause
check_register(struct load *load, const struct protection_register *row, struct reason *why)
{
	struct protection_register protection =
		flash_driver_narrowed(row, pages_of_bank(load, row->bank));
	const struct planned *first = NULL;
	char buffer[PROTECTION_WORDS_MAX];
	unsigned sectors = 0;
	struct text words;
	uint32_t value;

	if (!read_register(load, &protection, &value))
		return CAUSE_NONE;
	for (size_t i = 0; i < load->part->plan.len; i++) {
		const struct planned *planned = &load->part->plan.sectors[i];

		if (!is_protected(load, &protection, value, &planned->sector))
			continue;
		load->is_protected = true;
		if (!planned->is_erased && !planned->is_programmed)
			continue;
		sectors++;
		if (first == NULL)
			first = planned;
	}
	if (first == NULL)
		return CAUSE_NONE;
	text_init(&words, buffer, sizeof(buffer));
	flash_driver_add_protection(&protection, value, &words);
	reason_begin(why, CAUSE_PROTECTED, "%s", buffer);
	suspect(&protection, why);
	return refuse(load, protection.what != NULL ? protection.what : "write-protected",
		      first, sectors, why);
}

static bool
is_hidden(const struct hidden_range *range, const struct planned *planned)
{
	return hidden_touches(range, planned->sector.at, planned->sector.size);
}

/* Also of sectors that seem to hold what they shall: what was compared with are zeros of nobody. */
static enum cause
check_range(struct load *load, const struct hidden_range *range, struct reason *why)
{
	const struct planned *first = NULL;
	unsigned sectors = 0;
	char what[64];
	struct text words;

	for (size_t i = 0; i < load->part->plan.len; i++) {
		const struct planned *planned = &load->part->plan.sectors[i];

		if (!is_hidden(range, planned))
			continue;
		load->is_protected = true;
		sectors++;
		if (first == NULL)
			first = planned;
	}
	if (first == NULL)
		return CAUSE_NONE;
	text_init(&words, what, sizeof(what));
	text_add(&words, "protected by %s", range->what);
	reason_begin(why, CAUSE_PROTECTED, "%s: 0x%08x to 0x%08x %s", range->name,
		     (unsigned)range->at, (unsigned)(range->at + range->size - 1),
		     range->how);
	reason_suspect(why, FINDING_D5);
	return refuse(load, what, first, sectors, why);
}

/* What cannot be read is found when the controller refuses an operation. */
static enum cause
check_hidden(struct load *load, struct reason *why)
{
	struct reason unread = REASON_INIT;
	struct hidden_ranges ranges;
	enum cause cause =
		board_read_hidden(load->board, load->core, &ranges, &unread) == CAUSE_GONE
			? CAUSE_GONE
			: CAUSE_NONE;

	if (cause != CAUSE_NONE)
		*why = unread;
	for (size_t i = 0; cause == CAUSE_NONE && i < ranges.len; i++)
		if (ranges.list[i].how != NULL)
			cause = check_range(load, &ranges.list[i], why);
	return cause;
}

enum cause
load_check_protection(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause = CAUSE_NONE;

	*done = true;
	for (const struct protection_register *p = load->part->driver->protections;
	     cause == CAUSE_NONE && p->name != NULL; p++)
		cause = check_register(load, p, why);
	return cause == CAUSE_NONE ? check_hidden(load, why) : cause;
}

/* Before the flash is read: it cannot be. */
enum cause
load_check_readout(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	char buffer[PROTECTION_WORDS_MAX];
	struct text words;
	bool was_reset = false;

	text_init(&words, buffer, sizeof(buffer));
	*done = !flash_driver_is_readout_off(load->part->driver, load->core, &words);
	if (*done)
		return CAUSE_NONE;
	if (core_check_reset(load->core, &was_reset, why) != CAUSE_NONE)
		return reason_while(why,
				    "nothing was erased: looking at the read protection");
	if (was_reset) /* once more: zeros may have been the reset's */
		return CAUSE_NONE;
	reason_begin(why, CAUSE_PROTECTED, "%s", buffer);
	reason_suspect(why, FINDING_D1);
	return reason_while(why, "nothing was erased: the flash is read-protected");
}
