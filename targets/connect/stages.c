/* SPDX-License-Identifier: MIT */
/* stages.c - from a debug port to cores that can be debugged, and what is said of how. */
#include "targets/connect/connect_internal.h"

#include "targets/diagnosis/verdict.h"
#include "transport/base/log.h"

#include <stdio.h>

enum cause
connect_find_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = board_find_core(board_of(job), why);

	connect_tell_slow_answers(board_of(job));
	*done = true;
	if (cause == CAUSE_NONE)
		facts_know(&board_of(job)->facts, FACT_CORE_PORT,
			   board_main_core(board_of(job))->mem.ap);
	return cause;
}

/* A core that still is set for debugging, was not reset and does not sleep was there all the time: what
 * was taken for its silence is an answer that was lost on the wires. */
static bool
was_there(struct connect_job *connect)
{
	const uint32_t bits = REG_MASK(DHCSR_C_DEBUGEN) | REG_MASK(DHCSR_S_RESET_ST) |
			      REG_MASK(DHCSR_S_SLEEP);
	struct reason unread = REASON_INIT;
	uint32_t dhcsr = 0;

	return connect->is_after_silence &&
	       core_dhcsr_read(board_main_core(connect->nrst.board), &dhcsr, &unread) ==
		       CAUSE_NONE &&
	       (dhcsr & bits) == REG_MASK(DHCSR_C_DEBUGEN);
}

/* The next slower clock, unless the one in use was asked for. */
static enum cause
take_lapse(struct connect_job *connect, struct reason *why)
{
	struct board *board = connect->nrst.board;
	uint32_t hz = probe_slower_clock(board->lost_hz);
	enum cause cause;

	connect->has_lapsed = true;
	connect->attach_why = board->lost_why;
	facts_know(&board->facts, FACT_DATA_DAMAGED, 1);
	if (board->is_speed_chosen || board->probe->has_other_debugger || hz == 0 ||
	    hz >= connect_clock_of(connect))
		return CAUSE_NONE;
	connect->hz = hz;
	cause = connect_set_clock(board, hz, why);
	return cause == CAUSE_NONE ? dap_connect(&board->dap, why) : cause;
}

/* A chip that was just switched on may still be in reset, by a slow NRST: after power-up 47 uF take
 * 2.3 s. One that stays in it answers for its debug port, but not for what identifies it; the experiments
 * that follow are to have their time. */
enum cause
connect_find_awake_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	uint32_t ms = nrst_settle_ms(board_of(job));
	uint32_t left_ms = board_verdict_left_ms(board_of(job));
	enum cause cause;

	nrst_wait_for(nrst_job_of(job), ms < left_ms ? ms : left_ms);
	cause = connect_find_stage(job, done, why);
	if (cause == CAUSE_NONE && !connect->has_lapsed && was_there(connect))
		cause = take_lapse(connect, why);
	return cause;
}

/* An earlier program may have left NRST low, and the probe has kept it so. */
enum cause
connect_awake_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	enum cause cause = nrst_settle(job, done, why);

	if (cause != CAUSE_NONE || *done || connect->was_released ||
	    !board_main_core(board_of(job))->was_reset)
		return cause;
	connect->was_released = true;
	cause = probe_drive_nrst(board_of(job)->probe, false, why);
	return cause == CAUSE_UNSUPPORTED ? CAUSE_NONE : cause;
}

enum cause
connect_identify_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = board_identify(board_of(job), why);

	*done = true;
	if (board_of(job)->options.finder != NULL)
		board_of(job)->options.finder->is_looking = false;
	return cause == CAUSE_NONE ? board_open_cores(board_of(job), why) : cause;
}

/* Comparators that a dead session left would halt the core at places nobody asked for,
 * or, without a debugger, end in a HardFault. So each connection claims the breakpoint
 * unit, also one that neither halts nor resets. The freeze bits come first, so that no
 * watchdog bites while the core is halted. */
enum cause
connect_claim_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = board_of(job);
	bool is_gentle = !connect_of(job)->is_under_reset && !connect_of(job)->is_caught;
	enum cause cause = debug_bits_set(board, why);

	connect_of(job)->is_claimed = true;
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		cause = core_claim(&board->cores[i], why);
	*done = true;
	if (cause != CAUSE_NONE)
		return cause;
	group_clear(board);
	leftovers_note(board, is_gentle);
	if (is_gentle)
		facts_know(&board->facts, FACT_WAS_HALTED,
			   board_main_core(board)->is_halted);
	return CAUSE_NONE;
}

enum cause
connect_halt_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = board_of(job);
	enum cause cause = CAUSE_NONE;

	if (board->options.connect == CONNECT_HALT)
		for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
			cause = core_halt(&board->cores[i], why);
	*done = true;
	return cause;
}

/* The first thing that did. */
static const char *
what_failed(const struct connect_job *connect)
{
	const struct reason *const in_turn[] = { &connect->attach_why, &connect->link_why };

	for (size_t i = 0; i < array_len(in_turn); i++)
		if (reason_root(in_turn[i])[0] != '\0')
			return reason_root(in_turn[i]);
	return reason_root(&connect->last_why);
}

/* What was in the way is what has to be changed, in the program or on the board. */
static void
tell_rescue(struct connect_job *connect, const char *how)
{
	struct board *board = connect->nrst.board;
	struct reason *why = &board->rescue;
	char words[REASON_SPACE];

	reason_begin(why, CAUSE_GONE, "%s", what_failed(connect));
	verdict_conclude(&board->facts, why);
	connect_forget_clocks(connect, why);
	reason_while(why, "connected %s", how);
	board->is_rescued = true;
	reason_line(why, words, sizeof(words));
	log_warning("board", "%s", words);
}

/* What the probe has for what was asked. */
static unsigned
clock_in_use_khz(const struct connect_job *connect)
{
	uint32_t hz = connect->nrst.board->probe->clock_hz;

	return (hz == 0 ? connect_clock_of(connect) : hz) / HZ_PER_KHZ;
}

static bool
is_slow(const struct connect_job *connect)
{
	return connect_clock_of(connect) < connect_wanted_hz(connect);
}

static void
tell_under_reset(struct connect_job *connect)
{
	struct facts *facts = &connect->nrst.board->facts;
	char how[64];

	if (!is_slow(connect)) {
		tell_rescue(connect, "under reset only");
		return;
	}
	if (facts_is(facts, FACT_NRST_RESETS, 1))
		facts_know(facts, FACT_LOST_IN_RESET, 1);
	snprintf(how, sizeof(how), "under reset and at %u kHz only, not at %u kHz",
		 clock_in_use_khz(connect),
		 (unsigned)connect_wanted_hz(connect) / HZ_PER_KHZ);
	tell_rescue(connect, how);
}

static void
tell_slower(struct connect_job *connect)
{
	struct board *board = connect->nrst.board;
	char how[64];

	facts_know(&board->facts, FACT_SLOW_CLOCK_HELPS, 1);
	if (connect->is_unanswered)
		facts_know(&board->facts, FACT_CLOCK_UNANSWERED, 1);
	snprintf(how, sizeof(how), "at %u kHz only, not at %u kHz",
		 clock_in_use_khz(connect),
		 (unsigned)connect_wanted_hz(connect) / HZ_PER_KHZ);
	tell_rescue(connect, how);
}

static void
tell_lapse(struct connect_job *connect)
{
	const struct board *board = connect->nrst.board;
	char how[128];

	snprintf(how, sizeof(how),
		 "at %u kHz: the target was there all the time, so an answer was lost on "
		 "the wires at %u kHz",
		 (unsigned)board->probe->clock_hz / HZ_PER_KHZ,
		 (unsigned)board->lost_hz / HZ_PER_KHZ);
	tell_rescue(connect, how);
}

static bool
has_failed_before(const struct connect_job *connect)
{
	return reason_root(&connect->attach_why)[0] != '\0' ||
	       reason_root(&connect->last_why)[0] != '\0';
}

static void
tell_rescues(struct connect_job *connect)
{
	if (connect->is_under_reset && has_failed_before(connect)) {
		tell_under_reset(connect);
	} else if (connect->is_caught) {
		tell_rescue(connect, connect->watch_ms != 0
					     ? "by catching the core as it started"
					     : "by catching the core awake");
	} else if (connect->has_lapsed) {
		tell_lapse(connect);
	} else if (is_slow(connect)) {
		tell_slower(connect);
	}
}

/* A chip without what was to be found beside it is connected all the same; who wants to program
 * that is given the reason. */
static enum cause
look_beside(struct board *board, bool *done, struct reason *why)
{
	struct board_finder *finder = board->options.finder;
	struct reason *missing = &board->external_why;
	char words[REASON_SPACE];
	enum cause cause;

	*done = finder == NULL;
	if (finder == NULL)
		return CAUSE_NONE;
	*missing = (struct reason)REASON_INIT;
	cause = finder->look(finder, board, done, missing);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	*done = true;
	if (cause == CAUSE_GONE) {
		*why = *missing;
		return cause;
	}
	reason_line(missing, words, sizeof(words));
	log_warning("board", "%s", words);
	return CAUSE_NONE;
}

enum cause
connect_finish_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	struct board *board = board_of(job);
	enum cause cause = look_beside(board, done, why);

	if (cause != CAUSE_NONE || !*done)
		return cause;
	if (!connect->is_under_reset && !connect->is_caught)
		facts_know(&board->facts, FACT_ATTACHED, 1);
	board->is_slowed = is_slow(connect);
	if (!board->is_speed_chosen && !board->probe->has_other_debugger)
		link_clock_allow_slower(&board->dap);
	board_tried(board, connect->step->name, "connected");
	tell_rescues(connect);
	log_debug("board", "connected%s: %s", connect->is_under_reset ? " under reset" : "",
		  board->description);
	board_is_back(board);
	return CAUSE_NONE;
}
