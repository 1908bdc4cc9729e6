/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "transport/base/log.h"

#include <stdlib.h>

struct reset_job;

/* One stage; *done: go on with the next, else it is called again after job.wait_us. */
typedef enum cause reset_stage(struct reset_job *reset, bool *done, struct reason *why);

struct reset_job {
	struct job job;
	struct board *board;
	size_t next; /* in stages[] */
	const void *by;
	bool is_halted;  /* wanted */
	bool needs_nrst; /* SYSRESETREQ had no effect */
	bool is_nrst_low;
	struct reset_wait wait;
};

static struct deadline
deadline_of(const struct reset_job *reset, uint32_t ms)
{
	return deadline_in_ms(board_clock(reset->board), ms);
}

/* Vector catch as the reset wants it, and S_RESET_ST of earlier resets read away. */
static enum cause
prepare_core(struct core *core, bool halted, struct reason *why)
{
	uint32_t catch = halted ? REG_MASK(DEMCR_VC_CORERESET) : 0;
	uint32_t others = core->vectors & ~REG_MASK(DEMCR_VC_CORERESET);
	uint32_t dhcsr = 0;
	enum cause cause = core_dhcsr_read(core, &dhcsr, why);
	uint32_t halt = core->is_halted ? REG_MASK(DHCSR_C_HALT) : 0;

	if (cause == CAUSE_NONE)
		cause = core_demcr_write(core, others | catch, why);
	if (cause != CAUSE_NONE)
		return cause;
	core->is_masked = core->is_masked && !core->is_halted;
	return mem_write32(&core->mem, DHCSR_AT,
			   DHCSR_KEY | REG_MASK(DHCSR_C_DEBUGEN) | halt, why);
}

static enum cause
prepare_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	struct board *board = reset->board;
	enum cause cause = CAUSE_NONE;

	if (board->cores_len == 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "there is no connection to a target");
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		cause = prepare_core(&board->cores[i], reset->is_halted, why);
	*done = true;
	return cause;
}

static enum cause
request_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	*done = true;
	reset->wait.deadline = deadline_of(reset, RESET_SEEN_MS);
	return reset_request(reset->board, why);
}

static void
wait_for_settling(struct reset_job *reset)
{
	reset->wait.quiet = 0;
	reset->wait.deadline = deadline_of(reset, reset->board->options.nrst_settle_ms);
}

/* Accesses that are refused until the deadline speak for NRST, too: a bus that hangs does
 * not end by SYSRESETREQ on every part. */
static enum cause
seen_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	bool is_seen = false, is_over = false;
	enum cause cause =
		reset_wait_seen(reset->board, &reset->wait, &is_seen, &is_over, why);

	if (cause != CAUSE_NONE && cause != CAUSE_FAULT && cause != CAUSE_TIMEOUT)
		return cause;
	*done = is_seen || is_over;
	reset->job.wait_us = *done ? 0 : RESET_POLL_US;
	reset->needs_nrst = *done && !is_seen;
	if (is_seen)
		wait_for_settling(reset);
	if (reset->needs_nrst)
		log_info("board", "AIRCR.SYSRESETREQ had no effect in %u ms; pulling NRST",
			 (unsigned)RESET_SEEN_MS);
	return CAUSE_NONE;
}

static enum cause
drive_nrst(struct reset_job *reset, bool low, struct reason *why)
{
	enum cause cause = probe_drive_nrst(reset->board->probe, low, why);

	if (cause == CAUSE_NONE)
		reset->is_nrst_low = low;
	return cause;
}

static enum cause
pull_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	enum cause cause = drive_nrst(reset, true, why);

	reset->wait.deadline = deadline_of(reset, reset->board->options.nrst_hold_ms);
	*done = true;
	if (cause == CAUSE_NONE)
		return cause;
	return reason_while(why, "pulling NRST, since AIRCR.SYSRESETREQ had no effect");
}

static enum cause
hold_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	(void)why;
	*done = deadline_is_over(&reset->wait.deadline);
	reset->job.wait_us = *done ? 0 : RESET_POLL_US;
	if (*done)
		reset->wait.deadline = deadline_of(reset, RESET_SEEN_MS);
	return CAUSE_NONE;
}

static enum cause
no_reset(struct reset_job *reset, struct reason *why)
{
	reason_begin(
		why, CAUSE_TIMEOUT,
		"neither AIRCR.SYSRESETREQ nor NRST held low for %u ms resets the chip: "
		"DHCSR.S_RESET_ST was never set",
		(unsigned)(reset->board->options.nrst_hold_ms + RESET_SEEN_MS));
	reason_hint(why, "check that NRST is wired to the probe and that nothing drives it "
			 "high; else switch the board off and on");
	return CAUSE_TIMEOUT;
}

/* Looked for while NRST is low: a large capacitor takes its time to discharge. */
static enum cause
seen_low_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	bool is_over = false;
	enum cause cause = reset_wait_seen(reset->board, &reset->wait, done, &is_over, why);

	if (cause == CAUSE_NONE && !*done && is_over)
		return no_reset(reset, why);
	reset->job.wait_us = *done ? 0 : RESET_POLL_US;
	return cause;
}

static enum cause
release_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	*done = true;
	wait_for_settling(reset);
	return drive_nrst(reset, false, why);
}

static enum cause
settle_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	enum cause cause = reset_wait_settled(reset->board, &reset->wait, done, why);

	reset->job.wait_us = *done ? 0 : RESET_POLL_US;
	if (*done)
		reset->wait.deadline =
			deadline_of(reset, reset->board->options.halt_timeout_ms);
	return cause;
}

static enum cause
halted_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	struct board *board = reset->board;
	enum cause cause = CAUSE_NONE;

	if (reset->is_halted)
		cause = reset_wait_halted(board, &reset->wait, done, why);
	else
		*done = true;
	reset->job.wait_us = *done ? 0 : RESET_POLL_US;
	return cause;
}

/* A halt at the reset vector is one that was asked for: DFSR forgets the vector catch. A
 * core that was halted before may come out of the reset halted; to run, it is told. */
static enum cause
restore_core(struct core *core, bool halted, struct reason *why)
{
	enum cause cause = core_rearm(core, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (!halted)
		return core_let_run(core, why);
	return mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);
}

/* Breakpoints before the core runs on, the freeze bits before both. */
static enum cause
restore_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	struct board *board = reset->board;
	enum cause cause = debug_bits_set(board, why);

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		board->cores[i].was_reset = false;
		board->cores[i].is_stepped = false;
		cause = restore_core(&board->cores[i], reset->is_halted, why);
	}
	*done = true;
	return cause;
}

static enum cause
tell_stage(struct reset_job *reset, bool *done, struct reason *why)
{
	struct board_event event = { .kind = EVENT_RESET, .by = reset->by };

	(void)why;
	board_tell(reset->board, &event);
	*done = true;
	return CAUSE_NONE;
}

static const struct {
	reset_stage *run;
	bool is_for_nrst; /* passed over unless the reset is by NRST */
} stages[] = {
	{ prepare_stage, false }, { request_stage, false }, { seen_stage, false },
	{ pull_stage, true },     { hold_stage, true },     { seen_low_stage, true },
	{ release_stage, true },  { settle_stage, false },  { halted_stage, false },
	{ restore_stage, false }, { tell_stage, false },
};

static enum cause
stage_failed(struct reset_job *reset, struct reason *why)
{
	struct reason second = REASON_INIT;

	/* Letting NRST go may fail as well; the first story is the one to tell. */
	if (reset->is_nrst_low)
		drive_nrst(reset, false, &second);
	return reason_while(why, "resetting the chip%s",
			    reset->is_halted ? " to halt at its reset vector" : "");
}

static enum cause
reset_step(struct job *job, bool *done, struct reason *why)
{
	struct reset_job *reset = container_of(job, struct reset_job, job);
	bool is_stage_done = false;
	enum cause cause = stages[reset->next].run(reset, &is_stage_done, why);

	if (cause != CAUSE_NONE)
		return stage_failed(reset, why);
	if (is_stage_done)
		reset->next++;
	while (reset->next < array_len(stages) && stages[reset->next].is_for_nrst &&
	       !reset->needs_nrst)
		reset->next++;
	*done = reset->next == array_len(stages);
	return CAUSE_NONE;
}

/* Cut short it may or may not have been reset: the cores' next poll tells. */
static enum cause
reset_cancel(struct job *job, struct reason *why)
{
	struct reset_job *reset = container_of(job, struct reset_job, job);
	enum cause cause = reset->is_nrst_low ? drive_nrst(reset, false, why) : CAUSE_NONE;

	for (unsigned i = 0; i < reset->board->cores_len && cause == CAUSE_NONE; i++)
		cause = core_rearm(&reset->board->cores[i], why);
	return cause;
}

static void
reset_free(struct job *job)
{
	free(container_of(job, struct reset_job, job));
}

struct job *
board_reset(struct board *board, bool halted, const void *by)
{
	static const struct job_ops ops = { .step = reset_step,
					    .cancel = reset_cancel,
					    .free = reset_free };
	struct reset_job *reset = calloc(1, sizeof(*reset));

	if (reset == NULL)
		return board_no_job(board, "resetting");
	reset->job = (struct job){ .ops = &ops, .name = "resetting" };
	reset->board = board;
	reset->is_halted = halted;
	reset->by = by;
	return &reset->job;
}
