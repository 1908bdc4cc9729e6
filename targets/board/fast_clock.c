/* SPDX-License-Identifier: MIT */
/* fast_clock.c - a faster SWD clock than the connection's, for as long as much is moved. */
#include "targets/board/board_internal.h"

/* Nobody chose the clock in use, and the link did not need a slower one. Another program that uses
 * the probe has its own ideas of it. */
static bool
may_raise(const struct board *board)
{
	return !board->is_speed_chosen && !board->is_slowed &&
	       !board->probe->has_other_debugger;
}

enum cause
board_raise_clock(struct board *board, struct core *core, const struct link_sample *sample,
		  struct reason *why)
{
	if (!may_raise(board))
		return CAUSE_NONE;
	return link_clock_raise(core_memory(core), sample, why);
}

enum cause
board_lower_clock(struct board *board, struct reason *why)
{
	return link_clock_lower(&board->dap, why);
}

bool
board_has_raised_clock(const struct board *board)
{
	return link_clock_is_raised(&board->dap);
}

void
board_distrust_clock(struct board *board)
{
	link_clock_distrust(&board->dap);
}

enum cause
board_choose_clock(struct board *board, uint32_t hz, struct reason *why)
{
	enum cause cause = probe_set_clock(board->probe, &hz, why);

	if (cause != CAUSE_NONE)
		return cause;
	board->is_speed_chosen = true;
	link_clock_forget(&board->dap);
	return CAUSE_NONE;
}
