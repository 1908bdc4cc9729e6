/* SPDX-License-Identifier: MIT */
/*
 * pair.h - works in two banks at once, where each has a controller of its own.
 *
 * An interface's file includes this after controller.h. The core begins in one bank and then in the
 * other, and neither waits for the other's end.
 */
#ifndef FLASH_ALGORITHMS_PAIR_H
#define FLASH_ALGORITHMS_PAIR_H

#include "flash/algorithms/controller.h"
#include "flash/algorithms/mailbox.h"

uint32_t ErasePair(uint32_t at, uint32_t size, uint32_t number,
		   const struct parameters *chip,
		   const volatile struct mailbox_second *second);
uint32_t ProgramPair(uint32_t at, uint32_t size, const uint8_t *from,
		     const struct parameters *chip,
		     const volatile struct mailbox_second *second);

/* Of two that failed the first is reported. */
static inline uint32_t
pair_status(uint32_t first, uint32_t second)
{
	if (first != 0 || second == 0)
		return first;
	return second | ALGORITHM_SECOND;
}

/* `number`, of either: of a sector, or ALGORITHM_ALL. */
uint32_t
ErasePair(uint32_t at, uint32_t size, uint32_t number, const struct parameters *chip,
	  const volatile struct mailbox_second *second)
{
	const struct parameters *other = (const struct parameters *)second->r3;
	uint32_t first_status = erase_begin(chip, at, number);
	uint32_t second_status = erase_begin(other, second->r0, second->r2);

	first_status = erase_end(chip, at, size, number, first_status);
	second_status = erase_end(other, second->r0, second->r1, second->r2, second_status);
	return pair_status(first_status, second_status);
}

struct page_progress {
	const struct parameters *chip;
	uint32_t at, end;
	const uint8_t *from;
	uint32_t status;
};

static void
page_begin(struct page_progress *page)
{
	const struct parameters *chip = page->chip;

	page->status = controller_unlock(chip);
	if (((page->at | page->end) & (chip->granule - 1)) != 0)
		page->status = ALGORITHM_MISALIGNED;
	if (page->status == 0)
		*word_at(chip->cr) = chip->program;
}

/* Programs the next unit that is not erased, if there is one. While it is programmed the other
 * bank has its turn. */
static void
page_step(struct page_progress *page)
{
	const struct parameters *chip = page->chip;
	uint32_t unit = chip->granule;

	while (page->status == 0 && page->at < page->end) {
		bool is_written = !is_erased(chip->erased, page->from, unit);

		if (is_written)
			page->status = unit_finish(chip);
		if (is_written && page->status == 0)
			granule_write(unit, page->at, page->from);
		page->at += unit;
		page->from += unit;
		if (is_written)
			break;
	}
	watchdog_feed(chip);
}

static void
page_end(struct page_progress *page, uint32_t at, uint32_t size)
{
	if (page->status == 0)
		page->status = unit_finish(page->chip);
	controller_lock(page->chip, at, size);
}

static inline bool
page_is_done(const struct page_progress *page)
{
	return page->status != 0 || page->at >= page->end;
}

uint32_t
ProgramPair(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip,
	    const volatile struct mailbox_second *second)
{
	struct page_progress first = {
		.chip = chip, .at = at, .end = at + size, .from = from
	};
	struct page_progress other = { .chip = (const struct parameters *)second->r3,
				       .at = second->r0,
				       .end = second->r0 + second->r1,
				       .from = (const uint8_t *)second->r2 };

	page_begin(&first);
	page_begin(&other);
	while (!page_is_done(&first) || !page_is_done(&other)) {
		page_step(&first);
		page_step(&other);
	}
	page_end(&first, at, size);
	page_end(&other, second->r0, second->r1);
	return pair_status(first.status, other.status);
}

#endif /* FLASH_ALGORITHMS_PAIR_H */
