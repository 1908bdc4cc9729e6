/* SPDX-License-Identifier: MIT */
#include "targets/reset/nrst.h"

#include "transport/base/log.h"

/* From 0 V to 0.7 VDD, the level from which NRST is high (DS12712 Rev 5, 5.3.14), a capacitor
 * takes 1.2 RC. R is the chip's pull-up, 25 to 55 kOhm, typically 40 (the same table), so
 * 48 us are a nanofarad. */
enum {
	QUIET_READINGS = 2,
	HELD_READINGS =
		6, /* the first shows what was before; through a slow link few are made */
	SLOW_US = 50000, /* a microfarad; 100 nF take 5 ms */
	US_PER_NANOFARAD = 48,
	US_PER_MS = 1000,
	SETTLE_LEAST_MS = 500,
	SETTLE_MARGIN_MS = 100
};

void
nrst_job_init(struct nrst_job *nrst, struct board *board, const char *name,
	      const struct job_stage *stages, const struct staged_ops *ops)
{
	staged_job_init(&nrst->staged, name, stages, ops);
	nrst->staged.clock = board->probe->clock;
	nrst->board = board;
}

struct nrst_job *
nrst_job_of(struct staged_job *job)
{
	return container_of(job, struct nrst_job, staged);
}

bool
nrst_is_rise_sharp(uint32_t least_us, uint32_t most_us)
{
	return most_us - least_us <= least_us / 4;
}

void
nrst_wait_for(struct nrst_job *nrst, uint32_t ms)
{
	nrst->quiet = nrst->readings = 0;
	nrst->deadline = deadline_in_ms(board_clock(nrst->board), ms);
}

uint32_t
nrst_settle_ms(const struct board *board)
{
	uint32_t most_us = board->nrst_rise_most_us;
	uint32_t ms = 2 * (most_us / US_PER_MS) + SETTLE_MARGIN_MS;

	if (most_us == 0 || board->options.nrst_settle_ms != BOARD_NRST_SETTLE_MS)
		return board->options.nrst_settle_ms;
	return ms < SETTLE_LEAST_MS ? SETTLE_LEAST_MS : ms;
}

static uint64_t
now_us(const struct nrst_job *nrst)
{
	return clock_now_us(board_clock(nrst->board));
}

enum cause
nrst_drive(struct nrst_job *nrst, bool low, struct reason *why)
{
	enum cause cause = probe_drive_nrst(nrst->board->probe, low, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, low ? "pulling NRST low" : "releasing NRST");
	nrst->was_pulled = nrst->was_pulled || nrst->is_low || low;
	nrst->board->has_reset = nrst->board->has_reset || low;
	nrst->is_low = low;
	nrst->moved_us = now_us(nrst);
	nrst->reset_us = nrst->still_us = nrst->over_us = 0;
	return CAUSE_NONE;
}

enum cause
nrst_let_go(struct nrst_job *nrst, struct reason *why)
{
	return nrst->is_low ? nrst_drive(nrst, false, why) : CAUSE_NONE;
}

/* A chip in reset, or just coming out of it, refuses some accesses. */
static bool
may_pass(enum cause cause)
{
	return cause == CAUSE_FAULT || cause == CAUSE_TIMEOUT;
}

enum cause
nrst_request_instead(struct nrst_job *nrst, struct reason *why)
{
	enum cause cause = mem_write32(
		&board_main_core(nrst->board)->mem, AIRCR_AT,
		REG_PUT(AIRCR_KEY, AIRCR_VECTKEY) | REG_MASK(AIRCR_SYSRESETREQ), why);

	nrst->was_requested = nrst->board->has_reset = true;
	return may_pass(cause) ? CAUSE_NONE : cause;
}

/* Option bytes that this reset loads may have the main core wait to be started: then the other one is
 * the main core. */
static enum cause
read_dhcsr(struct board *board, uint32_t *dhcsr, struct reason *why)
{
	enum cause cause = core_dhcsr_read(board_main_core(board), dhcsr, why);

	if (cause == CAUSE_NONE && board_main_core(board)->is_silent &&
	    held_notice(board, board->main_core, cause))
		cause = core_dhcsr_read(board_main_core(board), dhcsr, why);
	return cause;
}

static enum cause
read_reset(struct nrst_job *nrst, bool *is_known, bool *is_reset, struct reason *why)
{
	uint32_t dhcsr = 0;
	uint64_t at_us = now_us(nrst);
	enum cause cause = read_dhcsr(nrst->board, &dhcsr, why);

	*is_known = cause == CAUSE_NONE;
	*is_reset = REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0;
	if (*is_known && *is_reset) {
		nrst->still_us = nrst->reset_us;
		nrst->reset_us = at_us;
	}
	if (may_pass(cause) && !deadline_is_over(&nrst->deadline))
		return CAUSE_NONE;
	return cause;
}

enum cause
nrst_look(struct nrst_job *nrst, bool *seen, bool *is_over, struct reason *why)
{
	bool is_known = false;
	enum cause cause = read_reset(nrst, &is_known, seen, why);

	*seen = *seen && is_known;
	*is_over = deadline_is_over(&nrst->deadline);
	return cause;
}

static enum cause
not_caught(const struct core *core, uint32_t dhcsr, struct reason *why)
{
	return reason_begin(
		why, CAUSE_TIMEOUT,
		"%s was reset but ran on: DEMCR.VC_CORERESET did not stop it at its "
		"reset vector (DHCSR is 0x%08x)",
		core->name, (unsigned)dhcsr);
}

enum cause
nrst_look_for_halt(struct nrst_job *nrst, bool *halted, struct reason *why)
{
	struct board *board = nrst->board;

	for (unsigned i = 0; i < board->cores_len; i++) {
		uint32_t dhcsr = 0;
		enum cause cause;

		if (core_is_held(&board->cores[i]))
			continue;
		cause = core_dhcsr_read(&board->cores[i], &dhcsr, why);
		if (cause != CAUSE_NONE)
			return cause;
		*halted = board->cores[i].is_halted;
		if (!*halted && deadline_is_over(&nrst->deadline))
			return not_caught(&board->cores[i], dhcsr, why);
		if (!*halted)
			return CAUSE_NONE;
	}
	return CAUSE_NONE;
}

static void
come_again(struct nrst_job *nrst, bool done)
{
	nrst->staged.job.wait_us = done ? 0 : RESET_POLL_US;
}

enum cause
nrst_pull(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);

	nrst_wait_for(nrst, nrst->board->options.nrst_hold_ms);
	*done = true;
	return nrst_drive(nrst, true, why);
}

enum cause
nrst_hold(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);

	(void)why;
	*done = deadline_is_over(&nrst->deadline);
	if (*done)
		nrst_wait_for(nrst, RESET_SEEN_MS);
	come_again(nrst, *done);
	return CAUSE_NONE;
}

/* S_RESET_ST keeps a reset that is over until it is read: two readings in a row
 * show one that lasts. */
enum cause
nrst_see_low(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);
	bool was = false, is = false, is_over = false;
	enum cause cause = nrst_look(nrst, &was, &is_over, why);

	if (cause == CAUSE_NONE && was)
		cause = nrst_look(nrst, &is, &is_over, why);
	if (cause != CAUSE_NONE)
		return cause;
	*done = is || is_over;
	nrst->is_without_effect = *done && !is;
	if (*done)
		facts_know(&nrst->board->facts, FACT_NRST_RESETS, is);
	if (is)
		facts_know(&nrst->board->facts, FACT_NRST_FALL,
			   (uint32_t)(now_us(nrst) - nrst->moved_us));
	come_again(nrst, *done);
	return CAUSE_NONE;
}

enum cause
nrst_release(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);

	nrst_wait_for(nrst, nrst_settle_ms(nrst->board));
	*done = true;
	return nrst_drive(nrst, false, why);
}

static void
add_range(enum fact fact, uint32_t least, uint32_t most, struct text *words)
{
	evidence_add_value(fact, least, words);
	if (most == least)
		return;
	text_add(words, " to ");
	evidence_add_value(fact, most, words);
}

/* For people, once. */
static void
tell_slow(uint32_t least_us, uint32_t most_us)
{
	bool is_one = nrst_is_rise_sharp(least_us, most_us);
	char words[128];
	struct text text;

	if (is_one)
		most_us = least_us;
	text_init(&text, words, sizeof(words));
	add_range(FACT_NRST_RISE, least_us, most_us, &text);
	text_add(&text, " to rise, as with ");
	add_range(FACT_NRST_CAPACITANCE, least_us / US_PER_NANOFARAD,
		  most_us / US_PER_NANOFARAD, &text);
	log_warning("board",
		    "NRST takes %s on the chip's own pull-up of 40 kOhm (on a "
		    "stronger one, more)%s; tether waits for it; try: %s",
		    words, is_one ? "" : ", as closely as this busy computer saw it",
		    finding_row(FINDING_B14)->remedy);
}

/* Two measurements that agree are of one capacitor, and the closer limits hold. */
static void
know_rise(struct facts *facts, uint32_t *least_us, uint32_t *most_us)
{
	uint32_t least, most;

	if (facts_get(facts, FACT_NRST_RISE, &least) &&
	    facts_get(facts, FACT_NRST_RISE_MOST, &most) && least <= *most_us &&
	    *least_us <= most) {
		*least_us = least > *least_us ? least : *least_us;
		*most_us = most < *most_us ? most : *most_us;
	}
	facts_know(facts, FACT_NRST_RISE, *least_us);
	facts_know(facts, FACT_NRST_RISE_MOST, *most_us);
}

/* It took at least until the reading before the last in reset: S_RESET_ST is kept until it is read, so
 * only that one is sure to have been in reset. And at most until the first reading out of it, by which
 * later resets wait. A busy computer reads seldom, and then the two are far apart. */
static void
take_rise(struct nrst_job *nrst)
{
	struct board *board = nrst->board;
	uint32_t most_us = (uint32_t)(nrst->over_us - nrst->moved_us), least_us = 0;
	bool was_slow = board->nrst_rise_us > SLOW_US;

	if (nrst->moved_us == 0 || nrst->is_without_effect)
		return;
	if (nrst->still_us > nrst->moved_us)
		least_us = (uint32_t)(nrst->still_us - nrst->moved_us);
	facts_know(&board->facts, FACT_NRST_STUCK, 0);
	know_rise(&board->facts, &least_us, &most_us);
	if (least_us <= SLOW_US)
		return;
	if (nrst_is_rise_sharp(least_us, most_us))
		facts_know(&board->facts, FACT_NRST_CAPACITANCE,
			   least_us / US_PER_NANOFARAD);
	board->nrst_rise_us = least_us;
	board->nrst_rise_most_us = most_us;
	if (!was_slow)
		tell_slow(least_us, most_us);
}

/* A reset of its own ends when the chip has seen NRST low (RM0440 Rev 8, 7.1.2, IRHEN) and high again.
 * NRST was high before it. */
static enum cause
does_not_end(struct reason *why)
{
	reason_begin(why, CAUSE_TIMEOUT,
		     "the reset that AIRCR.SYSRESETREQ began does not end: "
		     "DHCSR.S_RESET_ST stays set");
	reason_suspect(why, FINDING_B15);
	return CAUSE_TIMEOUT;
}

static enum cause
held_in_reset(const struct nrst_job *nrst, struct reason *why)
{
	struct facts *facts = &nrst->board->facts;

	facts_know(facts, FACT_NRST_STUCK, 1);
	facts_know(facts, FACT_NRST_WAS_PULLED, nrst->was_pulled);
	if (nrst->was_requested && !nrst->was_in_reset)
		facts_know(facts, FACT_RESET_REQUESTED, 1);
	if (nrst->was_requested && !nrst->was_pulled && !nrst->was_in_reset)
		return does_not_end(why);
	reason_begin(why, CAUSE_TIMEOUT,
		     "the chip is held in reset: DHCSR.S_RESET_ST stays set although the "
		     "probe lets NRST go");
	reason_suspect(why, FINDING_B12);
	return CAUSE_TIMEOUT;
}

enum cause
nrst_settle(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);
	bool is_known = false, is_reset = false;
	enum cause cause = read_reset(nrst, &is_known, &is_reset, why);

	if (cause != CAUSE_NONE)
		return cause;
	nrst->readings++;
	nrst->quiet = is_known && !is_reset ? nrst->quiet + 1 : 0;
	if (nrst->quiet == 1)
		nrst->over_us = now_us(nrst);
	*done = nrst->quiet >= QUIET_READINGS;
	if (!*done && nrst->readings >= HELD_READINGS && deadline_is_over(&nrst->deadline))
		return held_in_reset(nrst, why);
	come_again(nrst, nrst->quiet > 0);
	if (*done)
		take_rise(nrst);
	if (*done)
		nrst_wait_for(nrst, nrst->board->options.halt_timeout_ms);
	return CAUSE_NONE;
}
