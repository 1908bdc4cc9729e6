/* SPDX-License-Identifier: MIT */
/*
 * plan.h - which sectors a load erases; and whether it can be done at all.
 */
#ifndef FLASH_LOAD_PLAN_H
#define FLASH_LOAD_PLAN_H

#include "flash/load/geometry.h"
#include "flash/load/request.h"

/* What is to become of a sector: all of it is erased and programmed, until examining it has shown
 * what can be spared. */
struct planned {
	struct sector sector;
	bool is_erased, is_programmed;
	bool is_checked;  /* afterwards it was found to hold what it shall hold */
	bool is_examined; /* in this stage: what it holds is known */
};

struct plan {
	size_t len, capacity;
	struct planned *sectors; /* each once, in ascending order */
};

/* CAUSE_REQUEST: something of the request is not in flash, as geometry_check() says. */
enum cause plan_check(const struct board *board, const struct geometry *geometry,
		      const struct load_request *request, struct reason *why);
/* Every sector of the geometry that a range or the image of `request` touches. CAUSE_HOST: no
 * memory. The geometry must outlive the plan. Touches no target. */
enum cause plan_make(struct plan *plan, const struct geometry *geometry,
		     const struct load_request *request, struct reason *why);
void plan_clear(struct plan *plan); /* frees; the plan is empty again */
/* The sector that holds `at`; NULL: it is not in the plan. */
struct planned *plan_find(const struct plan *plan, uint32_t at);
bool plan_erases(const struct plan *plan);
bool plan_programs(const struct plan *plan);

#endif /* FLASH_LOAD_PLAN_H */
