/* SPDX-License-Identifier: MIT */
#include "transport/probe/vtarget.h"

#include "transport/base/bytes.h"

#include <string.h>

/* The limits are those of the failure modes' table 0.3, made from what users reported; no
 * STM32 survives more than 4.0 V (STM32U5, DS13543 table 25, "absolute maximum ratings"; the
 * other families' are the same or lower). */
enum {
	READINGS = 5,
	PAUSE_US = 2000,
	ZERO_MV = 200,
	STEADY_MV = 100,
	FLOATING_MV = 1300,
	SURVIVES_MV = 4000,
	RAIL_LOW_MV = 2900,
	RAIL_HIGH_MV = 3600
};

static const enum finding findings[] = {
	[VTARGET_STABLE] = FINDING_NONE,
	[VTARGET_ZERO] = FINDING_B1,
	[VTARGET_LOW] = FINDING_B2,
	[VTARGET_FLOATING] = FINDING_B3,
	[VTARGET_DIPS] = FINDING_B2,
	[VTARGET_OWN] = FINDING_B4,
	[VTARGET_TOO_HIGH] = FINDING_LINK_VOLTAGE_DIVIDED,
};

static bool
is_clone(const struct probe *probe)
{
	return strcmp(probe->identity.serial, VTARGET_CLONES_SERIAL) == 0;
}

static enum vtarget_class
classify(const struct vtarget *v, bool is_clones)
{
	if (v->most - v->least > STEADY_MV)
		return v->millivolts >= VTARGET_RUNS_FROM_MV ? VTARGET_DIPS
							     : VTARGET_FLOATING;
	if (is_clones && v->millivolts >= RAIL_LOW_MV && v->millivolts <= RAIL_HIGH_MV)
		return VTARGET_OWN;
	if (v->millivolts <= ZERO_MV)
		return VTARGET_ZERO;
	if (v->millivolts > SURVIVES_MV)
		return VTARGET_TOO_HIGH;
	if (v->millivolts >= VTARGET_RUNS_FROM_MV)
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
	vtarget->class = classify(vtarget, is_clone(probe));
	return CAUSE_NONE;
}

/* Of two medians the higher: a supply that dips is there most of the time. */
struct vtarget
vtarget_merge(const struct vtarget *one, const struct vtarget *other)
{
	struct vtarget both = *one;

	if (other->millivolts > both.millivolts)
		both.millivolts = other->millivolts;
	if (other->least < both.least)
		both.least = other->least;
	if (other->most > both.most)
		both.most = other->most;
	both.class = classify(&both, one->class == VTARGET_OWN);
	return both;
}

static void
add_to(const struct vtarget *vtarget, struct evidence *evidence)
{
	evidence_add(evidence, FACT_TARGET_VOLTAGE, vtarget->millivolts, true);
	if (vtarget->most - vtarget->least <= STEADY_MV)
		return;
	evidence_add(evidence, FACT_TARGET_VOLTAGE_LEAST, vtarget->least, true);
	evidence_add(evidence, FACT_TARGET_VOLTAGE_MOST, vtarget->most, true);
}

enum finding
vtarget_finding(const struct vtarget *vtarget)
{
	return findings[vtarget->class];
}

void
vtarget_add_words(const struct vtarget *vtarget, struct text *words)
{
	struct evidence evidence = { 0 };
	enum finding finding = vtarget_finding(vtarget);

	add_to(vtarget, &evidence);
	evidence_add_words(&evidence, words);
	if (finding != FINDING_NONE)
		text_add(words, ": %s", finding_row(finding)->sentence);
}

void
vtarget_add_to(const struct vtarget *vtarget, struct reason *why)
{
	enum finding finding = vtarget_finding(vtarget);
	struct evidence evidence = { 0 };

	add_to(vtarget, &evidence);
	for (unsigned i = 0; i < evidence.len; i++)
		reason_saw(why, evidence.seen[i].fact, evidence.seen[i].value);
	if (finding != FINDING_NONE)
		reason_suspect(why, finding);
}
