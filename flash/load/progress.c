/* SPDX-License-Identifier: MIT */
/* progress.c - how much of a load is done, by what each part takes as a rule. */
#include "flash/load/load_internal.h"

/* The estimate does not count what pads the ends of pieces, so it may be passed. */
void
load_add_progress(struct load *load, uint64_t cost_us)
{
	uint64_t permille;

	load->cost_done_us += cost_us;
	permille = load->cost_done_us * 1000 / (load->cost_us + 1);
	load->staged.job.done_permille = permille < 1000 ? (unsigned)permille : 999;
}

void
load_estimate(struct load *load)
{
	const struct algorithm *algorithm = algorithm_of(load);

	load->cost_us = cost_of(algorithm->program_cost, load->request.image.bytes_total);
	for (size_t i = 0; i < load->plan.len; i++) {
		uint32_t size = load->plan.sectors[i].sector.size;

		load->cost_us += cost_of(algorithm->erase_cost, size) +
				 2 * (uint64_t)size / 1024 * EXAMINE_COST_US_PER_KIB;
	}
}
