/* SPDX-License-Identifier: MIT */
/* outside.c - experiments with supply, pins and wires, which need no core. */
#include "targets/diagnosis/examine_internal.h"

#include "transport/adi/registers.h"
#include "transport/probe/vtarget.h"

#include <string.h>

enum { SUPPLY_LOOKS = 6, SUPPLY_PAUSE_US = 11000, LINK_READS = 50 };

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
	return ++x->count == SUPPLY_LOOKS;
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
	return pins.nrst || ++x->count == NRST_LOOKS;
}

/* From the clock wanted down; 0 ends it. */
static uint32_t
clock_at(const struct board *board, unsigned index)
{
	uint32_t hz = board->options.speed_hz;

	while (index-- > 0 && hz != 0)
		hz = probe_slower_clock(hz);
	return hz;
}

/* True: it was as it should be. */
static bool
read_once(struct board *board, uint32_t expected, struct clock_reading *readings)
{
	struct transfer dpidr = { TRANSFER_DP_READ, 0, DP_DPIDR, 0 };
	struct reason unread = REASON_INIT;
	struct outcome outcome = { .ack = ACK_UNKNOWN };
	enum cause cause = probe_transfer(board->probe, &dpidr, 1, &outcome, &unread);

	if (cause == CAUSE_NONE && (expected == 0 || dpidr.value == expected)) {
		readings->good++;
		return true;
	}
	if (cause == CAUSE_NONE || outcome.ack == ACK_PARITY)
		readings->damaged++;
	else
		readings->lost++;
	return false;
}

/* What cannot be entered cannot be read. */
static bool
enter_once(struct board *board, struct clock_reading *readings)
{
	struct reason why = REASON_INIT;

	if (probe_enter_swd(board->probe, &why) == CAUSE_NONE)
		return true;
	if (probe_is_link_suspect(&why))
		readings->damaged++;
	else
		readings->lost++;
	return false;
}

/* A port that met a protocol error is silent until the next line reset (IHI 0031G B4.2.5), as is
 * one whose supply was away: it is entered again a few times, so that what is lost is not all that
 * came after the first. */
static void
read_all(struct board *board, uint32_t expected, struct clock_reading *readings)
{
	enum { ENTRIES = 6 };
	unsigned entries = 0;
	bool is_in = false;

	for (unsigned i = 0; i < LINK_READS; i++) {
		bool is_to_enter = !is_in && entries < ENTRIES;

		if (is_to_enter) {
			entries++;
			is_in = enter_once(board, readings);
		}
		if (is_in || !is_to_enter)
			is_in = read_once(board, expected, readings);
		if (readings->good == 0 && entries == ENTRIES)
			break;
	}
}

static void
read_at(struct board *board, uint32_t hz, struct clock_reading *readings)
{
	struct reason why = REASON_INIT;
	uint32_t expected = 0;

	*readings = (struct clock_reading){ .hz = hz };
	if (probe_set_clock(board->probe, &hz, &why) != CAUSE_NONE &&
	    why.cause != CAUSE_UNSUPPORTED)
		return;
	facts_get(&board->facts, FACT_DPIDR, &expected);
	read_all(board, expected, readings);
	if (readings->good > 0)
		return;
	/* Nothing came of the first few. */
	if (readings->damaged > 0)
		readings->damaged = LINK_READS - readings->lost;
	else
		readings->lost = LINK_READS;
}

/* Puts the link back as it was, for the experiments to come. */
static void
restore_link(struct board *board)
{
	struct reason why = REASON_INIT;
	uint32_t hz = board->options.speed_hz;

	facts_get(&board->facts, FACT_CLOCK, &hz);
	if (probe_set_clock(board->probe, &hz, &why) == CAUSE_NONE ||
	    why.cause == CAUSE_UNSUPPORTED)
		(void)dap_connect(&board->dap, &why);
}

static void
keep_clock(struct board *board, const struct clock_reading *reading)
{
	struct bench_readings *readings = &board->readings;

	if (readings->clocks_len < READINGS_OF_CLOCKS)
		readings->clocks[readings->clocks_len++] = *reading;
}

static void
take_readings(struct examination *x, uint32_t hz, const struct clock_reading *readings)
{
	struct facts *facts = facts_of(x);
	bool is_clean = readings->good == LINK_READS;

	if (x->count == 0) {
		facts_know(facts, FACT_LINK_READS, LINK_READS);
		facts_know(facts, FACT_LINK_LOST, readings->lost);
		facts_know(facts, FACT_LINK_DAMAGED, readings->damaged);
		x->seen = readings->good;
	}
	if (is_clean && !facts->of[FACT_CLEAN_CLOCK].is_known)
		facts_know(facts, FACT_CLEAN_CLOCK, hz);
	if (is_clean && x->count > 0 && x->seen < LINK_READS)
		facts_know(facts, FACT_SLOW_CLOCK_HELPS, 1);
}

/* Wires that lose one read in twenty at every clock pass fifty of them now and then: a slower clock
 * helps when all of 200 are whole. */
static bool
is_to_be_proven(struct examination *x, const struct clock_reading *readings)
{
	enum { ROUNDS = 4 };

	return x->count > 0 && readings->good == LINK_READS && ++x->step < ROUNDS;
}

/* The clock of the connection may have seemed to help, and has not. */
static void
end_link(struct examination *x)
{
	struct facts *facts = facts_of(x);
	bool is_clean = facts->of[FACT_CLEAN_CLOCK].is_known;

	if (!is_clean && x->damaged > 0)
		facts_know(facts, FACT_SLOW_CLOCK_HELPS, 0);
	facts_know(facts, FACT_LINK_BREAKS, !is_clean && x->damaged == 0 && x->whole > 0);
	restore_link(x->nrst.board);
}

/* One clock a step, or a part of one. A clock that is clean needs no slower one. */
bool
examine_link(struct examination *x)
{
	uint32_t hz = clock_at(x->nrst.board, x->count);
	struct clock_reading readings;
	bool is_over;

	if (hz != 0) {
		read_at(x->nrst.board, hz, &readings);
		x->damaged += readings.damaged;
		x->whole += readings.good;
		if (is_to_be_proven(x, &readings))
			return false;
		take_readings(x, hz, &readings);
		keep_clock(x->nrst.board, &readings);
	}
	x->count++;
	x->step = 0;
	is_over = hz == 0 || facts_of(x)->of[FACT_CLEAN_CLOCK].is_known;
	if (is_over)
		end_link(x);
	return is_over;
}
