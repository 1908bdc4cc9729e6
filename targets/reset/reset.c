/* SPDX-License-Identifier: MIT */
#include "targets/reset/reset.h"

#include "targets/reset/nrst.h"
#include "transport/base/log.h"

#include <stdlib.h>

struct reset_job {
	struct nrst_job nrst;
	const void *by;
	bool is_halted;           /* wanted */
	bool is_requested;        /* from here on the chip may have been reset */
	bool needs_nrst;          /* SYSRESETREQ had no effect, or cannot be written */
	struct reason unprepared; /* why it cannot */
	unsigned along;           /* along_find() */
};

static struct reset_job *
reset_of(struct staged_job *job)
{
	return container_of(nrst_job_of(job), struct reset_job, nrst);
}

/* Vector catch as the reset wants it, and S_RESET_ST of earlier resets read away. */
static enum cause
prepare_core(struct core *core, bool halted, struct reason *why)
{
	uint32_t catch = halted ? REG_MASK(DEMCR_VC_CORERESET) : 0;
	uint32_t others = core->vectors & ~REG_MASK(DEMCR_VC_CORERESET);
	uint32_t dhcsr = 0, halt;
	enum cause cause;

	if (core_is_held(core))
		return CAUSE_NONE;
	cause = core_dhcsr_read(core, &dhcsr, why);
	halt = core->is_halted ? REG_MASK(DHCSR_C_HALT) : 0;
	if (cause == CAUSE_NONE)
		cause = breakpoints_write_due(core, why);
	if (cause == CAUSE_NONE)
		cause = core_demcr_write(core, others | catch, why);
	if (cause != CAUSE_NONE)
		return cause;
	core->is_masked = core->is_masked && !core->is_halted;
	return mem_write32(&core->mem, DHCSR_AT, core_control(halt), why);
}

static enum cause
prepare_cores(struct reset_job *reset, struct reason *why)
{
	struct board *board = reset->nrst.board;
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		cause = prepare_core(&board->cores[i], reset->is_halted, why);
	return cause;
}

static bool
is_unprepared(struct staged_job *job)
{
	return reset_of(job)->unprepared.cause != CAUSE_NONE;
}

/* A core whose bus hangs, or has no clock, lets nothing through until NRST is low. */
static enum cause
prepare_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct reset_job *reset = reset_of(job);
	enum cause cause;

	if (reset->nrst.board->cores_len == 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "there is no connection to a target");
	*done = true;
	reset->along = reset->is_halted ? along_find(reset->nrst.board) : 0;
	cause = prepare_cores(reset, why);
	if (cause != CAUSE_FAULT && cause != CAUSE_TIMEOUT)
		return cause;
	log_warning("board", "a reset cannot be prepared: %s; pulling NRST instead",
		    reason_root(why));
	reset->unprepared = *why;
	reset->needs_nrst = reset->is_requested = true;
	*why = (struct reason)REASON_INIT;
	return CAUSE_NONE;
}

/* Entering SWD may have let NRST go, as in connecting under reset. */
static enum cause
open_port_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);
	enum cause cause = dap_connect(&nrst->board->dap, why);

	*done = true;
	if (cause == CAUSE_NONE)
		cause = nrst_drive(nrst, true, why);
	nrst_wait_for(nrst, RESET_SEEN_MS);
	return cause;
}

/* In reset, before an instruction can make the port let nothing through again. */
static enum cause
prepare_low_stage(struct staged_job *job, bool *done, struct reason *why)
{
	*done = true;
	return prepare_cores(reset_of(job), why);
}

/* Set again, that flag is no earlier reset's: NRST is low already. */
static void
look_for_reset(struct nrst_job *nrst)
{
	struct reason unread = REASON_INIT;
	uint32_t dhcsr = 0;

	nrst->was_in_reset = core_dhcsr_read(board_main_core(nrst->board), &dhcsr,
					     &unread) == CAUSE_NONE &&
			     REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0;
}

static enum cause
request_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct reset_job *reset = reset_of(job);

	*done = true;
	look_for_reset(&reset->nrst);
	reset->is_requested = true;
	nrst_wait_for(&reset->nrst, RESET_SEEN_MS);
	return nrst_request_instead(&reset->nrst, why);
}

/* Accesses that are refused until the deadline speak for NRST, too: a bus that hangs does
 * not end by SYSRESETREQ on every part. */
static enum cause
seen_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct reset_job *reset = reset_of(job);
	bool is_seen = false, is_over = false;
	enum cause cause = nrst_look(&reset->nrst, &is_seen, &is_over, why);

	if (cause != CAUSE_NONE && cause != CAUSE_FAULT && cause != CAUSE_TIMEOUT)
		return cause;
	*done = is_seen || is_over;
	job->job.wait_us = *done ? 0 : RESET_POLL_US;
	reset->needs_nrst = *done && !is_seen;
	if (is_seen)
		nrst_wait_for(&reset->nrst, nrst_settle_ms(reset->nrst.board));
	if (reset->needs_nrst)
		log_info("board", "AIRCR.SYSRESETREQ had no effect in %u ms; pulling NRST",
			 (unsigned)RESET_SEEN_MS);
	return CAUSE_NONE;
}

static bool
needs_nrst(struct staged_job *job)
{
	return reset_of(job)->needs_nrst;
}

static bool
is_prepared(struct staged_job *job)
{
	return !is_unprepared(job);
}

static enum cause
no_reset(struct staged_job *job, struct reason *why)
{
	const struct board *board = nrst_job_of(job)->board;

	reason_begin(why, CAUSE_TIMEOUT,
		     "%sNRST held low for %u ms resets the chip: DHCSR.S_RESET_ST was "
		     "never set",
		     is_unprepared(job) ? "not even " : "neither AIRCR.SYSRESETREQ nor ",
		     (unsigned)(board->options.nrst_hold_ms + RESET_SEEN_MS));
	reason_suspect(why, FINDING_B13);
	return CAUSE_TIMEOUT;
}

static enum cause
see_low_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = nrst_see_low(job, done, why);

	if (cause == CAUSE_NONE && reset_of(job)->nrst.is_without_effect)
		return no_reset(job, why);
	return cause;
}

/* A reset closes the gate of a core that another is to start. */
static enum cause
held_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct reset_job *reset = reset_of(job);

	*done = true;
	return held_check(reset->nrst.board, !reset->is_halted, why);
}

static bool
is_to_halt(struct staged_job *job)
{
	return reset_of(job)->is_halted;
}

static enum cause
halted_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = nrst_look_for_halt(&reset_of(job)->nrst, done, why);

	job->job.wait_us = *done ? 0 : RESET_POLL_US;
	return cause;
}

/* A halt at the reset vector is one that was asked for: DFSR forgets the vector catch. A
 * core that was halted before may come out of the reset halted: it is let run if so wanted. */
static enum cause
restore_core(struct core *core, bool halted, struct reason *why)
{
	enum cause cause = core_rearm(core, why);

	if (cause != CAUSE_NONE || core_is_held(core))
		return cause;
	if (!halted)
		return core_let_run(core, why);
	return mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);
}

/* A core that nobody debugs goes on to start the other, which a client waits for. */
static bool
is_to_start_other(const struct board *board, unsigned core)
{
	unsigned other = 1 - core;

	return board->cores_len == 2 && core_is_held(&board->cores[other]) &&
	       board->runs[other].stays_halted && !board->runs[core].stays_halted;
}

/* Breakpoints before the core runs on, the freeze bits before both. */
static enum cause
restore_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct reset_job *reset = reset_of(job);
	struct board *board = reset->nrst.board;
	enum cause cause = debug_bits_set(board, why);

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		board->cores[i].was_reset = false;
		board->cores[i].is_stepped = false;
		cause = restore_core(&board->cores[i],
				     reset->is_halted && !is_to_start_other(board, i), why);
	}
	*done = true;
	return cause;
}

static enum cause
report(struct reset_job *reset, struct reason *why)
{
	enum cause cause = board_was_reset(reset->nrst.board, reset->by, why);

	along_halted(reset->nrst.board, reset->along);
	return cause;
}

static enum cause
report_stage(struct staged_job *job, bool *done, struct reason *why)
{
	*done = true;
	return report(reset_of(job), why);
}

static const struct job_stage stages[] = {
	{ "set vector catch", prepare_stage, NULL },
	{ "request a reset", request_stage, is_prepared },
	{ "see the reset", seen_stage, is_prepared },
	{ "pull NRST", nrst_pull, needs_nrst },
	{ "hold NRST", nrst_hold, needs_nrst },
	{ "open the port anew", open_port_stage, is_unprepared },
	{ "see NRST low", see_low_stage, needs_nrst },
	{ "set vector catch in reset", prepare_low_stage, is_unprepared },
	{ "release NRST", nrst_release, needs_nrst },
	{ "wait until out of reset", nrst_settle, NULL },
	{ "see which cores wait", held_stage, NULL },
	{ "wait for the halt", halted_stage, is_to_halt },
	{ "restore debug state", restore_stage, NULL },
	{ "report", report_stage, NULL },
	{ 0 },
};

/* Cut short it may or may not have been reset: the vector catch must not stay, and
 * the cores are looked at anew. */
static enum cause
reset_clean_up(struct staged_job *job, enum cause after, struct reason *why)
{
	struct reset_job *reset = reset_of(job);
	struct board *board = reset->nrst.board;
	enum cause cause = nrst_let_go(&reset->nrst, why);

	if (after == CAUSE_GONE)
		return cause;
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		cause = core_rearm(&board->cores[i], why);
	if (reset->is_requested && cause == CAUSE_NONE)
		cause = report(reset, why);
	return cause;
}

static enum cause
reset_failed(struct staged_job *job, enum cause cause, struct reason *why)
{
	(void)cause;
	if (is_unprepared(job))
		reason_while(why, "preparing it by DHCSR had failed before: %s",
			     reason_root(&reset_of(job)->unprepared));
	return reason_while(why, "resetting the chip%s",
			    reset_of(job)->is_halted ? " to halt at its reset vector" : "");
}

struct job *
board_reset(struct board *board, bool halted, const void *by)
{
	static const struct staged_ops ops = { .clean_up = reset_clean_up,
					       .failed = reset_failed };
	struct reset_job *reset = calloc(1, sizeof(*reset));

	if (reset == NULL)
		return board_no_job(board, "resetting");
	nrst_job_init(&reset->nrst, board, "resetting", stages, &ops);
	reset->is_halted = halted;
	reset->by = by;
	return &reset->nrst.staged.job;
}
