/* SPDX-License-Identifier: MIT */
/*
 * range.c - stepping until PC has left a range, in slices.
 *
 * Steps are taken with interrupts masked, so a loop that waits for an interrupt would be
 * stepped for ever. Once in a slice the core is let run over one instruction, to a
 * breakpoint behind it (a detour): what is pending is served on the way. That needs a free
 * comparator; without one a loop is stepped on masked.
 */
#include "targets/board/board_internal.h"
#include "targets/core/instruction.h"

enum {
	SLICE_MS = 15,
	DETOUR_SEARCH = 16 /* steps to find an instruction that a detour can begin at */
};

/* Is the step that just ended the last one of the range? A breakpoint at the new PC is one
 * that the client wants to hear of, though the core has not run into it. */
static bool
is_range_left(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];
	struct halt *halt = &run->stop.halt;
	enum breakpoint_means here = breakpoint_at(&board->cores[core], halt->pc);

	/* A locked-up core stays where it is however often it is stepped, and the range may have the
	 * address that it is at. */
	if (halt->reason != HALT_STEPPED || run->stop.is_locked_up)
		return true;
	if (here != BREAKPOINT_NOT_HERE) {
		halt->reason = HALT_BREAKPOINT;
		halt->is_software = here == BREAKPOINT_PLANTED;
		breakpoint_note_hit(&board->cores[core], halt->pc);
		return true;
	}
	return halt->pc < run->range_from || halt->pc >= run->range_to;
}

/* One step, or a look whether a detour or a long step has ended. */
static enum cause
advance(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum cause cause =
		run->is_halted ? run_step(board, core, why) : run_look(board, core, why);

	if (cause == CAUSE_NONE && run->is_halted && is_range_left(board, core))
		run->is_stepping = false;
	return cause;
}

static bool
goes_on(const struct board_run *run)
{
	return run->is_halted && run->is_stepping;
}

/* Where nothing can be read there is nothing to run over; the next step shows what that
 * comes to. */
static bool
can_begin_at(struct board *board, unsigned core, uint32_t pc)
{
	struct core *cores = &board->cores[core];
	struct reason unread = REASON_INIT;
	uint8_t bytes[2];

	if (core_memory_read(cores, pc, bytes, sizeof(bytes), &unread) != CAUSE_NONE)
		return false;
	return instruction_goes_straight_on(le16_get(bytes)) &&
	       breakpoint_at(cores, pc) == BREAKPOINT_NOT_HERE &&
	       breakpoint_at(cores, pc + sizeof(bytes)) == BREAKPOINT_NOT_HERE;
}

static enum cause
begin_detour(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	uint32_t pc = run->stop.halt.pc;
	struct reason none_free = REASON_INIT;
	enum cause cause;

	if (!can_begin_at(board, core, pc) ||
	    core_breakpoint_insert(&board->cores[core], pc + 2, true, &none_free) !=
		    CAUSE_NONE)
		return CAUSE_NONE;
	run->has_detour = true;
	run->detour_at = pc + 2;
	cause = core_resume(&board->cores[core], why);
	if (cause == CAUSE_NONE)
		run->is_halted = run->is_halt_due = false;
	return cause;
}

static enum cause
find_detour(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum cause cause = begin_detour(board, core, why);

	for (unsigned i = 0; i < DETOUR_SEARCH && cause == CAUSE_NONE && goes_on(run);
	     i++) {
		cause = advance(board, core, why);
		if (cause == CAUSE_NONE && goes_on(run))
			cause = begin_detour(board, core, why);
	}
	return cause;
}

enum cause
run_step_slice(struct board *board, unsigned core, struct reason *why)
{
	const struct board_run *run = &board->runs[core];
	struct deadline slice = deadline_in_ms(board_clock(board), SLICE_MS);
	enum cause cause;

	if (run->is_held)
		return run_look(board, core, why);
	do
		cause = advance(board, core, why);
	while (cause == CAUSE_NONE && goes_on(run) && !deadline_is_over(&slice));
	if (cause == CAUSE_NONE && goes_on(run))
		cause = find_detour(board, core, why);
	return cause;
}
