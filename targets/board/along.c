/* SPDX-License-Identifier: MIT */
/*
 * along.c - a core that nobody debugs, and that a reset for a client of the other core has halted at its
 * reset vector, as after a load: it goes on when the other one does, or is left. Who debugs the other
 * begins with both at their reset vectors, and a program that waits for its other half finds it.
 */
#include "targets/board/board_internal.h"

#include "transport/base/log.h"

#include <stdio.h>

/* A client's halt stays one: it is who debugs that core, by commands. One by a job is
 * none, as by that which writes option bytes by the main core. */
static bool
is_to_run(const struct board_run *run)
{
	return !run->is_halted || !run->is_kept_halted;
}

static bool
is_other_debugged(const struct board *board, unsigned core)
{
	for (unsigned i = 0; i < board->cores_len; i++)
		if (i != core && board->runs[i].stays_halted)
			return true;
	return false;
}

unsigned
along_find(const struct board *board)
{
	unsigned cores = 0;

	for (unsigned i = 0; i < board->cores_len; i++)
		if (!board->runs[i].stays_halted && is_to_run(&board->runs[i]) &&
		    is_other_debugged(board, i))
			cores |= 1u << i;
	return cores;
}

void
along_halted(struct board *board, unsigned cores)
{
	for (unsigned i = 0; i < board->cores_len; i++) {
		struct board_run *run = &board->runs[i];

		run->goes_along =
			(cores & 1u << i) != 0 && run->is_halted && !run->stays_halted;
	}
}

bool
board_goes_along(const struct board *board, unsigned core)
{
	return board->runs[core].goes_along;
}

/* Of the others: one runs, or is nobody's any more. */
static bool
has_other_gone(const struct board *board, unsigned core)
{
	for (unsigned i = 0; i < board->cores_len; i++) {
		const struct board_run *run = &board->runs[i];

		if (i != core && !run->is_stale &&
		    (!run->is_halted || run->is_stepping || !run->stays_halted))
			return true;
	}
	return false;
}

static void
go(struct board *board, unsigned core)
{
	struct reason why = REASON_INIT;
	const char *name = core_name(&board->cores[core]);
	char words[REASON_SPACE + 128], line[REASON_SPACE];
	struct board_event event = { .kind = EVENT_REMARK, .core = core, .words = words };
	enum cause cause = board_let_go(board, core, NULL, &why);

	/* A loss is reported by itself, and what comes back is looked at then. */
	if (cause == CAUSE_GONE)
		return;
	board->runs[core].goes_along = false;
	if (cause == CAUSE_NONE) {
		log_info("board", "%s, which nobody debugs, runs on after the reset", name);
		return;
	}
	reason_line(&why, line, sizeof(line));
	snprintf(words, sizeof(words),
		 "%s, which nobody debugs, does not run on after the reset: %s", name,
		 line);
	log_warning("board", "%s", words);
	board_report(board, &event);
}

void
along_turn(struct board *board)
{
	for (unsigned i = 0; i < board->cores_len; i++) {
		struct board_run *run = &board->runs[i];

		if (!run->goes_along || run->is_stale || claims_are_elsewhere(board) ||
		    board_claimant(board, board_core_claim(i)) != NULL)
			continue;
		if (run->stays_halted || !run->is_halted)
			run->goes_along = false;
		else if (has_other_gone(board, i))
			go(board, i);
	}
}
