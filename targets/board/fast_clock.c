/* SPDX-License-Identifier: MIT */
/* fast_clock.c - a faster SWD clock than the connection's, for as long as much is moved. */
#include "targets/board/board_internal.h"

/* IHI 0031G B4.2: request 8, turnaround and acknowledge 4, data and parity 33, and idle. */
enum { SWD_CLOCKS_PER_WORD = 46, WORD = 4, BYTES_AT_ONCE = 6144, US_PER_S = 1000000 };

uint32_t
board_bytes_in_us(const struct board *board, uint64_t us)
{
	uint64_t clock_hz = board->probe->clock_hz;
	uint64_t words = clock_hz * us / US_PER_S / SWD_CLOCKS_PER_WORD;

	if (clock_hz == 0 || words * WORD >= BYTES_AT_ONCE)
		return BYTES_AT_ONCE;
	return words > 0 ? (uint32_t)words * WORD : WORD;
}

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
