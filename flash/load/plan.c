/* SPDX-License-Identifier: MIT */
#include "flash/load/plan.h"

#include <stdlib.h>

static enum cause
check_range(const struct board *board, const struct geometry *geometry, uint32_t at,
	    uint32_t size, const char *what, struct reason *why)
{
	uint64_t outside = geometry_first_outside(geometry, at);

	if (size == 0 || outside >= (uint64_t)at + size)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "0x%08x is not in flash, there is %s",
		     (unsigned)outside, board_region_name(board, (uint32_t)outside));
	reason_while(why, "%s %u bytes at 0x%08x", what, (unsigned)size, (unsigned)at);
	reason_hint(why,
		    "look at the program's linker script: what shall not be loaded must be "
		    "marked NOLOAD, the rest needs a load address in flash");
	return CAUSE_REQUEST;
}

static enum cause
check_all(const struct board *board, const struct geometry *geometry,
	  const struct image *image, const struct flash_range *erase, size_t erase_len,
	  struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < erase_len; i++)
		cause = check_range(board, geometry, erase[i].at, erase[i].size, "erasing",
				    why);
	for (size_t i = 0; cause == CAUSE_NONE && i < image->len; i++)
		cause = check_range(board, geometry, image->runs[i].at, image->runs[i].size,
				    "programming", why);
	return cause;
}

static bool
range_touches(const struct flash_range *range, const struct sector *sector)
{
	return range->size > 0 && range->at < (uint64_t)sector->at + sector->size &&
	       sector->at < (uint64_t)range->at + range->size;
}

static bool
is_wanted(const struct sector *sector, const struct image *image,
	  const struct flash_range *erase, size_t erase_len)
{
	for (size_t i = 0; i < erase_len; i++)
		if (range_touches(&erase[i], sector))
			return true;
	return image_touches(image, sector->at, sector->size);
}

static enum cause
add_sector(struct plan *plan, const struct sector *sector, struct reason *why)
{
	if (plan->len == plan->capacity) {
		size_t capacity = plan->capacity == 0 ? 64 : 2 * plan->capacity;
		struct sector *sectors =
			realloc(plan->sectors, capacity * sizeof(*sectors));

		if (sectors == NULL)
			return reason_begin(why, CAUSE_HOST,
					    "this computer has no memory left");
		plan->sectors = sectors;
		plan->capacity = capacity;
	}
	plan->sectors[plan->len++] = *sector;
	return CAUSE_NONE;
}

static enum cause
add_bank(struct plan *plan, const struct geometry *geometry, const struct flash_bank *bank,
	 const struct image *image, const struct flash_range *erase, size_t erase_len,
	 struct reason *why)
{
	uint64_t end = (uint64_t)bank->base + bank->size;
	struct sector sector;
	enum cause cause = CAUSE_NONE;

	for (uint64_t at = bank->base; cause == CAUSE_NONE && at < end; at += sector.size) {
		if (!geometry_sector_at(geometry, (uint32_t)at, &sector))
			break;
		if (is_wanted(&sector, image, erase, erase_len))
			cause = add_sector(plan, &sector, why);
	}
	return cause;
}

enum cause
plan_make(struct plan *plan, const struct board *board, const struct geometry *geometry,
	  const struct image *image, const struct flash_range *erase, size_t erase_len,
	  struct reason *why)
{
	enum cause cause = check_all(board, geometry, image, erase, erase_len, why);

	*plan = (struct plan){ 0 };
	for (unsigned i = 0; cause == CAUSE_NONE && i < geometry->banks_len; i++)
		cause = add_bank(plan, geometry, &geometry->banks[i], image, erase,
				 erase_len, why);
	if (cause != CAUSE_NONE)
		plan_clear(plan);
	return cause;
}

void
plan_clear(struct plan *plan)
{
	free(plan->sectors);
	*plan = (struct plan){ 0 };
}
