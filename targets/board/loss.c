/* SPDX-License-Identifier: MIT */
/* loss.c - is probe or target gone, which of them, and what speaks for it. */
#include "targets/board/board_internal.h"

#include "transport/probe/vtarget.h"

#include <assert.h>

/* One that cannot measure may look at its pins instead; one that can do neither shows by
 * what it is asked next whether it is there. */
bool
board_is_probe_there(struct board *board)
{
	/* That it fails is the answer. */
	struct reason why = REASON_INIT;
	struct probe_pins pins;
	unsigned millivolts;
	enum cause cause = probe_measure_vtarget(board->probe, &millivolts, &why);

	if (cause == CAUSE_UNSUPPORTED)
		cause = probe_read_pins(board->probe, &pins, &why);
	return cause == CAUSE_NONE || cause == CAUSE_UNSUPPORTED;
}

/* A probe that cannot measure, or does not answer either, has nothing to add. */
void
board_add_voltage(struct board *board, struct reason *why)
{
	struct reason unmeasured = REASON_INIT;
	struct vtarget vtarget;

	if (vtarget_measure(board->probe, &vtarget, &unmeasured) == CAUSE_NONE)
		vtarget_add_to(&vtarget, why);
}

/* The voltage shows whether the board has lost its supply. */
static void
classify(struct board *board, struct reason *why)
{
	board->has_lost_probe = probe_is_lost(board->probe) || !board_is_probe_there(board);
	if (board->has_lost_probe) {
		reason_while(why, "the probe is lost");
		return;
	}
	board_add_voltage(board, why);
	/* It had one until now. */
	if (reason_finding(why) == FINDING_B1 || reason_finding(why) == FINDING_B2)
		reason_suspect(why, FINDING_F4);
	reason_while(why, "the target is lost; the probe is there");
}

static void
lose(struct board *board)
{
	struct board_event event = { .kind = EVENT_LOST, .why = &board->lost_why };

	board->is_lost = true;
	for (unsigned i = 0; i < board->cores_len; i++) {
		core_left_halt(&board->cores[i]);
		run_forget(board, i);
	}
	board_report(board, &event);
}

void
board_notice_loss(struct board *board)
{
	if (!board->is_connected || board->is_lost || !dap_is_lost(&board->dap))
		return;
	board->lost_why = *dap_lost_why(&board->dap);
	classify(board, &board->lost_why);
	board->is_lost_by_silence = !board->has_lost_probe;
	board->lost_hz = board->probe->clock_hz;
	lose(board);
}

void
board_give_up(struct board *board, const struct reason *why)
{
	if (board->is_lost)
		return;
	board->has_lost_probe = false;
	board->lost_why = *why;
	lose(board);
}

void
board_is_missing(struct board *board, const struct reason *why, bool lacks_probe)
{
	assert(!board->is_connected);
	board->is_lost = true;
	board->has_lost_probe = lacks_probe;
	board->lost_why = *why;
}

void
board_is_back(struct board *board)
{
	struct board_event back = { .kind = EVENT_BACK };

	board->is_connected = true;
	board->is_lost = board->has_lost_probe = false;
	for (unsigned i = 0; i < board->cores_len; i++)
		run_forget(board, i);
	board_keep_flags(board);
	board_report(board, &back);
}

bool
board_is_lost(const struct board *board)
{
	return board->is_lost;
}

bool
board_has_lost_probe(const struct board *board)
{
	return board->has_lost_probe;
}

const struct reason *
board_lost_why(const struct board *board)
{
	assert(board->is_lost);
	return &board->lost_why;
}
