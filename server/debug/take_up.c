/* SPDX-License-Identifier: MIT */
/* take_up.c - the cores of a target that is back, as clients have them in mind. */
#include "server/debug/debugger_internal.h"

#include "transport/base/log.h"

/* Where it was before the probe changed hands. */
static bool
stayed_halted(struct debugger *debugger, unsigned core)
{
	struct reason unseen = REASON_INIT;

	return debugger->is_handing_over &&
	       board_look(debugger->board, core, &unseen) == CAUSE_NONE &&
	       board_is_halted(debugger->board, core);
}

static enum cause
go_on(struct debugger *debugger, unsigned core, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS && cause == CAUSE_NONE; i++) {
		struct view *view = debugger->views[i];

		if (view != NULL && (view->waits & 1u << core) != 0)
			cause = view->go_on(view, core, why);
	}
	return cause;
}

/* Those attached take the core for halted, and what they inserted for inserted. */
static enum cause
take_up_core(struct debugger *debugger, unsigned core, struct reason *why)
{
	struct board *board = debugger->board;
	enum cause cause = breakpoints_restore(&debugger->cores[core].breakpoints,
					       board_core(board, core), why);

	debugger_update(debugger, core);
	if (cause != CAUSE_NONE || debugger_attached(debugger, core, NULL) == 0)
		return cause;
	if (debugger_waiting(debugger, core, NULL) > 0)
		return go_on(debugger, core, why);
	if (stayed_halted(debugger, core))
		return CAUSE_NONE;
	cause = board_halt(board, core, NULL, why);
	if (cause == CAUSE_NONE)
		debugger_say(debugger, (int)core, NULL,
			     "note: %s was halted; registers and memory seen before may no "
			     "longer be true",
			     core_name(board_core(board, core)));
	return cause;
}

void
debugger_take_up(struct debugger *debugger)
{
	log_info("server", "the target is back: %s", board_describe(debugger->board));
	debugger_outdate(debugger);
	if (!debugger->is_handing_over)
		debugger_say(debugger, ANY_CORE, NULL,
			     "note: the target is back, after it had been lost");
	for (unsigned i = 0; i < debugger->cores_len; i++) {
		struct reason why = REASON_INIT;
		char line[REASON_SPACE];

		if (take_up_core(debugger, i, &why) == CAUSE_NONE)
			continue;
		reason_line(&why, line, sizeof(line));
		log_warning("server", "%s: %s", core_name(board_core(debugger->board, i)),
			    line);
		debugger_say(debugger, (int)i, NULL, "note: %s", line);
	}
}
