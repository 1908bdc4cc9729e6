/* SPDX-License-Identifier: MIT */
#include "flash/load/plan.h"

#include <stdlib.h>

static enum cause
check_range(const struct board *board, const struct geometry *geometry, uint32_t at,
	    uint32_t size, const char *what, struct reason *why)
{
	if (geometry_check(geometry, board, at, size, why) == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "%s %u byte%s at 0x%08x", what, (unsigned)size,
			    text_s(size), (unsigned)at);
}

/* Each part was checked when it came; the chip may have been another one then. */
enum cause
plan_check(const struct board *board, const struct geometry *geometry,
	   const struct load_request *request, struct reason *why)
{
	const struct image *image = &request->image;
	enum cause cause = CAUSE_NONE;

	for (size_t i = 0; cause == CAUSE_NONE && i < request->ranges_len; i++)
		cause = check_range(board, geometry, request->ranges[i].at,
				    request->ranges[i].size, "erasing", why);
	for (size_t i = 0; cause == CAUSE_NONE && i < image->len; i++)
		cause = check_range(board, geometry, image->runs[i].at, image->runs[i].size,
				    "programming", why);
	return cause;
}

static bool
range_touches(const struct load_range *range, const struct sector *sector)
{
	return range->size > 0 && range->at < (uint64_t)sector->at + sector->size &&
	       sector->at < (uint64_t)range->at + range->size;
}

static bool
is_wanted(const struct sector *sector, const struct load_request *request)
{
	for (size_t i = 0; i < request->ranges_len; i++)
		if (range_touches(&request->ranges[i], sector))
			return true;
	return image_touches(&request->image, sector->at, sector->size);
}

static enum cause
add_sector(struct plan *plan, const struct sector *sector, struct reason *why)
{
	if (plan->len == plan->capacity) {
		size_t capacity = plan->capacity == 0 ? 64 : 2 * plan->capacity;
		struct planned *sectors =
			realloc(plan->sectors, capacity * sizeof(*sectors));

		if (sectors == NULL)
			return reason_begin(why, CAUSE_HOST,
					    "this computer has no memory left");
		plan->sectors = sectors;
		plan->capacity = capacity;
	}
	plan->sectors[plan->len++] = (struct planned){ .sector = *sector,
						       .is_erased = true,
						       .is_programmed = true };
	return CAUSE_NONE;
}

static enum cause
add_bank(struct plan *plan, const struct geometry *geometry, const struct flash_bank *bank,
	 const struct load_request *request, struct reason *why)
{
	uint64_t end = (uint64_t)bank->base + bank->size;
	struct sector sector;
	enum cause cause = CAUSE_NONE;

	for (uint64_t at = bank->base; cause == CAUSE_NONE && at < end; at += sector.size) {
		if (!geometry_sector_at(geometry, (uint32_t)at, &sector))
			break;
		if (is_wanted(&sector, request))
			cause = add_sector(plan, &sector, why);
	}
	return cause;
}

enum cause
plan_make(struct plan *plan, const struct geometry *geometry,
	  const struct load_request *request, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	*plan = (struct plan){ 0 };
	for (unsigned i = 0; cause == CAUSE_NONE && i < geometry->banks_len; i++)
		cause = add_bank(plan, geometry, &geometry->banks[i], request, why);
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

struct planned *
plan_find(const struct plan *plan, uint32_t at)
{
	size_t low = 0, high = plan->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct planned *planned = &plan->sectors[middle];

		if (range_contains(planned->sector.at, planned->sector.size, at, 1))
			return planned;
		if (planned->sector.at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool
plan_erases(const struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->sectors[i].is_erased)
			return true;
	return false;
}

bool
plan_programs(const struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->sectors[i].is_programmed)
			return true;
	return false;
}
