/* SPDX-License-Identifier: MIT */
/* outside.c - experiments with supply and pins, which need no core. */
#include "targets/diagnosis/examine_internal.h"

#include "transport/probe/vtarget.h"

#include <string.h>

/* Within 100 ms, at such distances that a dip each 10, 20 or 50 ms is not missed by all of them. */
enum { SUPPLY_LOOKS = 16, SUPPLY_PAUSE_US = 6100 };

static void
know_supply(struct facts *facts, const struct vtarget *v)
{
	facts_know(facts, FACT_TARGET_VOLTAGE, v->millivolts);
	facts_know(facts, FACT_TARGET_VOLTAGE_LEAST, v->least);
	facts_know(facts, FACT_TARGET_VOLTAGE_MOST, v->most);
	facts_know(facts, FACT_VOLTAGE_DIPS, v->class == VTARGET_DIPS);
	facts_know(facts, FACT_VAPP_FLOATS, v->class == VTARGET_FLOATING);
	facts_know(facts, FACT_PROBE_IS_CLONE, v->class == VTARGET_OWN);
}

static void
keep_supply(struct board *board, const struct vtarget *v)
{
	struct bench_readings *readings = &board->readings;

	if (readings->supply_len == READINGS_OF_SUPPLY)
		return;
	readings->supply[readings->supply_len++] =
		(struct supply_reading){ clock_now_us(board_clock(board)), v->least,
					 v->millivolts, v->most };
}

static struct vtarget
known_supply(const struct facts *facts, const struct vtarget *otherwise)
{
	struct vtarget v = *otherwise;
	uint32_t value;

	if (facts_get(facts, FACT_TARGET_VOLTAGE, &value))
		v.millivolts = value;
	if (facts_get(facts, FACT_TARGET_VOLTAGE_LEAST, &value))
		v.least = value;
	if (facts_get(facts, FACT_TARGET_VOLTAGE_MOST, &value))
		v.most = value;
	return v;
}

/* Several looks, since a dip of some milliseconds is easily missed. */
bool
examine_supply(struct examination *x)
{
	struct probe *probe = x->nrst.board->probe;
	struct reason unmeasured = REASON_INIT;
	struct vtarget v, before;

	/* Both have the same name and id on USB. */
	facts_know(facts_of(x), FACT_PROBE_MAY_BE_ISOLATED,
		   strcmp(probe->identity.kind, "ST-LINK/V2") == 0);
	if (vtarget_measure(probe, &v, &unmeasured) != CAUSE_NONE) {
		facts_miss(facts_of(x), FACT_TARGET_VOLTAGE);
		return true;
	}
	keep_supply(x->nrst.board, &v);
	before = known_supply(facts_of(x), &v);
	v = vtarget_merge(&v, &before);
	know_supply(facts_of(x), &v);
	examine_wait_us(x, SUPPLY_PAUSE_US);
	return ++x->count == SUPPLY_LOOKS || examine_is_late(x);
}

/* NRST may be on its way up after a try under reset: 100 nF take 5 ms. */
bool
examine_pins(struct examination *x)
{
	enum { NRST_LOOKS = 6, PAUSE_US = 10000 };
	struct reason unread = REASON_INIT;
	struct probe_pins pins;
	bool is_read = probe_read_pins(x->nrst.board->probe, &pins, &unread) == CAUSE_NONE;

	facts_know(facts_of(x), FACT_PROBE_SEES_PINS, is_read);
	if (!is_read)
		return true;
	facts_know(facts_of(x), FACT_SWDIO, pins.swdio);
	facts_know(facts_of(x), FACT_SWCLK, pins.swclk);
	facts_know(facts_of(x), FACT_NRST_LEVEL, pins.nrst);
	examine_wait_us(x, PAUSE_US);
	return pins.nrst || ++x->count == NRST_LOOKS || examine_is_late(x);
}
