/* SPDX-License-Identifier: MIT */
#include "transport/probe/vtarget.h"

#include "transport/base/bytes.h"

#include <string.h>

/* The limits are those of the failure modes' table 0.3, made from what users reported; no
 * STM32 runs below 1.65 V (STM32U5, DS13543 table 28) or survives more than 4.0 V (the same,
 * table 25, "absolute maximum ratings"; the other families' are the same or lower). */
enum {
	READINGS = 5,
	PAUSE_US = 2000,
	ZERO_MV = 200,
	STEADY_MV = 100,
	FLOATING_MV = 1300,
	RUNS_FROM_MV = 1650,
	SURVIVES_MV = 4000,
	RAIL_LOW_MV = 2900,
	RAIL_HIGH_MV = 3600
};

static const struct {
	const char *words, *remedy;
} judgements[] = {
	[VTARGET_STABLE] = { NULL, NULL },
	[VTARGET_ZERO] = { "the target has no power, or the probe's VAPP (target voltage) "
			   "pin is not wired",
			   "give the board power; if it has, wire the probe's VAPP (target "
			   "voltage) pin to its supply" },
	[VTARGET_LOW] = { "that is less than any STM32 runs at",
			  "look at the board's supply and its load" },
	[VTARGET_FLOATING] = { "the probe's VAPP (target voltage) pin is wired to nothing",
			       "wire the probe's VAPP (target voltage) pin to the target's "
			       "supply" },
	[VTARGET_OWN] = { "but this ST-LINK is a clone, which measures its own supply and "
			  "not the target's",
			  "measure the target's supply with a meter" },
	[VTARGET_TOO_HIGH] = { "that is more than an STM32 survives: most often VAPP is "
			       "fed in behind the divider, as on pin 1 of a Nucleo's CN3, "
			       "and it is half of that",
			       "do not feed the supply into a pin that the board divides "
			       "already" },
};

/* ST's serials are a chip's unique id; many clones have this one. Failure mode A8. */
static bool
is_clone(const struct probe *probe)
{
	return strcmp(probe->identity.serial, "303030303030303030303031") == 0;
}

static enum vtarget_judgement
judge(const struct vtarget *v, bool is_clones)
{
	if (v->most - v->least > STEADY_MV)
		return VTARGET_FLOATING;
	if (is_clones && v->millivolts >= RAIL_LOW_MV && v->millivolts <= RAIL_HIGH_MV)
		return VTARGET_OWN;
	if (v->millivolts <= ZERO_MV)
		return VTARGET_ZERO;
	if (v->millivolts > SURVIVES_MV)
		return VTARGET_TOO_HIGH;
	if (v->millivolts >= RUNS_FROM_MV)
		return VTARGET_STABLE;
	return v->millivolts >= FLOATING_MV ? VTARGET_FLOATING : VTARGET_LOW;
}

static void
sort(unsigned readings[READINGS])
{
	for (unsigned i = 1; i < READINGS; i++)
		for (unsigned k = i; k > 0 && readings[k] < readings[k - 1]; k--) {
			unsigned swapped = readings[k];

			readings[k] = readings[k - 1];
			readings[k - 1] = swapped;
		}
}

enum cause
vtarget_measure(struct probe *probe, struct vtarget *vtarget, struct reason *why)
{
	unsigned readings[READINGS];

	for (unsigned i = 0; i < READINGS; i++) {
		enum cause cause = probe_measure_vtarget(probe, &readings[i], why);

		if (cause != CAUSE_NONE)
			return cause;
		if (i + 1 < READINGS)
			clock_sleep_us(probe->clock, PAUSE_US);
	}
	sort(readings);
	*vtarget = (struct vtarget){ .millivolts = readings[READINGS / 2],
				     .least = readings[0],
				     .most = readings[READINGS - 1] };
	vtarget->judgement = judge(vtarget, is_clone(probe));
	return CAUSE_NONE;
}

static void
add_volts(struct text *words, unsigned millivolts)
{
	text_add(words, "%u.%02u", millivolts / 1000, millivolts % 1000 / 10);
}

void
vtarget_add_volts(const struct vtarget *vtarget, struct text *words)
{
	add_volts(words, vtarget->millivolts);
	text_add(words, " V");
	if (vtarget->most - vtarget->least <= STEADY_MV)
		return;
	text_add(words, " (");
	add_volts(words, vtarget->least);
	text_add(words, " to ");
	add_volts(words, vtarget->most);
	text_add(words, " V in %d readings)", READINGS);
}

const char *
vtarget_meaning(const struct vtarget *vtarget)
{
	return judgements[vtarget->judgement].words;
}

const char *
vtarget_remedy(const struct vtarget *vtarget)
{
	return judgements[vtarget->judgement].remedy;
}
