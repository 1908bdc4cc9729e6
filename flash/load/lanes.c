/* SPDX-License-Identifier: MIT */
/* lanes.c - whether two banks are worked in side by side. */
#include "flash/load/load_internal.h"

static bool
has_two_controllers(const struct load *load)
{
	const struct geometry *geometry = &load->part->geometry;

	return algorithm_of(load)->has_pairs && geometry->banks_len == LOAD_MAX_LANES &&
	       geometry->banks[0].entry->registers != geometry->banks[1].entry->registers;
}

static size_t
first_sector_from(const struct plan *plan, uint32_t at)
{
	size_t i = 0;

	while (i < plan->len && plan->sectors[i].sector.at < at)
		i++;
	return i;
}

void
load_begin_lanes(struct load *load)
{
	const struct load_part *part = load->part;

	load->lanes_len = 1;
	load->lanes[0] =
		(struct load_lane){ .end = UINT64_MAX, .end_erase = part->plan.len };
	if (!has_two_controllers(load))
		return;
	load->lanes_len = 2;
	load->lanes[1] = load->lanes[0];
	load->lanes[1].from = load->lanes[0].end = part->geometry.banks[1].base;
	load->lanes[1].next_erase = load->lanes[0].end_erase =
		first_sector_from(&part->plan, part->geometry.banks[1].base);
}

unsigned
load_lane_of(const struct load *load, uint32_t at)
{
	return load->lanes_len == 2 && at >= load->lanes[0].end;
}
