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

static uint64_t
estimate_us(const struct load_part *part)
{
	const struct algorithm *algorithm = part->driver->algorithm;
	uint64_t us = 0;

	for (size_t i = 0; i < part->plan.len; i++) {
		uint32_t size = part->plan.sectors[i].sector.size;

		us += cost_of(algorithm->erase_cost, size) +
		      2 * (uint64_t)size / 1024 * EXAMINE_COST_US_PER_KIB;
	}
	return us;
}

void
load_estimate(struct load *load)
{
	load->cost_us =
		cost_of(algorithm_of(load)->program_cost, load->request.image.bytes_total);
	for (unsigned i = 0; i < load->parts_len; i++)
		load->cost_us += estimate_us(&load->parts[i]);
}
