/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/supply.h"

#include <math.h>

#include "test/emulator/wire/timing.h"

static double
source_volts(const struct supply *supply)
{
	if (!supply->is_on)
		return 0;
	return supply->is_dipping && supply->volts > BROWN_OUT_VOLTS ? BROWN_OUT_VOLTS
								     : supply->volts;
}

double
supply_volts(const struct supply *supply)
{
	return supply->ohm > 0 && supply->is_on ? supply->node : source_volts(supply);
}

/* The capacitor follows what the load leaves of the source. */
static void
node_follow(struct supply *supply, uint64_t ns)
{
	double goal = source_volts(supply) - supply->amps * supply->ohm;
	double tau_ns = supply->ohm * SUPPLY_FARAD * 1e9;

	goal = goal > 0 ? goal : 0;
	supply->node = supply->ohm > 0 && supply->is_on
			       ? goal + (supply->node - goal) * exp(-(double)ns / tau_ns)
			       : source_volts(supply);
}

void
supply_dip_every(struct supply *supply, uint64_t ns)
{
	if (supply->every_ns == ns)
		return;
	supply->every_ns = ns;
	if (!supply->is_dipping)
		supply->rest_ns = ns;
}

void
supply_dip(struct supply *supply, uint64_t ns)
{
	supply->is_dipping = ns > 0;
	supply->rest_ns = ns > 0 ? ns : supply->every_ns;
}

uint64_t
supply_next_event(const struct supply *supply)
{
	uint64_t dip =
		supply->is_dipping || supply->every_ns ? supply->rest_ns : UINT64_MAX;

	return supply->ohm > 0 && dip > SUPPLY_STEP_NS ? SUPPLY_STEP_NS : dip;
}

bool
supply_pass(struct supply *supply, uint64_t ns)
{
	node_follow(supply, ns);
	if (!supply->is_dipping && !supply->every_ns)
		return false;
	supply->rest_ns -= ns < supply->rest_ns ? ns : supply->rest_ns;
	if (supply->rest_ns)
		return false;
	supply->is_dipping = !supply->is_dipping;
	supply->rest_ns = supply->is_dipping ? BROWN_OUT_NS : supply->every_ns;
	return true;
}
