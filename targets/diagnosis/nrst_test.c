/* SPDX-License-Identifier: MIT */
/*
 * nrst_test.c - is NRST wired, does it move, how fast?
 *
 * What resets and connections see of NRST by the way is known by the same stages; here they
 * run for its own sake.
 */
#include "targets/diagnosis/examine_internal.h"

/* Through the 1 kOhm that a probe may have in its line 47 uF are empty after 200 ms. What is left in a
 * capacitor makes it look smaller. */
enum { ROUNDS = 3, FAST_US = 100000, SOFT_RESET_ENDS_MS = 1000, EMPTY_MS = 200 };

typedef enum cause stage_function(struct staged_job *job, bool *done, struct reason *why);

/* Reads S_RESET_ST of earlier resets away. */
static enum cause
begin_round(struct staged_job *job, bool *done, struct reason *why)
{
	uint32_t dhcsr;

	*done = true;
	return core_dhcsr_read(board_main_core(nrst_job_of(job)->board), &dhcsr, why);
}

static enum cause
pull(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = nrst_pull(job, done, why);

	nrst_wait_for(nrst_job_of(job), RESET_SEEN_MS);
	return cause;
}

static enum cause
see_low(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = nrst_see_low(job, done, why);

	if (cause == CAUSE_NONE && *done)
		nrst_wait_for(nrst_job_of(job), EMPTY_MS);
	return cause;
}

static enum cause
look_at_pin(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = nrst_job_of(job)->board;
	struct probe_pins pins;

	*done = true;
	if (probe_read_pins(board->probe, &pins, why) == CAUSE_NONE)
		facts_know(&board->facts, FACT_NRST_LEVEL_PULLED, pins.nrst);
	return CAUSE_NONE;
}

static enum cause
request(struct staged_job *job, bool *done, struct reason *why)
{
	*done = true;
	nrst_wait_for(nrst_job_of(job), RESET_SEEN_MS);
	return nrst_request_instead(nrst_job_of(job), why);
}

static enum cause
see_requested(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);
	bool is_seen = false, is_over = false;
	enum cause cause = nrst_look(nrst, &is_seen, &is_over, why);

	*done = is_seen || is_over;
	job->job.wait_us = *done ? 0 : RESET_POLL_US;
	if (*done)
		facts_know(&nrst->board->facts, FACT_SOFT_RESET, is_seen);
	if (*done)
		nrst_wait_for(nrst, SOFT_RESET_ENDS_MS);
	return cause;
}

static enum cause
see_it_end(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);
	bool is_seen = false, is_over = false;
	enum cause cause = CAUSE_NONE;

	if (facts_is(&nrst->board->facts, FACT_SOFT_RESET, 1))
		cause = nrst_look(nrst, &is_seen, &is_over, why);
	*done = !is_seen || is_over || cause != CAUSE_NONE;
	job->job.wait_us = *done ? 0 : RESET_POLL_US;
	if (*done && facts_is(&nrst->board->facts, FACT_SOFT_RESET, 1))
		facts_know(&nrst->board->facts, FACT_SOFT_RESET_ENDS, !is_seen);
	return CAUSE_NONE;
}

static stage_function *const by_pin[] = { begin_round, pull,         see_low,    nrst_hold,
					  look_at_pin, nrst_release, nrst_settle };
static stage_function *const by_request[] = { begin_round, request, see_requested,
					      see_it_end };

/* Runs the stage number x->step of `stages`. True: it was the last, or it failed. */
static bool
run_stage(struct examination *x, stage_function *const *stages, size_t len)
{
	struct reason why = REASON_INIT;
	bool done = false;
	enum cause cause = stages[x->step](&x->nrst.staged, &done, &why);

	if (cause != CAUSE_NONE) {
		(void)nrst_let_go(&x->nrst, &why);
		return true;
	}
	x->step += done ? 1 : 0;
	return x->step == len;
}

static bool
is_measured(const struct facts *facts)
{
	uint32_t rise_us = 0, most_us = 0;

	if (!facts_get(facts, FACT_NRST_RISE, &rise_us))
		return true;
	facts_get(facts, FACT_NRST_RISE_MOST, &most_us);
	return rise_us > FAST_US && nrst_is_rise_sharp(rise_us, most_us);
}

/* A second and a third time where that takes no time, or where the computer was busy: the closer
 * limits hold. */
bool
examine_nrst(struct examination *x)
{
	struct facts *facts = facts_of(x);

	if (x->seen != 0)
		return run_stage(x, by_request, array_len(by_request));
	if (!run_stage(x, by_pin, array_len(by_pin)))
		return false;
	x->step = 0;
	x->count++;
	x->seen = facts_is(facts, FACT_NRST_RESETS, 0);
	if (x->seen != 0)
		return false;
	return x->count == ROUNDS || facts_is(facts, FACT_NRST_STUCK, 1) ||
	       is_measured(facts);
}
