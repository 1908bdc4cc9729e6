/* SPDX-License-Identifier: MIT */
/* parameters.c - what an algorithm is given about the chip and its supply. */
#include "flash/load/load_internal.h"

#include "transport/base/log.h"
#include "transport/probe/vtarget.h"

#include <string.h>

uint32_t
load_watchdog_at(struct board *board, struct core *core)
{
	const struct core_entry *cores = board_device(board)->cores;

	for (unsigned i = 0; i < DEVICE_MAX_CORES && cores[i].name != NULL; i++)
		if (strcmp(cores[i].name, core_name(core)) == 0)
			return cores[i].watchdog_at;
	return 0;
}

/* 0: it is not known. */
static unsigned
measure_supply(const struct load *load)
{
	struct reason unknown = REASON_INIT;
	struct vtarget vtarget = { 0 };

	if (geometry_interface(&load->part->geometry)->registers.widths[0].bytes == 0)
		return 0;
	if (vtarget_measure(board_probe(load->board), &vtarget, &unknown) == CAUSE_NONE &&
	    vtarget.class == VTARGET_STABLE)
		return vtarget.millivolts;
	log_info("flash",
		 "the probe does not measure the target's supply: flash is programmed as "
		 "%u.%u V allow",
		 DRIVER_UNKNOWN_SUPPLY_MV / 1000, DRIVER_UNKNOWN_SUPPLY_MV / 100 % 10);
	return 0;
}

static void
make_parameters(struct load *load, unsigned supply_mv)
{
	const struct geometry *geometry = &load->part->geometry;
	struct flash_surroundings around = { .watchdog_at = load_watchdog_at(load->board,
									     load->core),
					     .supply_mv = supply_mv,
					     .are_banks_swapped = load->are_banks_swapped };

	for (unsigned i = 0; i < geometry->banks_len; i++)
		load->parameters[i] = flash_driver_parameters(
			load->part->driver, geometry->banks[i].entry, &around);
}

void
load_measure_supply(struct load *load)
{
	make_parameters(load, measure_supply(load));
}

void
load_make_parameters(struct load *load)
{
	make_parameters(load, 0);
	load->banks = (struct runner_banks){ .parameters = load->parameters,
					     .len = load->part->geometry.banks_len };
	flash_driver_forget_ecc(load->part->driver, load->parameters[0].registers,
				&load->banks);
}
