/* SPDX-License-Identifier: MIT */
/*
 * link.c - the experiment that reads DPIDR at each clock.
 *
 * A slower clock that is clean proves nothing of wires alone: a supply that dips seven times a second
 * spoils the reads at one clock and spares those at the next. So the clock wanted is read again after
 * it, until it has failed several times, each after reads that were whole, and then the slower one
 * once more.
 */
#include "targets/diagnosis/examine_internal.h"

#include "transport/adi/registers.h"

enum {
	LINK_READS = 50, /* in a round */
	WHOLE_ROUNDS = 4,
	ROUNDS_BACK = 3,
	FAILURES_ENOUGH = 3
};

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
	bool is_in = false, was_whole = true;

	for (unsigned i = 0; i < LINK_READS; i++) {
		bool is_to_enter = !is_in && entries < ENTRIES;

		if (is_to_enter) {
			entries++;
			is_in = enter_once(board, readings);
		}
		if (is_in || !is_to_enter)
			is_in = read_once(board, expected, readings);
		if (!is_in && was_whole)
			readings->failures++;
		was_whole = is_in;
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
		x->failures = readings->failures;
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
	return x->count > 0 && readings->good == LINK_READS && ++x->step < WHOLE_ROUNDS;
}

static bool
is_to_look_back(const struct examination *x, const struct clock_reading *readings)
{
	return x->count > 0 && readings->good == LINK_READS && x->seen < LINK_READS &&
	       x->failures < FAILURES_ENOUGH && x->rounds_back == 0;
}

/* A round at the clock wanted. */
static void
look_back(struct examination *x)
{
	struct clock_reading readings;

	read_at(x->nrst.board, clock_at(x->nrst.board, 0), &readings);
	x->failures += readings.failures;
	x->damaged += readings.damaged;
	x->whole += readings.good;
	x->rounds_back++;
	x->looks_back = x->failures < FAILURES_ENOUGH && x->rounds_back < ROUNDS_BACK;
	x->step = 0;
}

/* The clock of the connection may have seemed to help, and has not. */
static void
end_link(struct examination *x)
{
	struct facts *facts = facts_of(x);
	bool is_clean = facts->of[FACT_CLEAN_CLOCK].is_known;

	if (!is_clean && x->damaged > 0)
		facts_know(facts, FACT_SLOW_CLOCK_HELPS, 0);
	facts_know(facts, FACT_LINK_FAILURES, x->failures);
	facts_know(facts, FACT_LINK_BREAKS, !is_clean && x->damaged == 0 && x->whole > 0);
	restore_link(x->nrst.board);
}

/* What the clocks that were not read would have shown is not known. */
static bool
cut_link_short(struct examination *x)
{
	facts_know(facts_of(x), FACT_LINK_FAILURES, x->failures);
	restore_link(x->nrst.board);
	return true;
}

static bool
read_next(struct examination *x)
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
		x->looks_back = is_to_look_back(x, &readings);
		if (x->looks_back)
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

/* One clock a step, or a part of one. A clock that is clean needs no slower one. */
bool
examine_link(struct examination *x)
{
	uint64_t begun_us = clock_now_us(board_clock(x->nrst.board));
	bool is_over = false;

	if (x->round_us != 0 && examine_is_late(x))
		return cut_link_short(x);
	if (x->looks_back)
		look_back(x);
	else
		is_over = read_next(x);
	examine_count_round(x, begun_us);
	return is_over;
}
