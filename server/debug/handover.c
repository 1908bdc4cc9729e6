/* SPDX-License-Identifier: MIT */
/*
 * handover.c - the probe of several tethers, when the one that had it on USB ends or is killed: the
 * next opens it there, and its sessions need not hear of it. The cores go on meanwhile, with the
 * breakpoints that are in them.
 */
#include "server/debug/debugger_internal.h"

#include "transport/base/log.h"
#include "transport/probe/absent.h"

enum {
	/* One that ends lets its target go first, within 0.5 s (failure mode A3). */
	HANDOVER_MS = 3000,
	US_PER_MS = 1000
};

bool
debugger_is_handing_over(const struct debugger *debugger)
{
	if (debugger->is_handing_over)
		return true;
	/* The next turn finds out what was lost. */
	return debugger->options->hands_over &&
	       debugger->keeper.phase == KEEPER_CONNECTED && !debugger->is_ending &&
	       dap_is_lost(board_dap(debugger->board));
}

bool
handover_begin(struct debugger *debugger)
{
	if (!debugger->options->hands_over || debugger->is_ending ||
	    !board_has_lost_probe(debugger->board) || !debugger->keeper.was_connected)
		return false;
	debugger->is_handing_over = true;
	debugger->handover = deadline_in_ms(debugger->clock, HANDOVER_MS);
	return true;
}

static void
end(struct debugger *debugger)
{
	debugger->is_handing_over = false;
	if (board_is_lost(debugger->board)) {
		debugger_lose(debugger);
		return;
	}
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL)
			debugger->views[i]->ops->settled(debugger->views[i]);
}

void
handover_turn(struct debugger *debugger, uint64_t *wait_us)
{
	uint64_t left_us;

	if (!debugger->is_handing_over)
		return;
	left_us = (uint64_t)deadline_left_ms(&debugger->handover) * US_PER_MS;
	if (debugger->keeper.phase == KEEPER_CONNECTED ||
	    debugger->keeper.phase == KEEPER_OVER || left_us == 0)
		end(debugger);
	else if (left_us < *wait_us)
		*wait_us = left_us;
}
