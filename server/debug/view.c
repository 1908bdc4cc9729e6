/* SPDX-License-Identifier: MIT */
#include "server/debug/debugger_internal.h"

#include "server/debug/fault.h"
#include "targets/core/cortex_m.h"
#include "transport/base/log.h"

#include <string.h>

/* DDI 0403E.e B3.1, the private peripheral bus. */
#define PRIVATE_AT  0xe0000000u
#define PRIVATE_END 0xe0100000u

static struct board *
board_of(const struct view *view)
{
	return view->debugger->board;
}

static struct breakpoint_set *
breakpoints_of(const struct view *view, unsigned core)
{
	return &view->debugger->cores[core].breakpoints;
}

static unsigned
bit(unsigned core)
{
	return 1u << core;
}

static enum cause go_on(struct view *view, unsigned core, struct reason *why);

enum cause
view_open(struct view *view, const struct view_ops *ops, struct debugger *debugger,
	  unsigned home, struct reason *why)
{
	*view = (struct view){ .ops = ops,
			       .debugger = debugger,
			       .home = home,
			       .general = home,
			       .control = home,
			       .go_on = go_on };
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++) {
		if (debugger->views[i] != NULL)
			continue;
		debugger->views[i] = view;
		view->place = i;
		return CAUSE_NONE;
	}
	view->debugger = NULL;
	return reason_begin(why, CAUSE_REQUEST, "%d clients are here already",
			    DEBUGGER_MAX_VIEWS);
}

void
view_close(struct view *view)
{
	char words[64];
	struct text fate;

	if (view->debugger == NULL)
		return;
	text_init(&fate, words, sizeof(words));
	view_cancel(view);
	keeper_forget(view->debugger, view);
	view_release(view, ~0u, &fate);
	view->debugger->views[view->place] = NULL;
	view->debugger = NULL;
}

unsigned
view_cores(const struct view *view)
{
	return view->debugger->cores_len;
}

bool
view_find_core(const struct view *view, int process, int thread, unsigned *core)
{
	if (thread > 1)
		return false;
	if (process <= 0)
		*core = view->home;
	else
		*core = (unsigned)process - 1;
	return *core < view_cores(view);
}

/* The next turn looks at the latch. */
static enum cause
seen(struct view *view, enum cause cause)
{
	if (cause == CAUSE_GONE)
		debugger_wake(view->debugger);
	return cause;
}

/* A step that leads to a loss is answered by ops->lost. */
static enum cause
leave_loss_to_the_turn(struct view *view, enum cause cause)
{
	debugger_wake(view->debugger);
	return cause == CAUSE_GONE && view->waits != 0 &&
			       dap_is_lost(board_dap(board_of(view)))
		       ? CAUSE_NONE
		       : cause;
}

/* A client that was killed and has come back may be here before its old connection's end
 * has been read; it would be taken for a second one. */
static void
end_hung_up(struct view *view)
{
	struct debugger *debugger = view->debugger;

	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++)
		if (debugger->views[i] != NULL && debugger->views[i] != view)
			debugger->views[i]->ops->check_hung_up(debugger->views[i]);
}

static void
say_fault(struct view *view, unsigned core)
{
	const struct stop *stop = board_stop(board_of(view), core);
	char words[FAULT_WORDS_MAX];
	char note[FAULT_WORDS_MAX + sizeof("note: ")];
	struct text text;

	if (!fault_is_worth_words(stop))
		return;
	fault_describe(board_of(view), core, stop, words, sizeof(words));
	text_init(&text, note, sizeof(note));
	text_add(&text, "note: %s", words);
	view->ops->say_state(view, note);
}

/* A view that is attached already has let it run. */
static enum cause
look_and_halt(struct view *view, unsigned core, struct reason *why)
{
	struct board *board = board_of(view);
	enum cause cause = board_look(board, core, why);

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

	if (board_is_read_protected(board_of(view), &why))
		say_note(view, &why);
}

/* Failure mode C9: a breakpoint of the program would never be hit, and nothing else shows it. */
static void
say_boot_loader(struct view *view, unsigned core)
{
	const struct finding_row *row = finding_row(FINDING_C9);
	struct board *board = board_of(view);
	/* A PC that cannot be read is reported by who needs it. */
	struct reason unread = REASON_INIT;
	char line[REASON_LINE_MAX];
	struct text text;
	uint64_t pc = 0;

	if (!board_is_halted(board, core) ||
	    board_register_read(board, core, REGISTER_PC, &pc, &unread) != CAUSE_NONE ||
	    strstr(board_region_name(board, (uint32_t)pc), "boot loader") == NULL)
		return;
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
	struct board *board = board_of(view);
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
		 held->name, held->gate.name, view_core_name(view, 0));
	view->ops->say(view, lines);
}

enum cause
view_attach(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = debugger_check_there(view->debugger, why);
	bool was_halted;

	if (cause != CAUSE_NONE || (view->attached & bit(core)) != 0)
		return cause;
	end_hung_up(view);
	was_halted = board_is_halted(board_of(view), core);
	cause = look_and_halt(view, core, why);
	debugger_wake(view->debugger);
	if (cause != CAUSE_NONE)
		return reason_while(why, "attaching to %s", view_core_name(view, core));
	view->attached |= bit(core);
	debugger_update(view->debugger, core);
	/* Of a halt that is new the event is still to come. */
	if (was_halted && board_is_halted(board_of(view), core))
		say_fault(view, core);
	say_held(view, core);
	say_note(view, board_rescue(board_of(view)));
	say_note(view, board_copy(board_of(view)));
	say_protection(view);
	say_boot_loader(view, core);
	return CAUSE_NONE;
}

void
view_attach_to_restart(struct view *view, unsigned core)
{
	view->attached |= bit(core);
	debugger_update(view->debugger, core);
}

/* What others have inserted stays; without others, what a dead session left goes as well. */
static enum cause
remove_breakpoints(struct view *view, unsigned core, bool is_last, struct reason *why)
{
	struct breakpoint_set *set = breakpoints_of(view, core);
	struct core *target = board_core(board_of(view), core);

	if (!is_last || breakpoints_has_others(set, view->place))
		return breakpoints_drop(set, target, view->place, why);
	breakpoints_forget(set);
	return core_breakpoints_clear(target, why);
}

static enum cause
let_run(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = board_look(board_of(view), core, why);

	return cause == CAUSE_NONE ? board_let_go(board_of(view), core, view, why) : cause;
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
	bool was_attached = (view->attached & bit(core)) != 0;
	struct breakpoint_set *set = breakpoints_of(view, core);

	view->attached &= ~bit(core);
	view->waits &= ~bit(core);
	debugger_part(view->debugger);
	if (view->debugger->cores[core].runner == view)
		view->debugger->cores[core].runner = NULL;
	debugger_update(view->debugger, core);
	if (!was_attached && !breakpoints_has(set, view->place))
		return;
	if (fate->used > 0)
		text_add(fate, "; ");
	if (board_is_lost(board_of(view))) {
		breakpoints_disown(set, view->place);
		text_add(fate, "the target is lost");
	} else if (board_claimant(board_of(view), board_core_claim(core)) != NULL) {
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
		if ((cores & bit(i)) != 0)
			release_core(view, i, fate);
	debugger_wake(view->debugger);
}

void
view_end_program(struct view *view, unsigned core)
{
	struct breakpoint_set *set = breakpoints_of(view, core);
	struct reason why = REASON_INIT;

	view_stop_waiting(view, bit(core));
	if (board_is_lost(board_of(view))) {
		breakpoints_disown(set, view->place);
	} else if (board_claimant(board_of(view), board_core_claim(core)) != NULL) {
		breakpoints_disown(set, view->place);
		view->debugger->cores[core].is_untidy = true;
	} else if (breakpoints_drop(set, board_core(board_of(view), core), view->place,
				    &why) != CAUSE_NONE) {
		log_warning("server", "%s has breakpoints left: %s",
			    view_core_name(view, core), reason_outermost(&why));
	}
}

bool
view_is_chip_shared(const struct view *view, unsigned core)
{
	for (unsigned i = 0; i < view_cores(view); i++)
		if (i != core && debugger_attached(view->debugger, i, NULL) > 0)
			return true;
	/* Each of those who hand the probe over has a core. */
	return view->debugger->options->hands_over && view->debugger->sharers > 0;
}

bool
view_is_run_by_others(const struct view *view, unsigned core)
{
	return debugger_waiting(view->debugger, core, view) > 0;
}

const struct core_identity *
view_identity(const struct view *view, unsigned core)
{
	return core_identity(board_core(board_of(view), core));
}

const char *
view_core_name(const struct view *view, unsigned core)
{
	return core_name(board_core(board_of(view), core));
}

bool
view_is_halted(const struct view *view, unsigned core)
{
	return board_is_halted(board_of(view), core);
}

const struct stop *
view_stop(const struct view *view, unsigned core)
{
	return board_stop(board_of(view), core);
}

void
view_describe(const struct view *view, unsigned core, struct text *words)
{
	static const char *const states[] = {
		[CORE_RUNNING] = "running",   [CORE_SLEEPING] = "running, asleep",
		[CORE_HALTED] = "running",    [CORE_LOCKED_UP] = "locked up",
		[CORE_IN_RESET] = "in reset",
	};
	struct board *board = board_of(view);

	if (board_is_lost(board))
		text_add(words, "lost");
	else if (core_is_held(board_core(board, core)))
		text_add(words, "waits: %s holds it", board_held_core(board)->gate.name);
	else if (board_is_halted(board, core))
		stop_describe(board_stop(board, core), words);
	else
		text_add(words, "%s", states[board_core_state(board, core)]);
}

/* One that runs is halted by it. */
static enum cause
step_running(struct view *view, unsigned core, struct reason *why)
{
	if (!view_is_run_by_others(view, core))
		return board_halt(board_of(view), core, view, why);
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
	struct breakpoint_set *set = breakpoints_of(view, core);
	uint32_t pc = board_stop(board_of(view), core)->halt.pc;

	if (breakpoints_is_recent(set, pc, view->place))
		core_forget_hit(board_core(board_of(view), core));
	breakpoints_settle(set);
}

static enum cause
step(struct view *view, unsigned core, const struct view_motion *motion, struct reason *why)
{
	struct board *board = board_of(view);
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
	       (runner->attached & bit(core)) == 0;
}

/* Two clients that both let a core run stop and resume it behind each other's back. */
static enum cause
take_run_control(struct view *view, unsigned core, struct reason *why)
{
	if (!is_run_control_free(view, core))
		end_hung_up(view);
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
	view->cut &= ~bit(core);
	return board_depart(board_of(view), core, &departure->place, why);
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
	return board_check_free(board_of(view), board_core_claim(core), why);
}

/* One that runs already: this view joins those who wait. Returns the set of the others. */
static unsigned
begin_waiting(struct view *view, unsigned cores)
{
	unsigned halted = 0;

	view->waits |= cores;
	for (unsigned i = 0; i < view_cores(view); i++) {
		if ((cores & bit(i)) == 0)
			continue;
		debugger_update(view->debugger, i);
		view->debugger->cores[i].is_continuing = true;
		if (!board_is_halted(board_of(view), i))
			continue;
		heed_recent_breakpoint(view, i);
		halted |= bit(i);
	}
	return halted;
}

/* Those that have not gone. */
static unsigned
still_halted(const struct view *view, unsigned cores)
{
	for (unsigned i = 0; i < view_cores(view); i++)
		if (!board_is_halted(board_of(view), i))
			cores &= ~bit(i);
	return cores;
}

enum cause
view_continue(struct view *view, unsigned cores, struct reason *why)
{
	static const struct view_motion motion = { .kind = VIEW_CONTINUE };
	enum cause cause = CAUSE_NONE;
	unsigned halted;

	for (unsigned i = 0; i < view_cores(view) && cause == CAUSE_NONE; i++) {
		if ((cores & bit(i)) == 0)
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
		cause = board_resume_cores(board_of(view), halted, view, why);
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
		return view_continue(view, bit(core), why);
	cause = may_go(view, core, why);
	if (cause == CAUSE_NONE)
		cause = depart(view, core, motion, why);
	if (cause != CAUSE_NONE)
		return cause;
	code_cache_forget(view->debugger);
	view->waits |= bit(core);
	debugger_update(view->debugger, core);
	cause = step(view, core, motion, why);
	note_cut(view, bit(core), why);
	cause = leave_loss_to_the_turn(view, cause);
	if (cause != CAUSE_NONE)
		view_stop_waiting(view, bit(core));
	return cause;
}

enum cause
view_halt(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = debugger_check_there(view->debugger, why);

	view->debugger->cores[core].is_continuing = false;
	if (cause == CAUSE_NONE)
		cause = board_halt(board_of(view), core, view, why);
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
		return breakpoints_find(breakpoints_of(view, core), stop->halt.pc) != NULL;
	default:
		return true;
	}
}

bool
view_is_at_others_breakpoint(const struct view *view, unsigned core)
{
	const struct halt *halt = &view_stop(view, core)->halt;

	return halt->reason == HALT_BREAKPOINT &&
	       breakpoints_is_of_others(breakpoints_of(view, core), halt->pc, view->place);
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
		if ((rest & bit(i)) == 0)
			continue;
		halt_beside(view, i);
		if (view_has_stopped_by_itself(view, i))
			stopped |= bit(i);
	}
	return stopped;
}

/* A range that PC has left, or a core that has met something, has stopped. */
static bool
is_range_over(const struct view *view, unsigned core)
{
	const struct view_motion *motion = &view->departures[core].motion;
	const struct halt *halt = &view_stop(view, core)->halt;

	return core_is_stopped_by(halt->events) || halt->pc < motion->from ||
	       halt->pc >= motion->to;
}

static enum cause
go_again(struct view *view, unsigned core, struct reason *why)
{
	const struct view_motion *motion = &view->departures[core].motion;
	enum cause cause;

	log_debug("server", "%s has not gone before the probe was taken over: it goes now",
		  view_core_name(view, core));
	view->cut |= bit(core);
	if (motion->kind == VIEW_CONTINUE)
		cause = board_resume(board_of(view), core, view, why);
	else
		cause = step(view, core, motion, why);
	if (cause != CAUSE_GONE)
		view->cut &= ~bit(core);
	return cause;
}

static enum cause
go_on_from(struct view *view, unsigned core, struct reason *why)
{
	const struct view_departure *departure = &view->departures[core];
	bool is_range = departure->motion.kind == VIEW_STEP_RANGE;
	bool was_cut = (view->cut & bit(core)) != 0, has_gone, has_stopped;
	enum cause cause = board_look_after(board_of(view), core, &departure->place,
					    departure->motion.kind != VIEW_CONTINUE,
					    &has_gone, &has_stopped, why);

	if (cause == CAUSE_GONE)
		return cause;
	view->cut &= ~bit(core);
	if (cause != CAUSE_NONE || has_gone || (has_stopped && !is_range) ||
	    (!was_cut && !is_range))
		return cause;
	if (is_range && is_range_over(view, core))
		return CAUSE_NONE;
	return go_again(view, core, why);
}

static enum cause
go_on(struct view *view, unsigned core, struct reason *why)
{
	enum cause cause = go_on_from(view, core, why);

	if (cause == CAUSE_NONE || cause == CAUSE_GONE)
		return cause;
	view_stop_waiting(view, bit(core));
	view->ops->failed(view, core, why);
	return cause;
}

void
view_wait_for(struct view *view, unsigned core)
{
	view->waits |= bit(core);
	debugger_update(view->debugger, core);
}

void
view_stop_waiting(struct view *view, unsigned cores)
{
	view->waits &= ~cores;
	view->cut &= ~cores;
	for (unsigned i = 0; i < view_cores(view); i++)
		if ((cores & bit(i)) != 0)
			debugger_update(view->debugger, i);
}

enum cause
view_register_read(struct view *view, unsigned number, uint64_t *value, struct reason *why)
{
	enum cause cause =
		board_register_read(board_of(view), view->general, number, value, why);

	return seen(view, cause);
}

enum cause
view_register_write(struct view *view, unsigned number, uint64_t value, struct reason *why)
{
	enum cause cause =
		board_register_write(board_of(view), view->general, number, value, why);

	return seen(view, cause);
}

static struct core *
core_of(const struct view *view)
{
	return board_core(board_of(view), view->general);
}

/* What a core that waits to be started will see is seen by the first, but for its own registers. */
static struct core *
memory_core_of(const struct view *view, uint32_t at)
{
	struct core *core = core_of(view);

	if (!core_is_held(core) || (at >= PRIVATE_AT && at < PRIVATE_END))
		return core;
	return board_core(board_of(view), 0);
}

static enum cause
check_general(const struct view *view, struct reason *why)
{
	return board_check_free(board_of(view), board_core_claim(view->general), why);
}

/* A job may use RAM that another core reaches as well. */
static enum cause
check_general_at(const struct view *view, uint32_t at, uint32_t size, struct reason *why)
{
	enum cause cause = check_general(view, why);

	return cause == CAUSE_NONE ? board_check_ram(board_of(view), at, size, why) : cause;
}

enum cause
view_memory_read(struct view *view, uint32_t at, void *bytes, uint32_t size,
		 struct reason *why)
{
	/* A chip in reset answers with zeros where it answers at all. */
	enum cause cause = board_check_free(board_of(view), CLAIM_RESET, why);

	if (cause == CAUSE_NONE &&
	    code_cache_read(view->debugger, view->general, at, bytes, size))
		return CAUSE_NONE;
	if (cause == CAUSE_NONE)
		cause = core_memory_read(memory_core_of(view, at), at, bytes, size, why);
	return seen(view, cause);
}

enum cause
view_memory_write(struct view *view, uint32_t at, const void *bytes, uint32_t size,
		  struct reason *why)
{
	enum cause cause = check_general_at(view, at, size, why);

	code_cache_forget(view->debugger);
	if (cause == CAUSE_NONE)
		cause = core_memory_write(memory_core_of(view, at), at, bytes, size, why);
	return seen(view, cause);
}

enum cause
view_breakpoint_insert(struct view *view, const struct breakpoint *wanted,
		       struct reason *why)
{
	enum cause cause = check_general_at(view, wanted->at, BKPT_SIZE, why);

	if (cause == CAUSE_NONE)
		cause = breakpoints_insert(breakpoints_of(view, view->general),
					   core_of(view), wanted, view->place, why);
	return seen(view, cause);
}

enum cause
view_breakpoint_remove(struct view *view, const struct breakpoint *wanted,
		       struct reason *why)
{
	enum cause cause = check_general_at(view, wanted->at, BKPT_SIZE, why);

	if (cause == CAUSE_NONE)
		cause = breakpoints_remove(breakpoints_of(view, view->general),
					   core_of(view), wanted, view->place, why);
	return seen(view, cause);
}

static unsigned
claims_of(const struct view *view, unsigned claims)
{
	if ((claims & VIEW_CLAIM_CORES) != 0)
		for (unsigned i = 0; i < view_cores(view); i++)
			claims |= board_core_claim(i);
	claims &= ~(unsigned)VIEW_CLAIM_CORES;
	if ((claims & VIEW_CLAIM_CORE) == 0)
		return claims;
	return (claims & ~(unsigned)VIEW_CLAIM_CORE) | board_core_claim(view->general);
}

enum cause
view_check_free(const struct view *view, unsigned claims, struct reason *why)
{
	return board_check_free(board_of(view), claims_of(view, claims), why);
}

static void
job_done(void *context, enum cause cause, const struct reason *why)
{
	struct view *view = context;

	view->done(view, cause, why);
}

/* Of cores that the job has not claimed the registers are kept, too: its end is waited for
 * by a client that looks at all of them. */
enum cause
view_begin(struct view *view, struct job *job, unsigned claims, view_done *done,
	   struct reason *why)
{
	debugger_wake(view->debugger);
	code_cache_forget(view->debugger);
	if (view_job(view) != NULL) {
		job_free(job);
		return reason_begin(why, CAUSE_REQUEST, "%s is under way for this client",
				    view_job(view)->name);
	}
	view->done = done;
	return board_begin(board_of(view), job, claims_of(view, claims), view, job_done,
			   view, why);
}

const struct job *
view_job(const struct view *view)
{
	return board_job_of(board_of(view), view);
}

void
view_cancel(struct view *view)
{
	board_cancel(board_of(view), view);
	debugger_wake(view->debugger);
}

bool
view_interrupt_job(struct view *view)
{
	debugger_wake(view->debugger);
	if (view->by_hand != NULL)
		return keeper_interrupt(view->debugger, view);
	return board_interrupt(board_of(view), view);
}
