/* SPDX-License-Identifier: MIT */
/* link.c - the SWD clock, and a debug port that answers at it. */
#include "targets/connect/connect_internal.h"

#include "transport/base/log.h"

#include <string.h>

enum cause
connect_set_clock(struct board *board, uint32_t hz, struct reason *why)
{
	enum cause cause = probe_set_clock(board->probe, &hz, why);

	link_clock_forget(&board->dap);
	if (cause == CAUSE_NONE)
		facts_know(&board->facts, FACT_CLOCK, hz);
	/* A probe without a clock to set has one that works. */
	return cause == CAUSE_UNSUPPORTED ? CAUSE_NONE : cause;
}

uint32_t
connect_wanted_hz(const struct connect_job *connect)
{
	return connect->nrst.board->options.speed_hz;
}

uint32_t
connect_clock_of(const struct connect_job *connect)
{
	return connect->hz == 0 ? connect_wanted_hz(connect) : connect->hz;
}

/* A slower clock is no remedy when the slowest is in use. */
void
connect_forget_clocks(const struct connect_job *connect, struct reason *why)
{
	enum finding finding = reason_finding(why);

	if (probe_slower_clock(connect_clock_of(connect)) == 0 &&
	    (finding == FINDING_B10 || finding == FINDING_B11 || finding == FINDING_B17))
		reason_conclude(why, FINDING_LINK_ONLY_SLOWEST, why->is_certain);
}

/* Nor when it was tried. */
static enum cause
forget_clocks(struct reason *why)
{
	if (reason_finding(why) == FINDING_B10 || reason_finding(why) == FINDING_B11)
		reason_suspect(why, FINDING_LINK_NO_CLOCK_HELPS);
	return CAUSE_GONE;
}

/* The reason to report is the one at the clock wanted. */
static enum cause
no_link(struct connect_job *connect, uint32_t slowest_hz, struct reason *why)
{
	if (connect->link_why.cause != CAUSE_NONE)
		*why = connect->link_why;
	forget_clocks(why);
	return reason_while(why, "it answers at no slower clock either, down to %u kHz",
			    (unsigned)slowest_hz / HZ_PER_KHZ);
}

/* No debug port answers at that clock: the next one, or the reason. */
static enum cause
slow_down(struct connect_job *connect, uint32_t hz, struct reason *why)
{
	if (hz == connect_wanted_hz(connect))
		connect->link_why = *why;
	connect->hz = probe_slower_clock(hz);
	if (connect->hz != 0)
		return CAUSE_NONE;
	return hz == connect_wanted_hz(connect) ? forget_clocks(why)
						: no_link(connect, hz, why);
}

void
connect_tell_slow_answers(struct board *board)
{
	const struct finding_row *row = finding_row(FINDING_PROBE_SLOW);
	uint32_t us = probe_answer_us(board->probe);
	char buffer[32];
	struct text words;

	if (us == 0 || board->probe->answers.is_said)
		return;
	board->probe->answers.is_said = true;
	text_init(&words, buffer, sizeof(buffer));
	evidence_add_value(FACT_ANSWER_TIME, us, &words);
	log_warning(
		"board",
		"each answer of the probe takes %s, where 1 ms is usual: so all that "
		"is asked of it takes long, as through a slow hub, usbip or the USB of a "
		"virtual machine (try: %s)",
		buffer, row->remedy);
}

static void
know_link(struct connect_job *connect)
{
	struct board *board = connect->nrst.board;

	facts_know(&board->facts, FACT_DPIDR, board->dap.dpidr);
	connect_tell_slow_answers(board);
}

/* An ST-LINK/V2-ISOL has the name and the id of an ST-LINK/V2, as UM1075 has one manual for both.
 * What tells it is its isolator: of a clock that is too fast for it comes back nothing at all,
 * where a long wire or noise leaves some answers whole and damages others. */
static bool
is_never_answered(struct board *board)
{
	enum { LOOKS = 4 };

	if (strcmp(board->probe->identity.kind, "ST-LINK/V2") != 0)
		return false;
	for (unsigned i = 0; i < LOOKS; i++) {
		struct reason why = REASON_INIT;

		if (dap_connect(&board->dap, &why) != CAUSE_GONE ||
		    probe_is_link_suspect(&why))
			return false;
	}
	return true;
}

/* Answered at a slower clock: it may have been the time that passed and not the clock, as with
 * a core that wakes now and then. So the clock wanted is tried once more. */
static bool
is_to_look_again(struct connect_job *connect)
{
	uint32_t slow_hz = connect->hz;
	struct reason why = REASON_INIT;
	struct board *board = connect->nrst.board;

	if (connect->is_second_look ||
	    connect_clock_of(connect) >= connect_wanted_hz(connect))
		return false;
	connect->is_second_look = true;
	if (connect_set_clock(board, connect_wanted_hz(connect), &why) == CAUSE_NONE &&
	    dap_connect(&board->dap, &why) == CAUSE_NONE) {
		connect->hz = 0;
		return false;
	}
	connect->is_unanswered = is_never_answered(board);
	connect->hz = slow_hz;
	return true;
}

/* One clock after the other, until a debug port answers. */
enum cause
connect_link_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	struct board *board = board_of(job);
	uint32_t hz = connect_clock_of(connect);
	enum cause cause = connect_set_clock(board, hz, why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = dap_connect(&board->dap, why);
	if (cause == CAUSE_GONE)
		return slow_down(connect, hz, why);
	*done = cause == CAUSE_NONE && !is_to_look_again(connect);
	if (*done)
		know_link(connect);
	return cause;
}
