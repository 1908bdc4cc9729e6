/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/supply.h"

#include "test/emulator/wire/timing.h"

double
supply_volts(const struct supply *supply)
{
	if (!supply->is_on)
		return 0;
	return supply->is_dipping && supply->volts > BROWN_OUT_VOLTS ? BROWN_OUT_VOLTS
								     : supply->volts;
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
	return supply->is_dipping || supply->every_ns ? supply->rest_ns : UINT64_MAX;
}

bool
supply_pass(struct supply *supply, uint64_t ns)
{
	if (!supply->is_dipping && !supply->every_ns)
		return false;
	supply->rest_ns -= ns < supply->rest_ns ? ns : supply->rest_ns;
	if (supply->rest_ns)
		return false;
	supply->is_dipping = !supply->is_dipping;
	supply->rest_ns = supply->is_dipping ? BROWN_OUT_NS : supply->every_ns;
	return true;
}
