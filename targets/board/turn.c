/* SPDX-License-Identifier: MIT */
/* turn.c - what the board does by itself: jobs, looks, range steps, losses, events. */
#include "targets/board/board_internal.h"

#include "transport/base/log.h"

#include <stdio.h>

enum { TURN_US = 20000, ELSEWHERE_US = 20000 };

static uint64_t
now_us(const struct board *board)
{
	return clock_now_us(board_clock(board));
}

static bool
is_usable(const struct board *board)
{
	return board->is_connected && !board->is_lost;
}

void
board_expect(struct board *board, unsigned core, bool stays_halted, bool is_waited_for)
{
	struct board_run *run = &board->runs[core];
	bool was_waited_for = run->is_waited_for;
	uint64_t due_us;

	run->stays_halted = stays_halted;
	run->is_waited_for = is_waited_for;
	due_us = now_us(board) + run_interval_us(board, core);
	/* A client that only comes or goes puts no look off. */
	if (due_us < run->due_us || (was_waited_for && !is_waited_for))
		run->due_us = due_us;
}

void
board_expect_reset(struct board *board)
{
	for (unsigned i = 0; i < board->cores_len; i++)
		board->runs[i].expects_reset = true;
	board->has_reset = true;
}

/* An interrupted job that cannot end in steps is cancelled at its next turn. */
static enum cause
step_job(struct board_work *work, bool *done, struct reason *why)
{
	if (!work->is_interrupted || work->is_ending)
		return job_step(work->job, done, why);
	*done = true;
	return job_cancel(work->job, why);
}

static enum cause
end_interrupted(const char *name, struct reason *why)
{
	return reason_begin(why, CAUSE_REQUEST, "%s was interrupted by Ctrl-C", name);
}

/* A listener may cancel the job, or begin another. */
static void
finish_job(struct board *board, struct board_work *work, enum cause cause,
	   const struct reason *why)
{
	const char *name = work->job->name;
	board_done *done;
	void *context;

	board_notice_loss(board);
	done = work->done;
	context = work->context;
	board_work_finish(board, work);
	if (done != NULL)
		done(context, cause, why);
	else if (cause != CAUSE_NONE)
		log_warning("board", "%s was cancelled, and that failed: %s", name,
			    reason_outermost(why));
}

static void
take_job(struct board *board, struct board_work *work)
{
	struct reason why = REASON_INIT;
	bool done = false;
	enum cause cause;

	work->is_busy = true;
	cause = step_job(work, &done, &why);
	if (done && cause == CAUSE_NONE && work->is_interrupted)
		cause = end_interrupted(work->job->name, &why);
	if (cause != CAUSE_NONE && claims_are_shared(work))
		board_explain_reserved(board, &why);
	if (done || cause != CAUSE_NONE) {
		finish_job(board, work, cause, &why);
		return;
	}
	work->is_busy = false;
	work->due_us = now_us(board) + work->job->wait_us;
	if (work->is_cancelled)
		board_work_cancel(board, work);
}

/* Some failures pass, so looking goes on; the first of a row is reported. */
static void
report_blindness(struct board *board, unsigned core, const struct reason *why)
{
	struct board_event event = { .kind = EVENT_BLIND, .core = core, .why = why };

	if (board->runs[core].is_blind)
		return;
	board->runs[core].is_blind = true;
	board_report(board, &event);
}

static void
report_sight(struct board *board, unsigned core)
{
	struct board_event event = { .kind = EVENT_SEEN, .core = core };

	if (!board->runs[core].is_blind)
		return;
	board->runs[core].is_blind = false;
	board_report(board, &event);
}

/* A step that was refused would be refused again. */
static void
end_range(struct board *board, unsigned core, const struct reason *why)
{
	struct board_run *run = &board->runs[core];
	struct board_event event = { .kind = EVENT_FAILED,
				     .source = SOURCE_CLIENT,
				     .core = core,
				     .by = run->stepped_by,
				     .why = why };

	run->is_stepping = false;
	board_report(board, &event);
}

/* Start-up code copies functions to RAM, over BKPTs that were planted before it ran: they are
 * looked at while the program runs, and when it has stopped. A BKPT that was executed stays. */
static void
mend_breakpoints(struct board *board, unsigned core)
{
	enum { MEND_US = 50000, MEND_AT_ONCE = 8 };

	struct board_run *run = &board->runs[core];
	uint64_t now = now_us(board);
	bool is_found = run->is_waited_for && board->cores[core].planted_len > 0 &&
			(run->is_halt_due || now - run->mended_us >= MEND_US);

	for (unsigned i = 0; is_found && i < MEND_AT_ONCE; i++) {
		/* What cannot be read now is read at the next look. */
		struct reason unread = REASON_INIT;
		char words[128];
		struct board_event event = { .kind = EVENT_REMARK, .words = words };
		uint32_t at = 0;

		run->mended_us = now;
		if (planted_mend(&board->cores[core], &is_found, &at, &unread) !=
		    CAUSE_NONE)
			return;
		snprintf(words, sizeof(words),
			 "the program overwrote the breakpoint at 0x%08x in RAM, as "
			 "start-up code does; it is in place again",
			 (unsigned)at);
		if (is_found)
			board_report(board, &event);
	}
}

static void
take_core(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];
	bool was_stepping = run->is_stepping;
	struct reason why = REASON_INIT;
	enum cause cause;

	if (claims_are_elsewhere(board)) {
		run->due_us = now_us(board) + ELSEWHERE_US;
		return;
	}
	cause = was_stepping ? run_step_slice(board, core, &why)
			     : run_look(board, core, &why);
	run_schedule(board, core);
	if (cause == CAUSE_NONE && !was_stepping)
		mend_breakpoints(board, core);
	if (cause == CAUSE_NONE)
		report_sight(board, core);
	else if (cause == CAUSE_GONE)
		return; /* the latch has it */
	else if (was_stepping)
		end_range(board, core, &why);
	else
		report_blindness(board, core, &why);
}

static void
report_core(struct board *board, unsigned core, enum board_event_kind kind,
	    enum board_source source, const void *by)
{
	struct board_event event = {
		.kind = kind, .source = source, .core = core, .by = by
	};

	board_report(board, &event);
}

/* A halt of a core that a job has is the job's: it may be over before it is reported. */
static bool
is_halt_to_report(const struct board *board, unsigned core)
{
	const struct board_run *run = &board->runs[core];

	/* What has halted it comes first: it may turn out to count as no halt. */
	if (run->stop.is_led && board->runs[run->stop.leader].is_halt_due)
		return false;
	return run->is_halt_due && run->is_halted && !run->is_stepping &&
	       board_claimant(board, board_core_claim(core)) == NULL;
}

static bool
is_reset_to_report(const struct board_run *run)
{
	return run->is_reset_due && run->state != CORE_IN_RESET;
}

/* In the order in which they came about. */
static void
report_due(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];
	/* RCC says what it was when it is over. */
	bool is_reset_due = is_reset_to_report(run), is_run_due = run->is_run_due;
	bool is_held_due = run->is_held_due;
	bool is_halt_due = is_halt_to_report(board, core);

	run->is_reset_due = run->is_reset_due && !is_reset_due;
	run->is_run_due = run->is_held_due = false;
	if (is_halt_due)
		run->is_halt_due = false;
	if (is_reset_due)
		sharers_report_reset(board, core);
	if (is_held_due)
		report_core(board, core, EVENT_HELD, SOURCE_CHIP, NULL);
	if (is_run_due)
		report_core(board, core, EVENT_RUNNING, run->run_source, run->run_by);
	if (is_halt_due)
		report_core(board, core, EVENT_HALTED, run->halt_source, run->stop.by);
}

static void
report_remark(struct board *board)
{
	struct board_event event = { .kind = EVENT_REMARK };
	char remark[sizeof(board->probe->remark)];

	if (!probe_take_remark(board->probe, remark, sizeof(remark)))
		return;
	event.words = remark;
	board_report(board, &event);
}

static uint64_t
job_due_us(const struct board *board, unsigned place)
{
	const struct board_work *work = &board->works[place];

	return work->job == NULL ? UINT64_MAX : work->due_us;
}

static uint64_t
core_due_us(const struct board *board, unsigned core)
{
	if (!is_usable(board) || board_claimant(board, board_core_claim(core)) != NULL)
		return UINT64_MAX;
	return board->runs[core].due_us;
}

/* Jobs and cores are units of a turn. */
static unsigned
units(const struct board *board)
{
	return BOARD_MAX_JOBS + board->cores_len;
}

static uint64_t
unit_due_us(const struct board *board, unsigned unit)
{
	return unit < BOARD_MAX_JOBS ? job_due_us(board, unit)
				     : core_due_us(board, unit - BOARD_MAX_JOBS);
}

static void
take_unit(struct board *board, unsigned unit)
{
	if (unit < BOARD_MAX_JOBS)
		take_job(board, &board->works[unit]);
	else
		take_core(board, unit - BOARD_MAX_JOBS);
}

/* Each one that is due, once; the next turn goes on where the time was up. */
static void
take_units(struct board *board)
{
	uint64_t begun_us = now_us(board);

	for (unsigned i = 0; i < BOARD_MAX_JOBS + DEVICE_MAX_CORES; i++) {
		unsigned unit = board->next_unit % (BOARD_MAX_JOBS + DEVICE_MAX_CORES);

		board->next_unit = unit + 1;
		if (unit < units(board) && unit_due_us(board, unit) <= now_us(board))
			take_unit(board, unit);
		if (now_us(board) - begun_us >= TURN_US)
			return;
	}
}

static uint64_t
due_us(const struct board *board)
{
	uint64_t due = board->has_claim ? board->claim_due_us : UINT64_MAX;

	if (sharers_due_us(board) < due)
		due = sharers_due_us(board);
	for (unsigned i = 0; i < units(board); i++)
		if (unit_due_us(board, i) < due)
			due = unit_due_us(board, i);
	for (unsigned i = 0; i < board->cores_len; i++)
		if (is_reset_to_report(&board->runs[i]) || board->runs[i].is_run_due ||
		    is_halt_to_report(board, i))
			due = 0;
	return due;
}

/* What another program has broken meanwhile is not cleaned up: the chip is that one's now. */
static void
keep_claims(struct board *board)
{
	struct reason why = REASON_INIT;
	enum cause cause = claims_keep(board, &why);

	for (size_t i = 0; i < BOARD_MAX_JOBS && cause != CAUSE_NONE; i++)
		if (claims_are_shared(&board->works[i]))
			finish_job(board, &board->works[i], cause, &why);
}

void
board_turn(struct board *board, uint64_t *wait_us)
{
	uint64_t due, now;

	keep_claims(board);
	sharers_turn(board);
	if (is_usable(board))
		along_turn(board);
	take_units(board);
	claims_settle(board);
	board_notice_loss(board);
	if (is_usable(board))
		report_remark(board);
	for (unsigned i = 0; i < board->cores_len && is_usable(board); i++)
		report_due(board, i);
	if (is_usable(board))
		reset_row_turn(board);
	due = due_us(board);
	now = now_us(board);
	*wait_us = due == UINT64_MAX ? UINT64_MAX : due > now ? due - now : 0;
}
