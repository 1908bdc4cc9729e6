/* SPDX-License-Identifier: MIT */
/* views.c - what concerns all views of a debugger. */
#include "server/debug/debugger_internal.h"

#include "transport/base/log.h"

#include <stdarg.h>

enum { NOTE_MAX = 2048 };

static bool
is_attached(const struct view *view, int core)
{
	return core == ANY_CORE ? view->attached != 0
				: (view->attached & 1u << (unsigned)core) != 0;
}

void
debugger_say(struct debugger *debugger, int core, const struct view *except,
	     const char *fmt, ...)
{
	char lines[NOTE_MAX];
	struct text text;
	va_list args;

	text_init(&text, lines, sizeof(lines));
	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++) {
		struct view *view = debugger->views[i];

		if (view != NULL && view != except && is_attached(view, core))
			view->ops->say(view, lines);
	}
}

void
debugger_print(struct debugger *debugger, unsigned core, const char *text)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++) {
		struct view *view = debugger->views[i];

		if (view != NULL && (view->waits & 1u << core) != 0)
			view->ops->print(view, text);
	}
}

unsigned
debugger_attached(const struct debugger *debugger, unsigned core, const struct view *except)
{
	unsigned count = 0;

	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		count += debugger->views[i] != NULL && debugger->views[i] != except &&
			 (debugger->views[i]->attached & 1u << core) != 0;
	return count;
}

unsigned
debugger_waiting(const struct debugger *debugger, unsigned core, const struct view *except)
{
	unsigned count = 0;

	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		count += debugger->views[i] != NULL && debugger->views[i] != except &&
			 (debugger->views[i]->waits & 1u << core) != 0;
	return count;
}

void
debugger_update(struct debugger *debugger, unsigned core)
{
	board_expect(debugger->board, core, debugger_attached(debugger, core, NULL) > 0,
		     debugger_waiting(debugger, core, NULL) > 0);
}

void
debugger_outdate(struct debugger *debugger)
{
	code_cache_forget(debugger);
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL)
			debugger->views[i]->ops->outdated(debugger->views[i]);
}

enum cause
debugger_check_there(const struct debugger *debugger, struct reason *why)
{
	if (!board_is_lost(debugger->board))
		return CAUSE_NONE;
	*why = *board_lost_why(debugger->board);
	return CAUSE_GONE;
}

void
debugger_end_hung_up(struct debugger *debugger, const struct view *except)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i] != except)
			debugger->views[i]->ops->check_hung_up(debugger->views[i]);
}

static enum cause
tidy_core(struct debugger *debugger, unsigned core, struct reason *why)
{
	struct board *board = debugger->board;
	enum cause cause = breakpoints_restore(&debugger->cores[core].breakpoints,
					       board_core(board, core), why);

	if (cause != CAUSE_NONE || debugger_attached(debugger, core, NULL) > 0)
		return cause;
	return board_let_go(board, core, NULL, why);
}

enum cause
debugger_ungroup(struct debugger *debugger, struct reason *why)
{
	enum cause cause = board_group_end(debugger->board, why);

	for (unsigned i = 0; i < debugger->cores_len; i++)
		if (debugger_attached(debugger, i, NULL) == 0)
			debugger->cores[i].is_untidy = true;
	debugger_wake(debugger);
	return cause;
}

void
debugger_part(struct debugger *debugger)
{
	struct reason why = REASON_INIT;

	if (!board_is_group(debugger->board) || board_is_lost(debugger->board))
		return;
	for (unsigned i = 0; i < debugger->cores_len; i++)
		if (debugger_attached(debugger, i, NULL) > 0)
			return;
	if (debugger_ungroup(debugger, &why) != CAUSE_NONE)
		log_warning("server", "%s: %s", reason_outermost(&why), reason_root(&why));
	else
		log_info("server",
			 "the cores halt together no more: the last client has left");
}

void
debugger_let_go(struct debugger *debugger)
{
	struct board *board = debugger->board;

	for (unsigned i = 0; i < debugger->cores_len; i++) {
		/* The next look shows what has become of it. */
		struct reason why = REASON_INIT;

		if (debugger_attached(debugger, i, NULL) == 0 &&
		    board_look(board, i, &why) == CAUSE_NONE &&
		    !board_is_halted(board, i) &&
		    board_let_go(board, i, NULL, &why) != CAUSE_NONE)
			log_debug("server", "%s", reason_outermost(&why));
	}
}

void
debugger_tidy(struct debugger *debugger)
{
	struct board *board = debugger->board;

	debugger_part(debugger);
	for (unsigned i = 0; i < debugger->cores_len; i++) {
		struct reason why = REASON_INIT;

		if (!debugger->cores[i].is_untidy || board_is_lost(board) ||
		    board_claimant(board, board_core_claim(i)) != NULL)
			continue;
		debugger->cores[i].is_untidy = false;
		if (tidy_core(debugger, i, &why) != CAUSE_NONE)
			log_warning("server", "%s may not run on as without a client: %s",
				    core_name(board_core(board, i)),
				    reason_outermost(&why));
	}
}

void
debugger_wake(struct debugger *debugger)
{
	debugger->is_awake = true;
	if (!debugger->is_ended)
		uv_idle_start(&debugger->soon, debugger->turn);
}
