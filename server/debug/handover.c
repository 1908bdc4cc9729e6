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
	/* A tether that is stopped, or swapped out, may go on; that it is waited for is repeated. */
	SILENCE_MS = 120000,
	REMIND_MS = 5000,
	US_PER_MS = 1000,
	US_PER_S = 1000000
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
	debugger->is_owner_silent = false;
	debugger->handover_why = *board_lost_why(debugger->board);
	return true;
}

static void
report_silence(struct debugger *debugger, const struct reason *why)
{
	unsigned s = (unsigned)((clock_now_us(debugger->clock) - debugger->keeper.lost_us) /
				US_PER_S);
	char so_far[32] = "";
	struct text text;

	text_init(&text, so_far, sizeof(so_far));
	if (debugger->is_owner_silent)
		text_add(&text, ", for %u s now", s);
	debugger->silence = deadline_in_ms(debugger->clock, REMIND_MS);
	log_warning("server", "%s%s; this one waits for it, %u s at most; try: %s",
		    reason_root(why), so_far, (unsigned)SILENCE_MS / 1000,
		    reason_remedy(why));
	debugger_say(debugger, ANY_CORE, NULL,
		     "note: %s%s; gdb's requests wait, %u s at most; try: %s",
		     reason_root(why), so_far, (unsigned)SILENCE_MS / 1000,
		     reason_remedy(why));
}

/* One whose tether is there and does not answer is waited for longer. */
static void
take_failure(struct debugger *debugger)
{
	const struct reason *why = &debugger->handover_why;

	if (reason_finding(why) != FINDING_HOST_OWNER_SILENT)
		return;
	if (!debugger->is_owner_silent)
		debugger->handover = deadline_in_ms(debugger->clock, SILENCE_MS);
	if (!debugger->is_owner_silent || deadline_is_over(&debugger->silence))
		report_silence(debugger, why);
	debugger->is_owner_silent = true;
	debugger->handover_why = (struct reason)REASON_INIT;
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
	take_failure(debugger);
	left_us = (uint64_t)deadline_left_ms(&debugger->handover) * US_PER_MS;
	if (debugger->keeper.phase == KEEPER_CONNECTED ||
	    debugger->keeper.phase == KEEPER_OVER || left_us == 0)
		end(debugger);
	else if (left_us < *wait_us)
		*wait_us = left_us;
}
