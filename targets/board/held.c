/* SPDX-License-Identifier: MIT */
/*
 * held.c - a core that waits for the other one to start it.
 *
 * The Cortex-M4 of an STM32H745 with option BCM4 = 0 has no clock until the Cortex-M7's program
 * sets RCC_GCR.BOOT_C2, and with BCM7 = 0 the Cortex-M7 none until the Cortex-M4's program sets
 * BOOT_C1 (RM0399 Rev 4, 8.7.46): what is read of it is zero, and what is written is lost, so no
 * vector catch can be set. It is shown where it will begin, and caught there in one of two ways.
 *
 * Before it was ever started: the address of its vector table is moved to where there is nothing
 * (SYSCFG_UR3 or UR2). It locks up before its first instruction, is halted, and put where it is to
 * begin. From then on: the vector catch that is set while it has a clock outlives a reset, which
 * closes the gate again (DDI 0403E.e, C1.3.1).
 *
 * Where both fail, since the program sets that register itself or a reset came that nobody asked
 * for, it has run for a moment: it is put back, and that is said.
 */
#include "targets/board/board_internal.h"

#include "transport/base/log.h"

enum { START_MS = 20, START_POLL_US = 200, US_PER_MS = 1000, HALF = 16 };
/* For a port without a clock to answer: the loop waits meanwhile. */
enum { PORT_WAIT_MS = 5 };

static uint64_t
now_us(const struct board *board)
{
	return clock_now_us(board_clock(board));
}

/* What is to be known of a core that waits is read, and done, by the other one. */
static struct mem_ap *
memory_beside(struct board *board, unsigned core)
{
	return &board->cores[1 - core].mem;
}

bool
held_is_gate_open(struct board *board, unsigned core, const struct core_gate *gate)
{
	for (size_t i = 0; i < array_len(gate->opened_by); i++) {
		const struct register_test *test = &gate->opened_by[i];
		struct reason unread = REASON_INIT;
		uint32_t value = 0;

		if (test->mask == 0)
			break;
		/* A register that refuses leaves the core itself to be asked. */
		if (mem_read32(memory_beside(board, core), test->at, &value, &unread) !=
			    CAUSE_NONE ||
		    (value & test->mask) == test->value)
			return true;
	}
	return gate->opened_by[0].mask == 0;
}

/* --- where it begins --------------------------------------------------------------------- */

/* The clock of a register, which keeps what it holds without. It is given back at once: the program
 * may turn it on for itself at any time. *had_clock: what it was. */
static enum cause
turn_clock(struct mem_ap *mem, const struct core_gate *gate, bool is_on, bool *had_clock,
	   struct reason *why)
{
	uint32_t enabled = 0, wanted;
	enum cause cause = mem_read32(mem, gate->moved_by.enable_at, &enabled, why);

	*had_clock = (enabled & gate->moved_by.enable) != 0;
	wanted = is_on ? enabled | gate->moved_by.enable : enabled & ~gate->moved_by.enable;
	return cause == CAUSE_NONE && wanted != enabled
		       ? mem_write32(mem, gate->moved_by.enable_at, wanted, why)
		       : cause;
}

/* Reads the register that software may change, and writes *start, unless that is NULL, into the half of
 * it that is this core's. */
static enum cause
access_start(struct mem_ap *mem, const struct core_gate *gate, const uint16_t *start,
	     uint32_t *value, struct reason *why)
{
	bool had_clock = true, had_ours;
	enum cause cause = turn_clock(mem, gate, true, &had_clock, why);

	*value = 0;
	if (cause == CAUSE_NONE)
		cause = mem_read32(mem, gate->moved_by.at, value, why);
	if (cause == CAUSE_NONE && start != NULL)
		cause = mem_write32(mem, gate->moved_by.at,
				    (*value & UINT16_MAX) | (uint32_t)*start << HALF, why);
	return cause == CAUSE_NONE && !had_clock
		       ? turn_clock(mem, gate, false, &had_ours, why)
		       : cause;
}

/* An address that is moved was so by us: before the link was lost, or by a server that was killed. */
static uint16_t
read_start(struct board *board, unsigned core, const struct core_gate *gate)
{
	struct mem_ap *mem = memory_beside(board, core);
	struct reason unread = REASON_INIT;
	uint32_t moved = 0, boot = 0;

	if (gate->moved_by.at != 0 &&
	    access_start(mem, gate, NULL, &moved, &unread) != CAUSE_NONE)
		moved = 0;
	board->is_start_moved = moved != 0 && moved >> HALF == gate->moved_by.nowhere;
	if (moved >> HALF != 0 && !board->is_start_moved)
		return (uint16_t)(moved >> HALF);
	if (mem_read32(mem, gate->boot_at, &boot, &unread) != CAUSE_NONE)
		log_debug("board", "%s", reason_outermost(&unread));
	return (uint16_t)boot;
}

/* What cannot be read is shown as zeros. */
static void
read_vectors(struct board *board, unsigned core, uint32_t vectors[2])
{
	struct reason unread = REASON_INIT;
	uint8_t bytes[8] = { 0 };

	if (mem_read(memory_beside(board, core), (uint32_t)board->start_at << HALF, bytes,
		     sizeof(bytes), &unread) != CAUSE_NONE)
		log_debug("board", "%s", reason_outermost(&unread));
	vectors[0] = le32_get(bytes);
	vectors[1] = le32_get(bytes + sizeof(uint32_t));
}

static enum cause
move_start(struct board *board, unsigned core, const struct core_gate *gate,
	   struct reason *why)
{
	uint32_t before;
	enum cause cause;

	if (gate->moved_by.at == 0 || board->is_start_moved)
		return CAUSE_NONE;
	cause = access_start(memory_beside(board, core), gate, &gate->moved_by.nowhere,
			     &before, why);
	board->is_start_moved = cause == CAUSE_NONE;
	return cause;
}

/* An address that the program has chosen meanwhile stays; then *was_moved is false. */
static enum cause
move_back(struct board *board, unsigned core, const struct core_gate *gate, bool *was_moved,
	  struct reason *why)
{
	struct mem_ap *mem = memory_beside(board, core);
	uint32_t value = 0;
	enum cause cause;

	*was_moved = false;
	if (!board->is_start_moved)
		return CAUSE_NONE;
	cause = access_start(mem, gate, NULL, &value, why);
	*was_moved = cause == CAUSE_NONE && value >> HALF == gate->moved_by.nowhere;
	if (*was_moved)
		cause = access_start(mem, gate, &board->start_at, &value, why);
	board->is_start_moved = cause != CAUSE_NONE;
	return cause;
}

enum cause
held_end(struct board *board, struct reason *why)
{
	unsigned core = 1 - board->main_core;
	const struct core_entry *entry = board_entry(board, core);
	bool was_moved;
	enum cause cause;

	if (board->cores_len != 2 || !board->runs[core].is_held || entry == NULL)
		return CAUSE_NONE;
	cause = move_back(board, core, &entry->gate, &was_moved, why);
	if (cause != CAUSE_NONE || !board->has_catch_left)
		return cause;
	return reason_begin(
		why, CAUSE_REQUEST,
		"%s is still set to halt at its first instruction, which cannot be "
		"taken back before it has a clock: it does so at its next start "
		"unless the power is off before, or tether is there (try: "
		"\"monitor release\" before you leave)",
		entry->name);
}

/* --- it waits ---------------------------------------------------------------------------- */

static void
show_start(struct board *board, unsigned core)
{
	struct core *held = &board->cores[core];
	bool runs = core_is_held(held) && !held->is_halted;
	uint32_t vectors[2];

	read_vectors(board, core, vectors);
	core_hold(held, &board_entry(board, core)->gate, &board->held_why, vectors);
	core_held_runs(held, runs);
}

void
held_begin(struct board *board, unsigned core, bool runs)
{
	const struct core_entry *entry = board_entry(board, core);
	struct board_run *run = &board->runs[core];
	const struct core *held = &board->cores[core];

	if (!run->is_held)
		board->has_catch_left = held->before.is_known && !held->is_released;
	board->main_core = 1 - core;
	board->start_at = read_start(board, core, &entry->gate);
	if (!run->is_held)
		log_info("board", "%s waits to be started: %s holds it", entry->name,
			 entry->gate.name);
	board->held_why = (struct reason)REASON_INIT;
	reason_begin(&board->held_why, CAUSE_REQUEST,
		     "%s has not been started: %s holds it", entry->name, entry->gate.name);
	reason_suspect(&board->held_why, FINDING_D9);
	show_start(board, core);
	core_held_runs(&board->cores[core], runs);
	run->is_held = true;
	board->held_seen_us = now_us(board);
}

/* It was started, and its domain stands still with it (RM0399 Rev 4, 63.5.8, DBGMCU_CR). The bits that
 * keep its clock on are set with this connection. */
void
held_begin_asleep(struct board *board, unsigned core)
{
	const struct core_entry *entry = board_entry(board, core);

	board->held_why = (struct reason)REASON_INIT;
	reason_begin(&board->held_why, CAUSE_REQUEST,
		     "%s sleeps, and its domain has no clock: it is served when it wakes",
		     entry->name);
	reason_suspect(&board->held_why, FINDING_TARGET_SECOND_CORE_ASLEEP);
	if (!board_is_asleep(board, core))
		log_info("board", "%s", reason_root(&board->held_why));
	core_hold_asleep(&board->cores[core], &entry->gate, &board->held_why);
	board->runs[core].is_held = true;
	board->runs[core].state = CORE_SLEEPING;
}

/* Not one that is the only core of this board: what opens its gate is behind the other. Nor both at
 * once. */
static bool
may_be_held(const struct board *board, unsigned core)
{
	const struct core_entry *entry =
		board->cores_len == 2 && !board->runs[1 - core].is_held
			? board_entry(board, core)
			: NULL;

	return entry != NULL && entry->gate.boot_at != 0;
}

static bool
is_held_again(struct board *board, unsigned core)
{
	return may_be_held(board, core) &&
	       !held_is_gate_open(board, core, &board_entry(board, core)->gate);
}

bool
held_notice(struct board *board, unsigned core, enum cause cause)
{
	bool is_silent = cause == CAUSE_FAULT || cause == CAUSE_TIMEOUT ||
			 (cause == CAUSE_NONE && board->cores[core].is_silent);

	if (is_silent && is_held_again(board, core))
		held_begin(board, core, !board->runs[core].is_halted);
	return board->runs[core].is_held;
}

/* Who waits for it hears of a reset that has put it back to its start. */
static void
show(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];
	bool is_halted = board->cores[core].is_halted;
	struct reason never = REASON_INIT;

	if (core_halt_why(&board->cores[core], &run->stop.halt, &never) != CAUSE_NONE)
		log_debug("board", "%s", reason_outermost(&never));
	run->is_halt_due =
		run->is_halt_due || (is_halted && !run->is_halted && run->is_waited_for);
	run->is_halted = is_halted;
	run->state = CORE_IN_RESET;
}

/* While a client debugs it, and its start is not caught by a vector catch set before. What is refused
 * shows when it starts. */
static enum cause
arm(struct board *board, unsigned core, const struct core_gate *gate, struct reason *why)
{
	struct reason refused = REASON_INIT;
	enum cause cause = CAUSE_NONE;
	bool was_moved;

	if (!board->runs[core].stays_halted)
		cause = move_back(board, core, gate, &was_moved, &refused);
	else if (board->cores[core].start_catch == 0)
		cause = move_start(board, core, gate, &refused);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	if (cause == CAUSE_GONE)
		*why = refused;
	else
		log_debug("board", "%s", reason_outermost(&refused));
	return cause == CAUSE_GONE ? cause : CAUSE_NONE;
}

enum cause
held_check(struct board *board, bool runs, struct reason *why)
{
	unsigned core = 1 - board->main_core;

	if (!is_held_again(board, core))
		return CAUSE_NONE;
	held_begin(board, core, runs);
	return arm(board, core, &board_entry(board, core)->gate, why);
}

/* --- it starts --------------------------------------------------------------------------- */

/* Its clock may come some time after its gate was opened. */
static enum cause
open_started(struct board *board, unsigned core, bool *is_open, struct reason *why)
{
	struct core *started = &board->cores[core];
	struct mem_ap before = started->mem;
	struct reason not_yet = REASON_INIT;
	uint32_t wait_ms = board->dap.wait_ms;
	enum cause cause;

	board->dap.wait_ms = PORT_WAIT_MS;
	cause = board_open_core(board, started, before.ap, &not_yet);
	board->dap.wait_ms = wait_ms;
	*is_open = cause == CAUSE_NONE;
	if (cause == CAUSE_GONE)
		*why = not_yet;
	if (cause == CAUSE_GONE || *is_open)
		return cause;
	started->mem = before;
	return CAUSE_NONE;
}

static void
report_late(struct board *board, const struct core *core, uint64_t ran_us)
{
	char words[320];
	struct board_event event = { .kind = EVENT_REMARK, .words = words };
	struct text text;

	text_init(&text, words, sizeof(words));
	text_add(&text,
		 "%s had run for up to %u ms when it was halted, since its start could not "
		 "be caught; it was put into its reset state, and its peripherals are as "
		 "its program left them",
		 core_name(core), (unsigned)(ran_us / US_PER_MS) + 1);
	log_warning("board", "%s", words);
	board_report(board, &event);
}

/* One that has begun where there is nothing has executed nothing: it has locked up, or a vector catch
 * that is left from before the reset has halted it. */
static enum cause
bring_to_start(struct board *board, unsigned core, const struct core_gate *gate,
	       bool *is_late, struct reason *why)
{
	struct core *started = &board->cores[core];
	uint32_t table = 0;
	uint64_t ran_us = now_us(board) - board->held_seen_us;
	enum core_state state = CORE_HALTED;
	bool was_moved = false;
	enum cause cause = core_poll(started, &state, NULL, why);

	if (cause == CAUSE_NONE)
		cause = move_back(board, core, gate, &was_moved, why);
	was_moved = was_moved && (state == CORE_HALTED || state == CORE_LOCKED_UP);
	*is_late = state != CORE_HALTED && !was_moved;
	if (cause != CAUSE_NONE || (state == CORE_HALTED && !was_moved))
		return cause;
	cause = was_moved ? core_restart_at(started, (uint32_t)board->start_at << HALF, why)
			  : core_restart(started, &table, why);
	if (cause == CAUSE_NONE && *is_late)
		report_late(board, started, ran_us);
	return cause;
}

/* `runs`: it goes on. Nobody hears of the halt: it was shown as one. */
static enum cause
take_start(struct board *board, unsigned core, bool runs, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	struct core *started = &board->cores[core];
	bool is_late = false;
	enum cause cause =
		bring_to_start(board, core, &board_entry(board, core)->gate, &is_late, why);

	if (cause == CAUSE_NONE)
		cause = core_halt_why(started, &run->stop.halt, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (!is_late)
		log_info("board",
			 "%s was started, and is caught at its first instruction, "
			 "0x%08x%s",
			 core_name(started), (unsigned)run->stop.halt.pc,
			 runs ? "; it goes on" : "");
	run->stop.halt.reason = HALT_REQUESTED;
	run->is_halted = !runs;
	run->state = runs ? CORE_RUNNING : CORE_HALTED;
	return runs ? core_resume(started, why) : CAUSE_NONE;
}

static enum cause
let_be(struct board *board, unsigned core, struct reason *why)
{
	log_info("board", "%s was started, and runs: nobody debugs it",
		 core_name(&board->cores[core]));
	board->runs[core].is_halted = false;
	board->runs[core].state = CORE_RUNNING;
	return core_release(&board->cores[core], why);
}

/* Its gate is open. `stops`: it is to halt, whatever was asked for. */
static enum cause
start(struct board *board, unsigned core, bool stops, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	struct core *started = &board->cores[core];
	bool runs = !started->is_halted && !stops;
	bool is_watched = run->stays_halted || stops;
	bool is_open = false;
	enum cause cause = open_started(board, core, &is_open, why);

	if (cause != CAUSE_NONE || !is_open)
		return cause;
	run->is_held = run->has_registers = false;
	run->expects_reset = true;
	core_left_halt(started);
	started->start_catch = is_watched ? REG_MASK(DEMCR_VC_CORERESET) : 0;
	cause = core_claim(started, why);
	if (cause != CAUSE_NONE)
		return cause;
	return is_watched ? take_start(board, core, runs, why) : let_be(board, core, why);
}

bool
held_is_passed(const struct board *board, unsigned core)
{
	const struct board_run *run = &board->runs[core];

	return run->state == CORE_HALTED && !run->is_halted &&
	       board->cores[core].start_catch != 0 && may_be_held(board, core);
}

enum cause
held_pass(struct board *board, unsigned core, struct reason *why)
{
	log_info("board",
		 "%s was started, and is caught at its first instruction; it goes on",
		 core_name(&board->cores[core]));
	board->runs[core].state = CORE_RUNNING;
	return core_resume(&board->cores[core], why);
}

/* --- it wakes ---------------------------------------------------------------------------- */

static enum cause
wake(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	struct core *woken = &board->cores[core];
	bool halts = woken->is_halted;
	enum cause cause;

	run->is_held = run->has_registers = run->is_halted = false;
	run->expects_reset = true;
	run->state = CORE_RUNNING;
	woken->is_asleep = false;
	core_left_halt(woken);
	log_info("board", "%s is awake, or has its clock, and is served from now on",
		 core_name(woken));
	cause = core_claim(woken, why);
	if (cause != CAUSE_NONE)
		return cause;
	return halts ? core_halt(woken, why) : core_release(woken, why);
}

/* A reset puts it back to its start, where it may have to wait. */
static enum cause
look_at_sleeper(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	bool is_open = false, runs = !board->cores[core].is_halted;
	enum cause cause;

	run->is_stale = run->expects_reset = false;
	if (is_held_again(board, core)) {
		run->is_held = false;
		held_begin(board, core, runs);
		return CAUSE_NONE;
	}
	cause = open_started(board, core, &is_open, why);
	return cause == CAUSE_NONE && is_open ? wake(board, core, why) : cause;
}

enum cause
held_look(struct board *board, unsigned core, struct reason *why)
{
	struct board_run *run = &board->runs[core];
	const struct core_gate *gate = &board_entry(board, core)->gate;

	if (board_is_asleep(board, core))
		return look_at_sleeper(board, core, why);
	if (held_is_gate_open(board, core, gate)) {
		run->is_stale = run->expects_reset = false;
		return start(board, core, false, why);
	}
	/* A load may have changed where it begins. */
	if (run->is_stale)
		show_start(board, core);
	run->is_stale = run->expects_reset = false;
	board->held_seen_us = now_us(board);
	show(board, core);
	return arm(board, core, gate, why);
}

/* --- by a debugger ----------------------------------------------------------------------- */

static enum cause
open_gate(struct board *board, unsigned core, const struct core_gate *gate,
	  struct reason *why)
{
	struct mem_ap *mem = memory_beside(board, core);
	uint32_t value = 0;
	enum cause cause = mem_read32(mem, gate->opens.at, &value, why);

	if (cause == CAUSE_NONE)
		cause = mem_write32(mem, gate->opens.at, value | gate->opens.bits, why);
	board->held_seen_us = now_us(board);
	return cause == CAUSE_NONE ? cause : reason_while(why, "setting %s", gate->name);
}

static enum cause
wait_for_start(struct board *board, unsigned core, bool stops, struct reason *why)
{
	struct deadline deadline = deadline_in_ms(board_clock(board), START_MS);
	enum cause cause = start(board, core, stops, why);

	while (cause == CAUSE_NONE && board->runs[core].is_held &&
	       !deadline_is_over(&deadline)) {
		clock_sleep_us(board_clock(board), START_POLL_US);
		cause = start(board, core, stops, why);
	}
	if (cause == CAUSE_NONE && board->runs[core].is_held)
		return reason_begin(why, CAUSE_TIMEOUT,
				    "%s was set, and %s does not answer all the same",
				    board_entry(board, core)->gate.name,
				    core_name(&board->cores[core]));
	return cause;
}

enum cause
held_start(struct board *board, unsigned core, struct reason *why)
{
	const struct core *held = &board->cores[core];
	const struct core_gate *gate = &board_entry(board, core)->gate;
	bool stops = held->is_halted || !board->runs[core].stays_halted;
	enum cause cause;

	if (board_is_asleep(board, core)) {
		*why = board->held_why;
		return why->cause;
	}
	cause = held->start_catch == 0 ? move_start(board, core, gate, why) : CAUSE_NONE;
	if (cause == CAUSE_NONE)
		cause = open_gate(board, core, gate, why);
	return cause == CAUSE_NONE ? wait_for_start(board, core, stops, why) : cause;
}
