/* SPDX-License-Identifier: MIT */
/* catch.c - halting a core in the moment in which it lets a debugger in. */
#include "targets/connect/connect_internal.h"
#include "transport/probe/vtarget.h"

enum {
	CATCH_MS = 300,    /* of tries to catch a core awake */
	CATCH_WAIT_MS = 4, /* for which each of them bears WAIT */
	CATCH_PAUSE_US =
		100 /* between them: a try that fails at once must not be all there is */
};

static bool
reach_core(struct connect_job *connect)
{
	struct board *board = connect->nrst.board;
	struct reason why = REASON_INIT;

	if (connect->is_reached)
		return true;
	if (dap_connect(&board->dap, &why) == CAUSE_NONE)
		return board_find_core(board, &why) == CAUSE_NONE;
	/* A chip on its way into Stop is met with WAIT first. */
	if (reason_finding(&why) == FINDING_C3)
		facts_know(&board->facts, FACT_FIRST_ANSWER, ANSWER_NO_POWER_UP);
	return false;
}

/* A core that sleeps lets a debugger in when it wakes, for as long as it is awake: at once C_HALT,
 * which keeps it so. Before that nothing that takes time. One that is in reset stops at its
 * vector. */
static bool
try_to_catch(struct connect_job *connect)
{
	struct core *core = board_main_core(connect->nrst.board);
	struct reason why = REASON_INIT;
	uint32_t dhcsr = 0;

	connect->is_reached =
		reach_core(connect) &&
		mem_write32(&core->mem, DHCSR_AT, core_control(REG_MASK(DHCSR_C_HALT)),
			    &why) == CAUSE_NONE &&
		core_dhcsr_read(core, &dhcsr, &why) == CAUSE_NONE;
	if (connect->is_reached && connect->watch_ms != 0 &&
	    REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0)
		connect->is_reached = core_demcr_write(core, REG_MASK(DEMCR_VC_CORERESET),
						       &why) == CAUSE_NONE;
	return connect->is_reached && core->is_halted;
}

static uint32_t
catch_ms(const struct connect_job *connect)
{
	return connect->watch_ms != 0 ? connect->watch_ms : CATCH_MS;
}

static enum cause
begin_catch_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);

	connect->patience = deadline_in_ms(board_clock(board_of(job)), catch_ms(connect));
	board_of(job)->dap.wait_ms = CATCH_WAIT_MS;
	*done = true;
	return connect_set_clock(board_of(job), connect_wanted_hz(connect), why);
}

static enum cause
catch_asleep_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);

	connect->is_caught = *done = try_to_catch(connect);
	job->job.wait_us = *done ? 0 : CATCH_PAUSE_US;
	if (*done)
		board_of(job)->dap.wait_ms = DAP_WAIT_MS;
	/* Without a probe no core is caught. */
	if (!*done && probe_is_lost(board_of(job)->probe)) {
		*why = *probe_lost_why(board_of(job)->probe);
		return why->cause;
	}
	if (*done || !deadline_is_over(&connect->patience))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_TIMEOUT, "the core was not caught awake in %u ms",
			    (unsigned)catch_ms(connect));
}

/* DBGMCU keeps its debug clock on from here. */
static enum cause
let_run_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct core *core = board_main_core(board_of(job));
	enum cause cause = mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);

	*done = true;
	facts_know(&board_of(job)->facts, FACT_CAUGHT, 1);
	/* A core that halts waits for no access. */
	facts_know(&board_of(job)->facts, FACT_BUS_HANGS, 0);
	return cause == CAUSE_NONE ? core_let_run(core, why) : cause;
}

const struct job_stage connect_catch_stages[] = {
	{ "begin to catch the core awake", begin_catch_stage, NULL },
	{ "catch the core awake", catch_asleep_stage, NULL },
	{ "identify the chip", connect_identify_stage, NULL },
	{ "claim the cores", connect_claim_stage, NULL },
	{ "let it run", let_run_stage, NULL },
	{ "finish", connect_finish_stage, NULL },
	{ 0 },
};

static uint32_t
supply_mv(struct board *board)
{
	struct reason unmeasured = REASON_INIT;
	unsigned millivolts = 0;

	return probe_measure_vtarget(board->probe, &millivolts, &unmeasured) == CAUSE_NONE
		       ? millivolts
		       : 0;
}

/* What is caught as it starts has a supply, and wires that carry: what was thought of them while
 * nothing answered is refuted. */
static enum cause
know_start_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum { LEAST_MV = VTARGET_RUNS_FROM_MV };

	struct board *board = board_of(job);
	struct facts *facts = &board->facts;
	uint32_t before_mv = LEAST_MV, now_mv = supply_mv(board);

	(void)why;
	*done = true;
	facts_know(facts, FACT_CAUGHT_AT_START, 1);
	facts_know(facts, FACT_ANSWERS_IN_RESET, 1);
	facts_get(facts, FACT_TARGET_VOLTAGE, &before_mv);
	if (now_mv >= LEAST_MV) {
		facts_know(facts, FACT_SUPPLY_RETURNED, before_mv < LEAST_MV);
		facts_know(facts, FACT_TARGET_VOLTAGE, now_mv);
		facts_know(facts, FACT_VAPP_FLOATS, 0);
	}
	board_look_at_flags(board);
	return CAUSE_NONE;
}

/* It stays halted: what the program does next is to close the door. */
static enum cause
forget_catch_stage(struct staged_job *job, bool *done, struct reason *why)
{
	*done = true;
	return mem_write32(&board_main_core(board_of(job))->mem, DFSR_AT, DFSR_ALL, why);
}

const struct job_stage connect_watch_stages[] = {
	{ "begin to watch", begin_catch_stage, NULL },
	{ "catch the core at a sign of life", catch_asleep_stage, NULL },
	{ "identify the chip", connect_identify_stage, NULL },
	{ "look how it was met", know_start_stage, NULL },
	{ "claim the cores", connect_claim_stage, NULL },
	{ "forget the catch", forget_catch_stage, NULL },
	{ "finish", connect_finish_stage, NULL },
	{ 0 },
};
