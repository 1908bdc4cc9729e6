/* SPDX-License-Identifier: MIT */
#include "targets/connect/power_cycle.h"

#include "targets/connect/connect.h"
#include "targets/reset/nrst.h"
#include "transport/probe/vtarget.h"

#include <stdlib.h>

enum {
	LOOK_US = 20000,
	OFF_MV = 1000,
	STEADY_LOOKS = 3,
	TRY_EVERY_LOOKS = 10 /* of a probe that cannot measure */
};

bool
board_may_need_power_cycle(struct board *board)
{
	const struct facts *facts = board_facts(board);
	uint32_t millivolts = 0;

	return facts_is(facts, FACT_ANSWERS_IN_RESET, 0) &&
	       (!facts_get(facts, FACT_TARGET_VOLTAGE, &millivolts) ||
		millivolts >= OFF_MV);
}

struct cycle_job {
	struct nrst_job nrst;
	uint32_t patience_ms;
	power_cycle_say *say;
	void *context;
	unsigned looks;
	struct job *connecting;
};

static struct cycle_job *
cycle_of(struct staged_job *job)
{
	return container_of(nrst_job_of(job), struct cycle_job, nrst);
}

static enum cause
hold_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct cycle_job *cycle = cycle_of(job);

	*done = true;
	nrst_wait_for(&cycle->nrst, cycle->patience_ms);
	cycle->say(cycle->context,
		   "NRST is held low. Now switch the board's power off, wait a second, and "
		   "switch it on again; the probe must stay plugged in");
	return nrst_drive(&cycle->nrst, true, why);
}

static enum cause
out_of_patience(const struct cycle_job *cycle, struct reason *why)
{
	return reason_begin(why, CAUSE_TIMEOUT,
			    "the board's power was not switched off and on within %u s",
			    (unsigned)(cycle->patience_ms / 1000));
}

/* A probe that cannot measure sees the debug port answer, with NRST low all the time. */
static bool
answers(struct cycle_job *cycle)
{
	struct board *board = cycle->nrst.board;
	struct reason silent = REASON_INIT;

	if (cycle->looks % TRY_EVERY_LOOKS != 0)
		return false;
	return dap_connect(&board->dap, &silent) == CAUSE_NONE;
}

static enum cause
wait_for(struct cycle_job *cycle, bool wanted, bool *done, struct reason *why)
{
	struct reason unmeasured = REASON_INIT;
	unsigned millivolts = 0;
	enum cause cause =
		probe_measure_vtarget(cycle->nrst.board->probe, &millivolts, &unmeasured);
	bool is_so = wanted ? millivolts >= VTARGET_RUNS_FROM_MV : millivolts < OFF_MV;

	if (cause == CAUSE_GONE) {
		*why = unmeasured;
		return CAUSE_GONE;
	}
	cycle->looks = cause == CAUSE_NONE && !is_so ? 0 : cycle->looks + 1;
	*done = cause == CAUSE_NONE ? cycle->looks >= STEADY_LOOKS : answers(cycle);
	cycle->nrst.staged.job.wait_us = *done ? 0 : LOOK_US;
	if (!*done && deadline_is_over(&cycle->nrst.deadline))
		return out_of_patience(cycle, why);
	return CAUSE_NONE;
}

static enum cause
off_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct cycle_job *cycle = cycle_of(job);
	enum cause cause = wait_for(cycle, false, done, why);

	if (*done) {
		cycle->looks = 0;
		cycle->say(cycle->context, "the power is off; switch it on again");
	}
	return cause;
}

static enum cause
on_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct cycle_job *cycle = cycle_of(job);
	enum cause cause = wait_for(cycle, true, done, why);

	if (*done)
		cycle->say(cycle->context, "the power is back; connecting with NRST low");
	return cause;
}

/* From here on NRST is the other job's. */
static enum cause
connect_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct cycle_job *cycle = cycle_of(job);
	enum cause cause;

	if (cycle->connecting == NULL) {
		cycle->connecting = board_connect_held(cycle->nrst.board);
		cycle->nrst.is_low = false;
	}
	cause = job_step(cycle->connecting, done, why);
	job->job.wait_us = cycle->connecting->wait_us;
	if (*done)
		facts_know(&cycle->nrst.board->facts, FACT_POWER_CYCLE_HELPS, 1);
	return cause;
}

static const struct job_stage stages[] = {
	{ "hold NRST", hold_stage, NULL },
	{ "wait for the power to go", off_stage, NULL },
	{ "wait for the power to come back", on_stage, NULL },
	{ "connect", connect_stage, NULL },
	{ 0 },
};

static enum cause
clean_up(struct staged_job *job, enum cause after, struct reason *why)
{
	struct cycle_job *cycle = cycle_of(job);

	if (cycle->connecting != NULL && after == CAUSE_NONE)
		return job_cancel(cycle->connecting, why);
	return nrst_let_go(&cycle->nrst, why);
}

static void
cycle_free(struct staged_job *job)
{
	struct cycle_job *cycle = cycle_of(job);

	if (cycle->connecting != NULL)
		job_free(cycle->connecting);
	free(cycle);
}

struct job *
board_connect_through_power_cycle(struct board *board, uint32_t patience_ms,
				  power_cycle_say *say, void *context)
{
	static const struct staged_ops ops = { .clean_up = clean_up, .free = cycle_free };
	struct cycle_job *cycle = calloc(1, sizeof(*cycle));

	if (cycle == NULL)
		return board_no_job(board, "connecting");
	nrst_job_init(&cycle->nrst, board, "waiting for a power cycle", stages, &ops);
	cycle->patience_ms = patience_ms;
	cycle->say = say;
	cycle->context = context;
	return &cycle->nrst.staged.job;
}
