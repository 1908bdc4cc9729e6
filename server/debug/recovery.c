/* SPDX-License-Identifier: MIT */
/*
 * recovery.c - the views that ask for a lost board: what they see meanwhile, and their answers.
 *
 * A view waits for the keeper, or for what its user does by hand: then it alone is printed to, and
 * others that ask are answered at once.
 */
#include "server/debug/debugger_internal.h"

#include "transport/base/log.h"

bool
recovery_is_asked_for(const struct debugger *debugger)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i]->wants_recovery)
			return true;
	return false;
}

void
recovery_answer(struct view *view, enum cause cause, const struct reason *why)
{
	view_done *by_hand = view->by_hand;

	view->wants_recovery = false;
	view->by_hand = NULL;
	if (by_hand != NULL)
		by_hand(view, cause, why);
	else
		view->ops->recovered(view, cause, why);
}

void
recovery_answer_all(struct debugger *debugger, enum cause cause, const struct reason *why)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i]->wants_recovery)
			recovery_answer(debugger->views[i], cause, why);
}

bool
recovery_is_by_hand(const struct debugger *debugger, const struct view *except)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i] != except &&
		    debugger->views[i]->by_hand != NULL)
			return true;
	return false;
}

void
recovery_print(struct debugger *debugger, const char *lines)
{
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i]->by_hand != NULL)
			debugger->views[i]->ops->print(debugger->views[i], lines);
}

void
recovery_say(void *context, const char *line)
{
	char buffer[REASON_LINE_MAX];
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	text_add(&words, "%s\n", line);
	log_info("server", "%s", line);
	recovery_print(context, buffer);
}

void
recovery_refuse_others(struct debugger *debugger)
{
	struct reason why = REASON_INIT;

	reason_begin(&why, CAUSE_GONE,
		     "another client waits for the board's power to be switched off and on "
		     "(monitor recover)");
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i]->wants_recovery &&
		    debugger->views[i]->by_hand == NULL)
			recovery_answer(debugger->views[i], why.cause, &why);
}

enum cause
view_recover(struct view *view, struct reason *why)
{
	if (view->debugger->keeper.phase == KEEPER_OVER)
		return debugger_check_there(view->debugger, why);
	view->wants_recovery = true;
	keeper_hurry(view->debugger);
	return CAUSE_NONE;
}

enum cause
view_recover_by_hand(struct view *view, view_done *done, struct reason *why)
{
	enum cause cause = view_recover(view, why);

	if (cause == CAUSE_NONE)
		view->by_hand = done;
	return cause;
}

bool
view_is_by_hand(const struct view *view)
{
	return view->by_hand != NULL;
}
