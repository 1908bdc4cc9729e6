/* SPDX-License-Identifier: MIT */
/*
 * plan.h - which sectors a load erases; and whether it can be done at all.
 */
#ifndef FLASH_LOAD_PLAN_H
#define FLASH_LOAD_PLAN_H

#include "flash/load/geometry.h"
#include "flash/load/request.h"

struct plan {
	size_t len, capacity;
	struct sector *sectors; /* each once, bank by bank */
};

/* Every sector that a range or the image of `request` touches. CAUSE_REQUEST: something is not
 * in flash, as geometry_check() says; CAUSE_HOST: no memory. The geometry must outlive the
 * plan. Touches no target. */
enum cause plan_make(struct plan *plan, const struct board *board,
		     const struct geometry *geometry, const struct load_request *request,
		     struct reason *why);
void plan_clear(struct plan *plan); /* frees; the plan is empty again */

#endif /* FLASH_LOAD_PLAN_H */
