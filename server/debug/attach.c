/* SPDX-License-Identifier: MIT */
/*
 * attach.c - a view takes a core and gives it up; what its client ought to know of that core is said
 * as it comes.
 */
#include "server/debug/fault.h"
#include "server/debug/run_control.h"
#include "server/debug/view_internal.h"
#include "transport/base/log.h"

#include <string.h>

static void
say_fault(struct view *view, unsigned core)
{
	const struct stop *stop = board_stop(view_board(view), core);
	char words[FAULT_WORDS_MAX];
	char note[FAULT_WORDS_MAX + sizeof("note: ")];
	struct text text;

	if (!fault_is_worth_words(stop))
		return;
	fault_describe(view_board(view), core, stop, words, sizeof(words));
	text_init(&text, note, sizeof(note));
	text_add(&text, "note: %s", words);
	view->ops->say_state(view, note);
}

/* A view that is attached already has let it run. */
static enum cause
look_and_halt(struct view *view, unsigned core, struct reason *why)
{
	struct board *board = view_board(view);
	enum cause cause = board_look(board, core, why);

	if (cause == CAUSE_NONE && board_is_asleep(board, core)) {
		*why = *board_asleep_why(board);
		return why->cause;
	}
	if (cause != CAUSE_NONE || board_is_halted(board, core) ||
	    board_claimant(board, board_core_claim(core)) != NULL ||
	    debugger_attached(view->debugger, core, view) > 0)
		return cause;
	return board_halt(board, core, view, why);
}

/* What had to be got round to connect has to be changed, on the board or in the program; and a chip
 * that is a copy may differ in more than is known. NULL: there is nothing to say. */
static void
say_note(struct view *view, const struct reason *note)
{
	char lines[REASON_SPACE + REASON_LINE_MAX] = "note: ";
	size_t len = strlen(lines);

	if (note == NULL)
		return;
	len += reason_text(note, lines + len, sizeof(lines) - len);
	lines[len - 1] = '\0';
	view->ops->say(view, lines);
}

static void
say_protection(struct view *view)
{
	struct reason why = REASON_INIT;

	if (board_is_read_protected(view_board(view), &why))
		say_note(view, &why);
}

/* Failure mode C9: a breakpoint of the program would never be hit, and nothing else shows it. */
static void
say_boot_loader(struct view *view, unsigned core)
{
	struct board *board = view_board(view);
	const struct finding_row *row;
	bool was_empty = false;
	/* A PC that cannot be read is reported by who needs it. */
	struct reason unread = REASON_INIT;
	char line[REASON_LINE_MAX];
	struct text text;
	uint64_t pc = 0;

	if (!board_is_halted(board, core) ||
	    board_register_read(board, core, REGISTER_PC, &pc, &unread) != CAUSE_NONE ||
	    strstr(board_region_name(board, (uint32_t)pc), "boot loader") == NULL)
		return;
	(void)board_read_empty_flag(board, &was_empty);
	row = finding_row(was_empty ? FINDING_TARGET_WAS_EMPTY : FINDING_C9);
	text_init(&text, line, sizeof(line));
	text_add(&text,
		 "note: %s (%s is at 0x%08x), where no breakpoint of the program is "
		 "hit\ntry: %s",
		 row->sentence, view_core_name(view, core), (unsigned)pc, row->remedy);
	view->ops->say(view, line);
}

static void
say_held(struct view *view, unsigned core)
{
	struct board *board = view_board(view);
	const struct core_entry *held = board_held_core(board);
	char lines[REASON_LINE_MAX];
	struct text text;

	if (held == NULL || !core_is_held(board_core(board, core)))
		return;
	text_init(&text, lines, sizeof(lines));
	text_add(&text,
		 "note: %s has not been started: %s holds it until the program of %s sets "
		 "that bit. It is shown where it will begin; breakpoints are kept, "
		 "\"continue\" waits for its start, and before its first instruction it is "
		 "caught\n"
		 "try: start it by \"monitor release\"",
		 held->name, held->gate.name, core_name(board_main_core(board)));
	view->ops->say(view, lines);
}

enum cause
view_attach(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = debugger_check_there(view->debugger, why);
	bool was_halted;

	if (cause != CAUSE_NONE || (view->attached & core_bit(core)) != 0)
		return cause;
	debugger_end_hung_up(view->debugger, view);
	was_halted = board_is_halted(view_board(view), core);
	cause = look_and_halt(view, core, why);
	debugger_wake(view->debugger);
	if (cause != CAUSE_NONE)
		return reason_while(why, "attaching to %s", view_core_name(view, core));
	view->attached |= core_bit(core);
	debugger_update(view->debugger, core);
	/* Of a halt that is new the event is still to come. */
	if (was_halted && board_is_halted(view_board(view), core))
		say_fault(view, core);
	say_held(view, core);
	say_note(view, board_rescue(view_board(view)));
	say_note(view, board_copy(view_board(view)));
	say_note(view, board_reset_row(view_board(view)));
	say_protection(view);
	say_boot_loader(view, core);
	return CAUSE_NONE;
}

void
view_attach_to_restart(struct view *view, unsigned core)
{
	view->attached |= core_bit(core);
	debugger_update(view->debugger, core);
}

/* What others have inserted stays; without others, what a dead session left goes as well. */
static enum cause
remove_breakpoints(struct view *view, unsigned core, bool is_last, struct reason *why)
{
	struct breakpoint_set *set = view_breakpoints(view, core);
	struct core *target = board_core(view_board(view), core);

	if (!is_last || breakpoints_has_others(set, view->place))
		return breakpoints_drop(set, target, view->place, why);
	breakpoints_forget(set);
	return core_breakpoints_clear(target, why);
}

static enum cause
let_run(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = board_look(view_board(view), core, why);

	return cause == CAUSE_NONE ? board_let_go(view_board(view), core, view, why)
				   : cause;
}

static void
release_now(struct view *view, unsigned core, bool was_attached, struct text *fate)
{
	bool is_last = was_attached && debugger_attached(view->debugger, core, view) == 0;
	struct reason why = REASON_INIT;
	enum cause cause = remove_breakpoints(view, core, is_last, &why);

	if (cause == CAUSE_NONE && is_last)
		cause = let_run(view, core, &why);
	if (cause != CAUSE_NONE)
		text_add(fate, "the core could not be left running: %s",
			 reason_outermost(&why));
	else if (is_last)
		text_add(fate, "breakpoints removed, the core runs");
	else if (was_attached)
		text_add(fate, "other clients stay: the core was left as it was");
	else
		text_add(fate, "its breakpoints were removed");
}

static void
release_core(struct view *view, unsigned core, struct text *fate)
{
	bool was_attached = (view->attached & core_bit(core)) != 0;
	struct breakpoint_set *set = view_breakpoints(view, core);

	view->attached &= ~core_bit(core);
	view->waits &= ~core_bit(core);
	debugger_part(view->debugger);
	if (view->debugger->cores[core].runner == view)
		view->debugger->cores[core].runner = NULL;
	debugger_update(view->debugger, core);
	if (!was_attached && !breakpoints_has(set, view->place))
		return;
	if (fate->used > 0)
		text_add(fate, "; ");
	if (board_is_lost(view_board(view))) {
		breakpoints_disown(set, view->place);
		text_add(fate, "the target is lost");
	} else if (board_claimant(view_board(view), board_core_claim(core)) != NULL) {
		breakpoints_disown(set, view->place);
		view->debugger->cores[core].is_untidy = true;
		text_add(fate, "breakpoints are removed when the job that has %s is over",
			 view_core_name(view, core));
	} else {
		release_now(view, core, was_attached, fate);
	}
}

void
view_release(struct view *view, unsigned cores, struct text *fate)
{
	for (unsigned i = 0; i < view_cores(view); i++)
		if ((cores & core_bit(i)) != 0)
			release_core(view, i, fate);
	debugger_wake(view->debugger);
}

void
view_end_program(struct view *view, unsigned core)
{
	struct breakpoint_set *set = view_breakpoints(view, core);
	struct reason why = REASON_INIT;

	view_stop_waiting(view, core_bit(core));
	if (board_is_lost(view_board(view))) {
		breakpoints_disown(set, view->place);
	} else if (board_claimant(view_board(view), board_core_claim(core)) != NULL) {
		breakpoints_disown(set, view->place);
		view->debugger->cores[core].is_untidy = true;
	} else if (breakpoints_drop(set, board_core(view_board(view), core), view->place,
				    &why) != CAUSE_NONE) {
		log_warning("server", "%s has breakpoints left: %s",
			    view_core_name(view, core), reason_outermost(&why));
	}
}

static bool
has_one_core(struct board *board)
{
	const struct chip *chip = board_chip(board);

	return chip->device != NULL && chip->device->cores[1].name == NULL;
}

bool
view_is_other_attached(const struct view *view, unsigned core)
{
	for (unsigned i = 0; i < view_cores(view); i++)
		if (i != core && debugger_attached(view->debugger, i, NULL) > 0)
			return true;
	return false;
}

bool
view_is_chip_shared(const struct view *view, unsigned core)
{
	if (view_is_other_attached(view, core))
		return true;
	/* Each of those who hand the probe over has a core, of a chip with two. */
	return view->debugger->options->hands_over && view->debugger->sharers > 0 &&
	       !has_one_core(view_board(view));
}
