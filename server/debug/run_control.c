/* SPDX-License-Identifier: MIT */
#include "server/debug/run_control.h"

#include "server/debug/view_internal.h"
#include "targets/core/cortex_m.h"
#include "transport/base/log.h"

bool
view_is_run_by_others(const struct view *view, unsigned core)
{
	return debugger_waiting(view->debugger, core, view) > 0;
}

/* A step that leads to a loss is answered by ops->lost. */
static enum cause
leave_loss_to_the_turn(struct view *view, enum cause cause)
{
	debugger_wake(view->debugger);
	return cause == CAUSE_GONE && view->waits != 0 &&
			       dap_is_lost(board_dap(view_board(view)))
		       ? CAUSE_NONE
		       : cause;
}

/* One that runs is halted by it. */
static enum cause
step_running(struct view *view, unsigned core, struct reason *why)
{
	if (!view_is_run_by_others(view, core))
		return board_halt(view_board(view), core, view, why);
	reason_begin(why, CAUSE_REQUEST,
		     "%s is run by another client and cannot be stepped",
		     view_core_name(view, core));
	reason_suspect(why, FINDING_REQUEST_CORE_RUNS);
	return CAUSE_REQUEST;
}

/* gdb steps over a breakpoint at PC by itself where it wants that; one that it has inserted
 * since the halt, for a jump to where it is, is to be hit. One that another client has removed
 * and inserted meanwhile is not this one's. */
static void
heed_recent_breakpoint(struct view *view, unsigned core)
{
	struct breakpoint_set *set = view_breakpoints(view, core);
	uint32_t pc = board_stop(view_board(view), core)->halt.pc;

	if (breakpoints_is_recent(set, pc, view->place))
		core_forget_hit(board_core(view_board(view), core));
	breakpoints_settle(set);
}

static enum cause
step(struct view *view, unsigned core, const struct view_motion *motion, struct reason *why)
{
	struct board *board = view_board(view);
	bool is_halted = board_is_halted(board, core);

	if (is_halted)
		heed_recent_breakpoint(view, core);
	view->debugger->cores[core].is_continuing = false;
	if (!is_halted)
		return step_running(view, core, why);
	return motion->kind == VIEW_STEP
		       ? board_step(board, core, view, why)
		       : board_step_range(board, core, motion->from, motion->to, view, why);
}

static bool
is_run_control_free(const struct view *view, unsigned core)
{
	const struct view *runner = view->debugger->cores[core].runner;

	return view->debugger->options->any_client || runner == NULL || runner == view ||
	       (runner->attached & core_bit(core)) == 0;
}

/* Two clients that both let a core run stop and resume it behind each other's back. */
static enum cause
take_run_control(struct view *view, unsigned core, struct reason *why)
{
	if (!is_run_control_free(view, core))
		debugger_end_hung_up(view->debugger, view);
	if (is_run_control_free(view, core)) {
		view->debugger->cores[core].runner = view;
		return CAUSE_NONE;
	}
	reason_begin(why, CAUSE_REQUEST,
		     "another client continues and steps %s, so this one cannot",
		     view_core_name(view, core));
	reason_suspect(why, FINDING_REQUEST_RUN_CONTROL);
	return CAUSE_REQUEST;
}

/* Notes from where the core goes, if the probe may be taken over meanwhile. */
static enum cause
depart(struct view *view, unsigned core, const struct view_motion *motion,
       struct reason *why)
{
	struct view_departure *departure = &view->departures[core];

	if (!view->debugger->options->hands_over)
		return CAUSE_NONE;
	departure->motion = *motion;
	view->cut &= ~core_bit(core);
	return board_depart(view_board(view), core, &departure->place, why);
}

/* *why: why it was lost, or nothing. */
static void
note_cut(struct view *view, unsigned cores, const struct reason *why)
{
	if (why->cause == CAUSE_GONE && view->debugger->options->hands_over)
		view->cut |= cores;
}

static enum cause
may_go(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = view_attach(view, core, why);

	if (cause == CAUSE_NONE)
		cause = take_run_control(view, core, why);
	if (cause != CAUSE_NONE)
		return cause;
	return board_check_free(view_board(view), board_core_claim(core), why);
}

/* One that runs already: this view joins those who wait. Returns the set of the others. */
static unsigned
begin_waiting(struct view *view, unsigned cores)
{
	unsigned halted = 0;

	view->waits |= cores;
	for (unsigned i = 0; i < view_cores(view); i++) {
		if ((cores & core_bit(i)) == 0)
			continue;
		debugger_update(view->debugger, i);
		view->debugger->cores[i].is_continuing = true;
		if (!board_is_halted(view_board(view), i))
			continue;
		heed_recent_breakpoint(view, i);
		halted |= core_bit(i);
	}
	return halted;
}

/* Those that have not gone. */
static unsigned
still_halted(const struct view *view, unsigned cores)
{
	for (unsigned i = 0; i < view_cores(view); i++)
		if (!board_is_halted(view_board(view), i))
			cores &= ~core_bit(i);
	return cores;
}

enum cause
view_continue(struct view *view, unsigned cores, struct reason *why)
{
	static const struct view_motion motion = { .kind = VIEW_CONTINUE };
	enum cause cause = CAUSE_NONE;
	unsigned halted;

	for (unsigned i = 0; i < view_cores(view) && cause == CAUSE_NONE; i++) {
		if ((cores & core_bit(i)) == 0)
			continue;
		cause = may_go(view, i, why);
		if (cause == CAUSE_NONE)
			cause = depart(view, i, &motion, why);
	}
	if (cause != CAUSE_NONE)
		return cause;
	code_cache_forget(view->debugger);
	halted = begin_waiting(view, cores);
	if (halted != 0)
		cause = board_resume_cores(view_board(view), halted, view, why);
	note_cut(view, still_halted(view, cores), why);
	cause = leave_loss_to_the_turn(view, cause);
	if (cause != CAUSE_NONE)
		view_stop_waiting(view, still_halted(view, cores));
	return cause;
}

enum cause
view_go(struct view *view, unsigned core, const struct view_motion *motion,
	struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (motion->kind == VIEW_CONTINUE)
		return view_continue(view, core_bit(core), why);
	cause = may_go(view, core, why);
	if (cause == CAUSE_NONE)
		cause = depart(view, core, motion, why);
	if (cause != CAUSE_NONE)
		return cause;
	code_cache_forget(view->debugger);
	view->waits |= core_bit(core);
	debugger_update(view->debugger, core);
	cause = step(view, core, motion, why);
	note_cut(view, core_bit(core), why);
	cause = leave_loss_to_the_turn(view, cause);
	if (cause != CAUSE_NONE)
		view_stop_waiting(view, core_bit(core));
	return cause;
}

enum cause
view_halt(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = debugger_check_there(view->debugger, why);

	view->debugger->cores[core].is_continuing = false;
	if (cause == CAUSE_NONE)
		cause = board_halt(view_board(view), core, view, why);
	return leave_loss_to_the_turn(view, cause);
}

bool
view_has_stopped_by_itself(const struct view *view, unsigned core)
{
	const struct stop *stop = view_stop(view, core);

	if (!view_is_halted(view, core))
		return false;
	switch (stop->halt.reason) {
	case HALT_REQUESTED:
	case HALT_STEPPED:
	case HALT_EXTERNAL:
		return stop->is_locked_up;
	case HALT_BREAKPOINT:
		return breakpoints_find(view_breakpoints(view, core), stop->halt.pc) !=
		       NULL;
	default:
		return true;
	}
}

bool
view_is_at_others_breakpoint(const struct view *view, unsigned core)
{
	const struct halt *halt = &view_stop(view, core)->halt;

	return halt->reason == HALT_BREAKPOINT &&
	       breakpoints_is_of_others(view_breakpoints(view, core), halt->pc,
					view->place);
}

bool
view_is_passing(const struct view *view, unsigned core)
{
	return view->debugger->cores[core].is_continuing &&
	       view_is_run_by_others(view, core) && view_has_stopped_by_itself(view, core);
}

bool
view_is_call_served(const struct view *view, unsigned core)
{
	return view->debugger->cores[core].is_call_served;
}

static void
halt_beside(struct view *view, unsigned core)
{
	struct reason why = REASON_INIT;
	char note[REASON_SPACE + REASON_LINE_MAX], line[REASON_SPACE];
	struct text text;

	if (view_halt(view, core, &why) == CAUSE_NONE)
		return;
	reason_line(&why, line, sizeof(line));
	log_warning("server", "%s could not be halted with the other core: %s",
		    view_core_name(view, core), line);
	text_init(&text, note, sizeof(note));
	text_add(&text, "note: %s could not be halted with the other core: %s",
		 view_core_name(view, core), line);
	view->ops->say(view, note);
}

unsigned
view_halt_rest(struct view *view)
{
	unsigned rest = view->waits, stopped = 0;

	view_stop_waiting(view, rest);
	for (unsigned i = 0; i < view_cores(view); i++) {
		if ((rest & core_bit(i)) == 0)
			continue;
		halt_beside(view, i);
		if (view_has_stopped_by_itself(view, i))
			stopped |= core_bit(i);
	}
	return stopped;
}

/* A range that PC has left, or a core that has met something, has stopped. */
static bool
is_range_over(const struct view *view, unsigned core)
{
	const struct view_motion *motion = &view->departures[core].motion;
	const struct stop *stop = view_stop(view, core);

	return core_is_stopped_by(stop->halt.events) || stop->is_locked_up ||
	       stop->halt.pc < motion->from || stop->halt.pc >= motion->to;
}

static enum cause
go_again(struct view *view, unsigned core, struct reason *why)
{
	const struct view_motion *motion = &view->departures[core].motion;
	enum cause cause;

	log_debug("server", "%s has not gone before the probe was taken over: it goes now",
		  view_core_name(view, core));
	view->cut |= core_bit(core);
	if (motion->kind == VIEW_CONTINUE)
		cause = board_resume(view_board(view), core, view, why);
	else
		cause = step(view, core, motion, why);
	if (cause != CAUSE_GONE)
		view->cut &= ~core_bit(core);
	return cause;
}

static enum cause
go_on_from(struct view *view, unsigned core, struct reason *why)
{
	const struct view_departure *departure = &view->departures[core];
	bool is_range = departure->motion.kind == VIEW_STEP_RANGE;
	bool was_cut = (view->cut & core_bit(core)) != 0, has_gone, has_stopped;
	enum cause cause = board_look_after(view_board(view), core, &departure->place,
					    departure->motion.kind != VIEW_CONTINUE,
					    &has_gone, &has_stopped, why);

	if (cause == CAUSE_GONE)
		return cause;
	view->cut &= ~core_bit(core);
	if (cause != CAUSE_NONE || has_gone || (has_stopped && !is_range) ||
	    (!was_cut && !is_range))
		return cause;
	if (is_range && is_range_over(view, core))
		return CAUSE_NONE;
	return go_again(view, core, why);
}

enum cause
view_go_on(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = go_on_from(view, core, why);

	if (cause == CAUSE_NONE || cause == CAUSE_GONE)
		return cause;
	view_stop_waiting(view, core_bit(core));
	view->ops->failed(view, core, why);
	return cause;
}

void
view_wait_for(struct view *view, unsigned core)
{
	view->waits |= core_bit(core);
	debugger_update(view->debugger, core);
}

void
view_stop_waiting(struct view *view, unsigned cores)
{
	view->waits &= ~cores;
	view->cut &= ~cores;
	for (unsigned i = 0; i < view_cores(view); i++)
		if ((cores & core_bit(i)) != 0)
			debugger_update(view->debugger, i);
}
