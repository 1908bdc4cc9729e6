/* SPDX-License-Identifier: MIT */
/* under_reset.c - connecting while NRST is low, and stopping at the reset vector. */
#include "targets/connect/connect_internal.h"

#include "transport/base/log.h"

/* In its debug mode a probe with a stale session may still poll the target. One that is not
 * in any mode has nothing to leave. */
static enum cause
leave_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct reason not_entered = REASON_INIT;
	enum cause cause = probe_leave(board_of(job)->probe, &not_entered);

	*done = true;
	if (cause != CAUSE_GONE)
		return CAUSE_NONE;
	*why = not_entered;
	return cause;
}

/* Entering SWD may have let NRST go: an ST-LINK does not know its pin before it is in a
 * mode. */
static enum cause
link_low_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = connect_link_stage(job, done, why);

	if (cause == CAUSE_NONE && *done) {
		facts_know(&board_of(job)->facts, FACT_ANSWERS_IN_RESET, 1);
		connect_of(job)->cut_hz = connect_clock_of(connect_of(job));
	}
	if (cause == CAUSE_NONE && *done)
		cause = nrst_drive(nrst_job_of(job), true, why);
	nrst_wait_for(nrst_job_of(job), RESET_SEEN_MS);
	return cause;
}

/* Enabled while in reset, so that not one instruction is executed after it. */
static enum cause
catch_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct core *core = board_main_core(board_of(job));
	enum cause cause = mem_write32(&core->mem, DHCSR_AT,
				       core_control(REG_MASK(DHCSR_C_HALT)), why);

	if (cause == CAUSE_NONE)
		cause = core_demcr_write(core, REG_MASK(DEMCR_VC_CORERESET), why);
	*done = true;
	return cause;
}

/* Who has asked for a reset, or for a wait, gets all of it; where the connection has come to a reset by
 * itself the time for a verdict includes the wait for NRST. */
static void
wait_no_longer_than_a_verdict(struct nrst_job *nrst)
{
	const struct board *board = nrst->board;
	uint32_t ms = nrst_settle_ms(board), left_ms = board_verdict_left_ms(board);

	if (board->options.connect == CONNECT_AUTO && ms == BOARD_NRST_SETTLE_MS &&
	    left_ms < ms)
		nrst_wait_for(nrst, left_ms);
}

static enum cause
release_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);
	enum cause cause = nrst_release(job, done, why);

	wait_no_longer_than_a_verdict(nrst);
	board_main_core(nrst->board)->was_reset = !nrst->is_without_effect;
	if (cause != CAUSE_NONE || !nrst->is_without_effect)
		return cause;
	log_warning("board", "pulling NRST low did not reset the chip (is it wired?); "
			     "it is reset by AIRCR.SYSRESETREQ instead");
	return nrst_request_instead(nrst, why);
}

/* The halt is one that was asked for: DFSR forgets the vector catch. */
static enum cause
finish_catch(struct core *core, struct reason *why)
{
	if (!core->was_reset)
		log_warning("board",
			    "AIRCR.SYSRESETREQ did not reset the chip either; %s is halted "
			    "where it was",
			    core->name);
	return mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);
}

/* A core that ran past its vector is still one that can be halted: connected is better
 * than not, and the log says what is different. */
static enum cause
caught_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = board_of(job);
	enum cause cause = nrst_look_for_halt(nrst_job_of(job), done, why);

	if (cause == CAUSE_NONE && *done)
		facts_know(&board->facts, FACT_CAUGHT_AT_RESET,
			   board_main_core(board)->was_reset);
	if (cause == CAUSE_TIMEOUT) {
		log_warning("board", "%s; it is halted where it is", reason_root(why));
		cause = core_halt(board_main_core(board), why);
		*done = true;
	}
	if (cause == CAUSE_NONE && *done)
		cause = finish_catch(board_main_core(board), why);
	job->job.wait_us = *done ? 0 : RESET_POLL_US;
	return cause;
}

/* After a reset that was needed: what the flags of RCC and PWR tell of the program. */
static enum cause
flags_stage(struct staged_job *job, bool *done, struct reason *why)
{
	(void)why;
	*done = true;
	board_look_at_flags(board_of(job));
	return CAUSE_NONE;
}

/* Pulling NRST comes before everything, letting it go after the core is set to stop: the
 * program that made the chip unreachable must not get to run. */
#define STAGES_BEFORE_LOW                                                            \
	{ "leave debug mode", leave_stage, NULL }, { "pull NRST", nrst_pull, NULL }, \
	{                                                                            \
		"hold NRST", nrst_hold, NULL                                         \
	}
#define STAGES_FROM_LOW                                                \
	{ "find a debug port", link_low_stage, NULL },                 \
		{ "find a core", connect_find_stage, NULL },           \
		{ "set vector catch", catch_stage, NULL },             \
		{ "see NRST low", nrst_see_low, NULL },                \
		{ "release NRST", release_stage, NULL },               \
		{ "wait until out of reset", nrst_settle, NULL },      \
		{ "wait for the halt", caught_stage, NULL },           \
		{ "identify the chip", connect_identify_stage, NULL }, \
		{ "look at the reset flags", flags_stage, NULL },      \
		{ "claim the cores", connect_claim_stage, NULL },      \
		{ "finish", connect_finish_stage, NULL },              \
	{                                                              \
		0                                                      \
	}

const struct job_stage connect_under_reset_stages[] = { STAGES_BEFORE_LOW,
							STAGES_FROM_LOW };
const struct job_stage connect_held_stages[] = { STAGES_FROM_LOW };
