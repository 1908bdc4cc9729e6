/* SPDX-License-Identifier: MIT */
/*
 * runs.c - one core over time: does it run, why did it stop, its registers as last known.
 *
 * Events are noted here and reported by board_turn(), so that no call of a client's is
 * interrupted by them.
 */
#include "targets/board/board_internal.h"

#include "targets/core/frame.h"

#include <assert.h>

/* While NRST is held low every look sees a reset, and some programs do nothing but reset
 * themselves: what comes so soon after the last one belongs to it. */
enum { RESET_ECHO_US = 1000000 };

/* A stop is seen within POLL_SOON_US while a client waits for it; a reset by button or a
 * lost probe within POLL_SELDOM_US. */
enum { POLL_SELDOM_US = 500000, DETOUR_US = 1000, START_US = 2000 };

/* Most stops that a debugger waits for come within the time that looking takes: a breakpoint
 * behind the function that "next" passes, or "finish" leaves. */
static const uint32_t poll_soon_us[] = { 1000, 2000, 5000 };

/* The only place that says how often a core is looked at. */
uint64_t
run_interval_us(const struct board *board, unsigned core)
{
	const struct board_run *run = &board->runs[core];

	if (run->is_held && (run->stays_halted || board->has_catch_left))
		return START_US;
	if (run->is_stepping)
		return run->is_halted ? 0 : DETOUR_US;
	if (!run->is_waited_for)
		return POLL_SELDOM_US;
	return poll_soon_us[run->looks < array_len(poll_soon_us)
				    ? run->looks
				    : array_len(poll_soon_us) - 1];
}

void
run_schedule(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];

	run->due_us = clock_now_us(board_clock(board)) + run_interval_us(board, core);
	run->looks++;
}

void
run_forget(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];

	*run = (struct board_run){
		.state = CORE_RUNNING,
		.stop.halt.reason = HALT_REQUESTED,
		.stays_halted = run->stays_halted,
		.is_waited_for = run->is_waited_for,
		.is_held = run->is_held,
		.goes_along = run->goes_along,
		.is_kept_halted = run->is_kept_halted,
		.reset_seen_us = run->reset_seen_us,
		.resets = run->resets,
		.row_us = run->row_us,
		/* S_RESET_ST may be set since before we came. */
		.expects_reset = true,
		.is_stale = true,
	};
}

/* The end of a detour counts as that of a step. Elsewhere the core has met a breakpoint in
 * a handler, or was halted. */
static enum cause
end_detour(struct board *board, unsigned core, struct halt *halt, struct reason *why)
{
	struct board_run *run = &board->runs[core];

	if (!run->has_detour)
		return CAUSE_NONE;
	run->has_detour = false;
	if (halt->reason == HALT_BREAKPOINT && halt->pc == run->detour_at)
		halt->reason = HALT_STEPPED;
	return core_breakpoint_remove(&board->cores[core], run->detour_at, true, why);
}

static enum cause
take_halt(struct board *board, unsigned core, enum board_source source, const void *by,
	  struct reason *why)
{
	struct board_run *run = &board->runs[core];
	struct stop stop = { .is_locked_up = run->state == CORE_LOCKED_UP, .by = by };
	enum cause cause = core_halt_why(&board->cores[core], &stop.halt, why);

	/* The next look sees what the reset has left, and halts it again for those who take it for
	 * halted. */
	if (core_is_lost_to_reset(&board->cores[core], cause)) {
		*why = (struct reason)REASON_INIT;
		run->is_halted = run->stays_halted && !run->is_waited_for;
		return CAUSE_NONE;
	}
	if (cause != CAUSE_NONE)
		return cause;
	stop.is_locked_up = stop.is_locked_up || core_is_lockup(stop.halt.pc);
	cause = end_detour(board, core, &stop.halt, why);
	run->stop = stop;
	run->is_halted = run->is_halt_due = true;
	run->had_registers = run->has_registers;
	run->has_registers = run->is_run_due = false;
	run->halt_source = source;
	if (cause == CAUSE_NONE)
		group_halted(board, core);
	return cause;
}

static void
note_running(struct board_run *run, enum board_source source, const void *by)
{
	run->is_halted = run->is_halt_due = run->is_kept_halted = false;
	run->is_run_due = true;
	run->run_source = source;
	run->run_by = by;
}

/* Halted, and not only for its clients. */
static bool
is_really_halted(const struct board *board, unsigned core)
{
	return board->runs[core].is_halted && board->cores[core].is_halted;
}

/* For as long as a reset takes that passes; for a longer one a halt waits. */
static enum cause
wait_out_reset(struct core *core, struct reason *why)
{
	struct reason lasts = REASON_INIT;
	bool was_reset;
	enum cause cause = core_is_held(core) ? CAUSE_NONE
					      : core_check_reset(core, &was_reset, &lasts);

	if (cause == CAUSE_NONE || cause == CAUSE_TIMEOUT)
		return CAUSE_NONE;
	*why = lasts;
	return cause;
}

/* A reset in between is waited for. */
static enum cause
halt_now(struct board *board, unsigned core, enum board_source source, const void *by,
	 struct reason *why)
{
	enum { TRIES = 3 };

	struct core *halting = &board->cores[core];
	enum cause cause = core_halt(halting, why);

	if (cause == CAUSE_NONE)
		cause = take_halt(board, core, source, by, why);
	for (unsigned i = 1; cause == CAUSE_NONE && !is_really_halted(board, core); i++) {
		if (i == TRIES)
			return reason_begin(why, CAUSE_TIMEOUT,
					    "%s was halted, and reset before it could be "
					    "read, %u times",
					    core_name(halting), (unsigned)TRIES);
		cause = wait_out_reset(halting, why);
		if (cause == CAUSE_NONE)
			cause = core_halt(halting, why);
		if (cause == CAUSE_NONE)
			cause = take_halt(board, core, source, by, why);
	}
	return cause;
}

/* Does a reset that is seen now belong to none that was seen before? */
static bool
is_first_reset(const struct board *board, unsigned core)
{
	uint64_t now_us = clock_now_us(board_clock(board));
	const struct board_run *run = &board->runs[core];

	return !board->row.is_on &&
	       (run->reset_seen_us == 0 || now_us - run->reset_seen_us > RESET_ECHO_US);
}

static void
note_reset(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];
	bool is_first = is_first_reset(board, core);

	if (!run->expects_reset && run->state != CORE_IN_RESET)
		reset_row_add(board, core);
	run->reset_seen_us = clock_now_us(board_clock(board));
	run->is_reset_due = run->is_reset_due || (!run->expects_reset && is_first);
}

/* A reset takes a halted core out of debug state. Its clients still see what was, and would
 * let it run from there: it is halted again; when another program loads by it, after that load. */
static enum cause
halt_again(struct board *board, unsigned core, struct reason *why)
{
	struct reason busy = REASON_INIT;

	if (board_check_free(board, board_core_claim(core), &busy) == CAUSE_REQUEST)
		return CAUSE_NONE;
	return halt_now(board, core, SOURCE_SERVER, NULL, why);
}

static enum cause
take_running(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	bool was_halted = run->is_halted;

	if (was_halted && run->stays_halted)
		return halt_again(board, core, why);
	if (was_halted)
		note_running(run, SOURCE_CHIP, NULL);
	run->is_halted = run->is_kept_halted = false;
	return CAUSE_NONE;
}

static enum cause
take_state(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];

	switch (run->state) {
	case CORE_HALTED:
		return run->is_halted ? CAUSE_NONE
				      : take_halt(board, core, SOURCE_CHIP, NULL, why);
	case CORE_LOCKED_UP: /* and so not halted any more, if it was */
		run->is_halted = false;
		/* One that nobody debugs is left to its watchdog. */
		return run->stays_halted || run->is_waited_for
			       ? halt_now(board, core, SOURCE_CHIP, NULL, why)
			       : CAUSE_NONE;
	case CORE_RUNNING:
	case CORE_SLEEPING:
		return take_running(board, core, why);
	case CORE_IN_RESET:
		break; /* what was halted is to be halted again afterwards */
	}
	return CAUSE_NONE;
}

enum cause
run_look(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum core_state before = run->state;
	bool was_reset = false, is_first = is_first_reset(board, core);
	enum cause cause;

	if (run->is_held)
		return held_look(board, core, why);
	if (run->is_reset_unseen)
		core_note_reset(&board->cores[core]);
	run->is_reset_unseen = false;
	cause = core_poll(&board->cores[core], &run->state, &was_reset, why);
	if (held_notice(board, core, cause)) {
		*why = (struct reason)REASON_INIT;
		return held_look(board, core, why);
	}
	if (cause != CAUSE_NONE)
		return cause;
	run->is_stale = false;
	if (was_reset)
		note_reset(board, core);
	board->wants_news = board->wants_news || was_reset;
	if (was_reset && run->state != CORE_IN_RESET)
		cause = debug_bits_after_reset(board, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (was_reset && held_is_passed(board, core))
		return held_pass(board, core, why);
	/* It may be halted still, or again, but elsewhere. */
	if (was_reset && run->state == CORE_HALTED)
		run->is_halted = false;
	run->is_held_due =
		run->state == CORE_IN_RESET && before != CORE_IN_RESET && is_first;
	run->expects_reset = false;
	return take_state(board, core, why);
}

enum cause
run_freshen(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum cause cause;

	run->is_halted = run->has_registers = run->is_stepping = false;
	run->is_halt_due = run->is_run_due = false;
	run->is_stale = true;
	cause = run_look(board, core, why);
	run->due_us = 0;
	return cause;
}

enum cause
board_was_reset(struct board *board, const void *by, struct reason *why)
{
	struct board_event event = {
		.kind = EVENT_RESET,
		.source = by == NULL ? SOURCE_SERVER : SOURCE_CLIENT,
		.by = by,
	};
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; i < board->cores_len; i++) {
		struct reason echo = REASON_INIT;
		enum cause seen;

		board->runs[i].expects_reset = true;
		seen = run_freshen(board, i, cause == CAUSE_NONE ? why : &echo);
		board->runs[i].stop.by = by;
		if (cause == CAUSE_NONE)
			cause = seen;
	}
	board_keep_flags(board);
	board_report(board, &event);
	return cause;
}

enum cause
run_step(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum cause cause = core_step(&board->cores[core], why);

	if (cause == CAUSE_NONE)
		cause = take_halt(board, core, SOURCE_CLIENT, run->stepped_by, why);
	/* A step that a reset has ended is over. */
	if (core_is_lost_to_reset(&board->cores[core], cause) ||
	    (cause == CAUSE_NONE && !run->is_halted)) {
		cause = halt_now(board, core, SOURCE_CHIP, NULL, why);
		run->stop.is_by_reset = cause == CAUSE_NONE;
		return cause;
	}
	if (cause != CAUSE_TIMEOUT)
		return cause;
	/* Over WFI or a stalled access, for instance. */
	run->is_halted = run->has_registers = run->is_halt_due = false;
	return CAUSE_NONE;
}

static uint8_t
features_of(const struct board *board, unsigned core)
{
	return core_identity(&board->cores[core])->features;
}

/* What was not read before it runs is not worth a round trip. */
void
run_remember(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];
	uint8_t features = features_of(board, core);
	unsigned count = core_register_count(features);

	if (!run->is_halted || run->has_registers)
		return;
	assert(count <= BOARD_MAX_REGISTERS);
	for (unsigned i = 0; i < count; i++) {
		const struct core_register *reg = core_register_at(features, i);
		struct reason unread = REASON_INIT;

		run->is_kept[i] =
			core_register_is_known(&board->cores[core], reg) &&
			core_register_read(&board->cores[core], reg, &run->registers[i],
					   &unread) == CAUSE_NONE;
	}
	run->has_registers = true;
}

/* Of a chip that is reset again and again: a reset is waited for, and what was halted is halted again. */
static enum cause
look_behind_reset(struct board *board, unsigned core, struct reason *why)
{
	bool was_halted = board->runs[core].is_halted;
	enum cause cause = wait_out_reset(&board->cores[core], why);

	if (cause == CAUSE_NONE)
		cause = run_look(board, core, why);
	if (cause == CAUSE_NONE && was_halted && !is_really_halted(board, core))
		cause = halt_again(board, core, why);
	return cause;
}

/* The core is nobody's, and what is known of it is true. */
static enum cause
check_usable(struct board *board, unsigned core, struct reason *why)
{
	enum cause cause = board_check_free(board, board_core_claim(core), why);

	if (cause == CAUSE_NONE && reset_row_is_near(board))
		return look_behind_reset(board, core, why);
	if (cause == CAUSE_NONE && board->runs[core].is_stale)
		cause = run_look(board, core, why);
	return cause;
}

bool
board_is_halted(const struct board *board, unsigned core)
{
	return board->runs[core].is_halted;
}

enum core_state
board_core_state(const struct board *board, unsigned core)
{
	return board->runs[core].state;
}

const struct stop *
board_stop(const struct board *board, unsigned core)
{
	return &board->runs[core].stop;
}

bool
board_is_stepping(const struct board *board, unsigned core)
{
	return board->runs[core].is_stepping;
}

enum cause
board_look(struct board *board, unsigned core, struct reason *why)
{
	/* While a job has the core, what DHCSR says is the job's business. */
	if (board_claimant(board, board_core_claim(core)) != NULL)
		return CAUSE_NONE;
	return run_look(board, core, why);
}

enum cause
board_halt(struct board *board, unsigned core, const void *by, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum cause cause = check_usable(board, core, why);
	bool was_stepping = run->is_stepping;

	if (cause != CAUSE_NONE)
		return cause;
	run->is_stepping = false;
	if (!run->is_halted)
		cause = run->state == CORE_LOCKED_UP
				? halt_now(board, core, SOURCE_CHIP, NULL, why)
				: halt_now(board, core, SOURCE_CLIENT, by, why);
	if (cause != CAUSE_NONE)
		return cause;
	/* Between two steps of a range, or at the end of a detour: had it been a step's end
	 * for the client, it would go on and the halt be lost. */
	if (was_stepping && run->stop.halt.reason == HALT_STEPPED) {
		run->stop.halt.reason = HALT_REQUESTED;
		run->stop.by = by;
	}
	run->is_halt_due = true;
	run->goes_along = false;
	run->is_kept_halted = by != NULL;
	run_schedule(board, core);
	return CAUSE_NONE;
}

enum cause
board_depart(struct board *board, unsigned core, struct core_place *place,
	     struct reason *why)
{
	enum cause cause = check_usable(board, core, why);

	if (cause != CAUSE_NONE || !board->runs[core].is_halted)
		return cause;
	return core_depart(&board->cores[core], place, why);
}

/* A halt by request alone halts nothing that runs: it is the step over a breakpoint at which it
 * stood. */
enum cause
board_look_after(struct board *board, unsigned core, const struct core_place *place,
		 bool is_step, bool *has_gone, bool *has_stopped, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum cause cause = board_look(board, core, why);
	uint8_t events = run->stop.halt.events;

	*has_gone = cause == CAUSE_NONE && !run->is_halted;
	*has_stopped = cause == CAUSE_NONE && run->is_halted &&
		       (is_step ? events != 0 : core_is_stopped_by(events));
	if (cause != CAUSE_NONE || *has_gone || *has_stopped)
		return cause;
	core_return(&board->cores[core], place, run->stop.halt.pc);
	return CAUSE_NONE;
}

/* The turn that comes next does. */
static void
look_at_once(struct board_run *run)
{
	run->due_us = 0;
	run->looks = 0;
}

static bool
has(unsigned cores, unsigned core)
{
	return (cores & 1u << core) != 0;
}

/* Lets a set of cores go that may go, and notes each that has: one by one, or as a group. */
static enum cause
let_go_of(struct board *board, unsigned cores,
	  void (*note)(struct board_run *run, const void *by), const void *by,
	  struct reason *why)
{
	bool is_together = board->group.is_on && (cores & (cores - 1)) != 0 &&
			   board_held_core(board) == NULL;
	enum cause cause = is_together ? group_go(board, cores, why) : CAUSE_NONE;

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		if (!has(cores, i))
			continue;
		if (!is_together)
			cause = core_resume(&board->cores[i], why);
		if (cause != CAUSE_NONE)
			return cause;
		note(&board->runs[i], by);
		look_at_once(&board->runs[i]);
	}
	return cause;
}

static void
note_resumed(struct board_run *run, const void *by)
{
	note_running(run, SOURCE_CLIENT, by);
}

enum cause
board_resume_cores(struct board *board, unsigned cores, const void *by, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	cores |= group_idle(board, cores);
	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++) {
		if (!has(cores, i))
			continue;
		cause = check_usable(board, i, why);
		if (cause != CAUSE_NONE)
			return cause;
		board->runs[i].is_stepping = false;
		run_remember(board, i);
	}
	return let_go_of(board, cores, note_resumed, by, why);
}

enum cause
board_resume(struct board *board, unsigned core, const void *by, struct reason *why)
{
	return board_resume_cores(board, 1u << core, by, why);
}

static void
note_passed(struct board_run *run, const void *by)
{
	(void)by;
	run->is_halted = run->is_halt_due = false;
	run->has_registers = run->had_registers;
}

enum cause
board_pass(struct board *board, unsigned core, struct reason *why)
{
	unsigned cores =
		1u << core | group_led_by(board, core) | group_idle(board, 1u << core);
	enum cause cause = check_usable(board, core, why);

	return cause == CAUSE_NONE ? let_go_of(board, cores, note_passed, NULL, why)
				   : cause;
}

enum cause
board_let_go(struct board *board, unsigned core, const void *by, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	bool was_halted = run->is_halted;
	enum cause cause = check_usable(board, core, why);

	if (cause != CAUSE_NONE)
		return cause;
	/* The look at a core that a reset has let run may find it halted. */
	was_halted = was_halted || run->is_halted;
	/* Halting debug is the other program's, too, or the group's. */
	if (core_has_other_debugger(&board->cores[core]) || group_keeps(board, core))
		return was_halted ? board_resume(board, core, by, why) : CAUSE_NONE;
	run->is_stepping = false;
	run_remember(board, core);
	cause = core_release(&board->cores[core], why);
	if (cause == CAUSE_NONE && was_halted)
		note_running(run, SOURCE_CLIENT, by);
	return cause;
}

enum cause
board_start_core(struct board *board, unsigned core, struct reason *why)
{
	enum cause cause = board_check_free(board, board_core_claim(core), why);

	if (cause != CAUSE_NONE)
		return cause;
	if (!board->runs[core].is_held)
		return reason_begin(why, CAUSE_REQUEST, "%s does not wait to be started",
				    core_name(&board->cores[core]));
	return held_start(board, core, why);
}

enum cause
board_step(struct board *board, unsigned core, const void *by, struct reason *why)
{
	enum cause cause = check_usable(board, core, why);

	if (cause != CAUSE_NONE)
		return cause;
	/* The step comes when it has been started. */
	if (board->runs[core].is_held)
		return board_step_range(board, core, 0, 0, by, why);
	board->runs[core].is_stepping = false;
	board->runs[core].stepped_by = by;
	cause = run_step(board, core, why);
	run_schedule(board, core);
	return cause;
}

enum cause
board_step_range(struct board *board, unsigned core, uint32_t from, uint32_t to,
		 const void *by, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	enum cause cause = check_usable(board, core, why);

	if (cause == CAUSE_NONE)
		cause = core_require_halted(&board->cores[core], why);
	if (cause != CAUSE_NONE)
		return cause;
	run_remember(board, core);
	run->range_from = from;
	run->range_to = to;
	run->stepped_by = by;
	run->is_stepping = true;
	run->due_us = 0;
	return CAUSE_NONE;
}

static enum cause
find_register(const struct board *board, unsigned core, unsigned number,
	      const struct core_register **reg, struct reason *why)
{
	*reg = core_register_at(features_of(board, core), number);
	if (*reg != NULL)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_REQUEST, "%s has no register number %u",
			    core_name(&board->cores[core]), number);
}

static enum cause
no_register(const struct board *board, unsigned core, struct reason *why)
{
	enum cause cause = board_check_free(board, board_core_claim(core), why);

	if (cause != CAUSE_NONE)
		return cause;
	reason_begin(why, CAUSE_REQUEST, "%s runs, and its registers were not read before",
		     core_name(&board->cores[core]));
	reason_suspect(why, FINDING_REQUEST_CORE_RUNS);
	return CAUSE_REQUEST;
}

/* One that a reset has taken out of the halt, as nobody has seen yet, is halted again first, and where
 * it is then is what is shown. */
static enum cause
read_of_halted(struct board *board, unsigned core, const struct core_register *reg,
	       uint64_t *value, struct reason *why)
{
	struct core *halted = &board->cores[core];
	enum cause cause = core_register_read(halted, reg, value, why);

	if (!core_is_lost_to_reset(halted, cause))
		return cause;
	cause = look_behind_reset(board, core, why);
	return cause == CAUSE_NONE ? core_register_read(halted, reg, value, why) : cause;
}

enum cause
board_register_read(struct board *board, unsigned core, unsigned number, uint64_t *value,
		    struct reason *why)
{
	struct board_run *run = &board->runs[core];
	const struct core_register *reg = NULL;
	enum cause cause = find_register(board, core, number, &reg, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (run->is_halted && board_claimant(board, board_core_claim(core)) == NULL)
		return read_of_halted(board, core, reg, value, why);
	if (!run->has_registers || !run->is_kept[number])
		return no_register(board, core, why);
	*value = run->registers[number];
	return CAUSE_NONE;
}

enum cause
board_register_write(struct board *board, unsigned core, unsigned number, uint64_t value,
		     struct reason *why)
{
	const struct core_register *reg = NULL;
	enum cause cause = find_register(board, core, number, &reg, why);

	if (cause == CAUSE_NONE)
		cause = check_usable(board, core, why);
	if (cause != CAUSE_NONE)
		return cause;
	board->runs[core].has_registers = false;
	cause = core_register_write(&board->cores[core], reg, value, why);
	if (number == REGISTER_PC)
		core_look_for_bkpt(&board->cores[core]);
	return cause;
}

enum cause
board_answer_bkpt(struct board *board, unsigned core, uint32_t result, struct reason *why)
{
	enum { OPCODE_BYTES = 2 };
	uint64_t pc = board->runs[core].stop.halt.pc + OPCODE_BYTES;
	enum cause cause = board_register_write(board, core, REGISTER_R0, result, why);

	if (cause == CAUSE_NONE)
		cause = board_register_write(board, core, REGISTER_PC, pc, why);
	if (cause == CAUSE_NONE)
		core_passed_bkpt(&board->cores[core]);
	return cause;
}
