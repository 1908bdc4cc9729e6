/* SPDX-License-Identifier: MIT */
/*
 * plan.h - which sectors a load erases; and whether it can be done at all.
 */
#ifndef FLASH_LOAD_PLAN_H
#define FLASH_LOAD_PLAN_H

#include "flash/load/load.h"

struct plan {
	size_t len, capacity;
	struct sector *sectors; /* each once, bank by bank */
};

/* CAUSE_REQUEST: something is not in flash; the story names the first such address and what
 * lies there by `board`. CAUSE_HOST. The geometry must outlive the plan. */
enum cause plan_make(struct plan *plan, const struct board *board,
		     const struct geometry *geometry, const struct image *image,
		     const struct flash_range *erase, size_t erase_len, struct reason *why);
void plan_clear(struct plan *plan); /* frees; the plan is empty again */

#endif /* FLASH_LOAD_PLAN_H */
