/* SPDX-License-Identifier: MIT */
#include "targets/core/core_internal.h"
#include "targets/core/stop_reading.h"

enum {
	POLL_US = 500, /* between two readings of DHCSR while waiting */
	STEP_MS = 15 /* for an instruction; what takes longer sleeps, or flash stalls it */
};

static const struct reg_field dhcsr_status[] = REG_FIELDS(DHCSR_STATUS);

/* What DHCSR says now, in the order of what matters most. */
static enum core_state
state_of(uint32_t dhcsr)
{
	static const struct {
		uint32_t mask;
		enum core_state state;
	} states[] = {
		{ REG_MASK(DHCSR_S_RESET_ST), CORE_IN_RESET },
		{ REG_MASK(DHCSR_S_HALT), CORE_HALTED },
		{ REG_MASK(DHCSR_S_LOCKUP), CORE_LOCKED_UP },
		{ REG_MASK(DHCSR_S_SLEEP), CORE_SLEEPING },
	};

	for (size_t i = 0; i < array_len(states); i++)
		if ((dhcsr & states[i].mask) != 0)
			return states[i].state;
	return CORE_RUNNING;
}

static bool
is_debug_off(uint32_t dhcsr)
{
	return REG_GET(dhcsr, DHCSR_C_DEBUGEN) == 0;
}

/* Halting debug goes off by a power-on reset, which S_RESET_ST reports, or by another debugger
 * that ends: DHCSR.C_DEBUGEN survives every other reset (C1.6.2). DFSR keeps what halted the
 * core before: for one that runs that is over. */
static enum cause
take_control_again(struct core *core, uint32_t dhcsr, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	if (is_debug_off(dhcsr))
		cause = core_enable_debug(core, dhcsr, why);
	if (cause == CAUSE_NONE && REG_GET(dhcsr, DHCSR_S_HALT) == 0)
		cause = mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);
	return cause == CAUSE_NONE ? core_rearm(core, why) : cause;
}

enum cause
core_poll(struct core *core, enum core_state *state, bool *was_reset, struct reason *why)
{
	uint32_t dhcsr = core->look;
	enum cause cause = core->has_look ? CAUSE_NONE : core_dhcsr_read(core, &dhcsr, why);

	core->has_look = false;

	/* S_RESET_ST is history; a second reading shows whether it is also now. */
	if (cause == CAUSE_NONE && REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0)
		cause = core_dhcsr_read(core, &dhcsr, why);
	if (cause != CAUSE_NONE)
		return cause;
	*state = state_of(dhcsr);
	if (!core->is_released && (core->was_reset || is_debug_off(dhcsr)) &&
	    *state != CORE_IN_RESET)
		cause = take_control_again(core, dhcsr, why);
	if (cause == CAUSE_NONE && was_reset != NULL)
		*was_reset = core->was_reset;
	if (*state != CORE_IN_RESET)
		core->was_reset = false;
	return cause;
}

static void
suspect_no_halt(uint32_t dhcsr, struct reason *why)
{
	switch (state_of(dhcsr)) {
	case CORE_IN_RESET:
		reason_suspect(why, FINDING_B12);
		break;
	case CORE_LOCKED_UP:
	case CORE_SLEEPING:
		reason_suspect(why, FINDING_TARGET_NEEDS_RESET);
		break;
	default:
		reason_suspect(why, FINDING_C10);
		break;
	}
}

static enum cause
no_halt(const struct core *core, uint32_t dhcsr, uint32_t ms, struct reason *why)
{
	char words[256];
	struct text text;

	text_init(&text, words, sizeof(words));
	reg_explain(dhcsr_status, dhcsr, &text);
	reason_begin(why, CAUSE_TIMEOUT,
		     "%s did not halt within %u ms: DHCSR is 0x%08x: %s", core->name,
		     (unsigned)ms, (unsigned)dhcsr, words);
	suspect_no_halt(dhcsr, why);
	return CAUSE_TIMEOUT;
}

/* `dhcsr` is the first reading. */
static enum cause
wait_for_halt(struct core *core, uint32_t dhcsr, uint32_t ms, struct reason *why)
{
	struct deadline deadline = deadline_in_ms(core_clock(core), ms);
	enum cause cause = CAUSE_NONE;

	while (cause == CAUSE_NONE && !core->is_halted && !deadline_is_over(&deadline)) {
		clock_sleep_us(core_clock(core), POLL_US);
		cause = core_dhcsr_read(core, &dhcsr, why);
	}
	if (cause == CAUSE_NONE && !core->is_halted)
		return no_halt(core, dhcsr, ms, why);
	return cause;
}

/* Registers beyond those of the frame that were asked for at one stop are at the next. */
static enum stop_reads
reads_of_next_stop(struct core *core)
{
	enum stop_reads reads =
		core->shows_registers ? STOP_READS_REGISTERS : STOP_READS_FRAME;

	core->shows_registers = false;
	glances_age(core);
	return reads;
}

/* Runs what was asked of DHCSR, reads it at once, and why the core halted if it has: a
 * healthy one needs no second round trip. */
static enum cause
run_request(struct core *core, struct batch *batch, enum stop_reads reads, uint32_t *dhcsr,
	    struct reason *why)
{
	struct stop_reading reading = { .reads = reads };
	enum cause cause;

	stop_reading_add(core, batch, &reading);
	cause = stop_reading_run(core, batch, &reading, why);
	if (cause != CAUSE_NONE)
		return cause;
	*dhcsr = batch_value(batch, reading.status);
	stop_reading_take(core, batch, &reading);
	return CAUSE_NONE;
}

/* C_MASKINTS stays as it is: the core may be running (C1.6.2). */
static enum cause
request_halt(struct core *core, struct reason *why)
{
	uint32_t mask = core->is_masked ? REG_MASK(DHCSR_C_MASKINTS) : 0;
	struct batch batch = { 0 };
	uint32_t dhcsr = 0;
	enum cause cause;

	batch_write(&batch, DHCSR_AT, core_control(REG_MASK(DHCSR_C_HALT) | mask));
	core->shows_registers = false;
	cause = run_request(core, &batch, STOP_READS_REGISTERS, &dhcsr, why);
	if (cause != CAUSE_NONE)
		return cause;
	return wait_for_halt(core, dhcsr, core->halt_timeout_ms, why);
}

enum cause
core_halt(struct core *core, struct reason *why)
{
	enum cause cause = core_reclaim(core, why);

	if (core_is_held(core)) {
		core_held_runs(core, false);
		return CAUSE_NONE;
	}
	if (cause == CAUSE_NONE)
		cause = request_halt(core, why);
	core->is_stepped = false;
	return cause == CAUSE_NONE ? cause : reason_while(why, "halting %s", core->name);
}

/* A step that does not end by itself fell asleep (WFI, WFE): a halt wakes it. */
static enum cause
finish_step(struct core *core, uint32_t dhcsr, struct reason *why)
{
	enum cause cause = wait_for_halt(core, dhcsr, STEP_MS, why);

	return cause == CAUSE_TIMEOUT ? request_halt(core, why) : cause;
}

/* Adds what is to be written before the core is let run or step, with the comparator at *over
 * out of the way unless that is NULL. Once the batch was run, breakpoints_written(). */
static void
batch_start(struct core *core, const uint32_t *over, struct batch *batch)
{
	breakpoints_batch_due(core, over, batch);
	if (!core->is_dfsr_clean)
		batch_write(batch, DFSR_AT, DFSR_ALL);
	cross_batch_acknowledge(core, batch);
}

static void
forget_halt(struct core *core)
{
	core_left_halt(core);
	core->evidence.matched = 0;
	core->has_look = false;
}

/* One write masks interrupts, one steps; they stay masked until the core runs, which saves
 * the first to every step but the first. */
static void
batch_step(struct core *core, struct batch *batch)
{
	uint32_t mask = REG_MASK(DHCSR_C_MASKINTS);

	if (!core->is_masked || core_has_other_debugger(core))
		batch_write(batch, DHCSR_AT, core_control(REG_MASK(DHCSR_C_HALT) | mask));
	batch_write(batch, DHCSR_AT, core_control(REG_MASK(DHCSR_C_STEP) | mask));
	core->is_masked = true;
}

/* `over`: where a comparator is out of the way meanwhile, or NULL. */
static enum cause
step_once(struct core *core, const uint32_t *over, enum stop_reads reads,
	  struct reason *why)
{
	struct batch batch = { 0 };
	uint32_t dhcsr = 0;
	enum cause cause;

	batch_start(core, over, &batch);
	batch_step(core, &batch);
	forget_halt(core);
	cause = run_request(core, &batch, reads, &dhcsr, why);
	if (cause == CAUSE_NONE)
		breakpoints_written(core, over);
	return cause == CAUSE_NONE ? finish_step(core, dhcsr, why) : cause;
}

/* Steps with a breakpoint at `pc`, if there is one, out of the way. */
static enum cause
step_from(struct core *core, uint32_t pc, enum stop_reads reads, struct reason *why)
{
	enum cause cause = planted_lift(core, pc, why);
	struct reason second = REASON_INIT;
	enum cause restored;

	if (cause != CAUSE_NONE)
		return cause;
	cause = step_once(core, &pc, reads, why);
	/* Put back also when the step failed; then the first reason is the one to report. */
	restored = breakpoint_restore(core, pc, cause == CAUSE_NONE ? why : &second);
	return cause == CAUSE_NONE ? restored : cause;
}

/* Without breakpoints it does not matter where it is, which saves fetching PC. */
static bool
is_pc_of_interest(const struct core *core)
{
	return core->may_be_at_bkpt || breakpoints_any(core);
}

enum cause
core_pass_own_bkpt(struct core *core, uint32_t *pc, bool *passed, struct reason *why)
{
	struct reason unread = REASON_INIT;
	uint8_t opcode[BKPT_SIZE] = { 0 };
	enum cause cause;

	*passed = false;
	if (!core->may_be_at_bkpt)
		return CAUSE_NONE;
	core->may_be_at_bkpt = false;
	cause = core_memory_read(core, *pc, opcode, sizeof(opcode), &unread);
	if (cause == CAUSE_GONE)
		*why = unread;
	if (cause != CAUSE_NONE || (le16_get(opcode) & BKPT_MASK) != BKPT_OPCODE)
		return cause == CAUSE_GONE ? cause : CAUSE_NONE;
	*passed = true;
	*pc += BKPT_SIZE;
	return core_pc_write(core, *pc, why);
}

static enum cause
read_step_dfsr(struct core *core, uint32_t *dfsr, struct reason *why)
{
	*dfsr = core->evidence.dfsr;
	return core->evidence.is_read ? CAUSE_NONE
				      : mem_read32(&core->mem, DFSR_AT, dfsr, why);
}

/* A step from a BKPT of the program's own executes it, and ends where it began: only then it is
 * read, and passed in place of the step. */
static enum cause
pass_stuck(struct core *core, uint32_t from, bool *passed, struct reason *why)
{
	uint32_t dfsr = 0, pc = 0;
	enum cause cause = read_step_dfsr(core, &dfsr, why);

	*passed = false;
	if (cause != CAUSE_NONE || REG_GET(dfsr, DFSR_BKPT) == 0)
		return cause;
	cause = core_pc_read(core, &pc, why);
	if (cause != CAUSE_NONE || pc != from)
		return cause;
	core->may_be_at_bkpt = true;
	cause = core_pass_own_bkpt(core, &pc, passed, why);
	if (cause != CAUSE_NONE || !*passed)
		return cause;
	core->evidence.is_read = true;
	core->evidence.dfsr = 0; /* its BKPT is no reason to stop */
	return CAUSE_NONE;
}

static enum cause
step_with_breakpoints(struct core *core, struct reason *why)
{
	bool may_be_at_bkpt = core->may_be_at_bkpt, passed = false;
	uint32_t pc = 0;
	enum cause cause = core_pc_read(core, &pc, why);

	if (cause == CAUSE_NONE)
		cause = step_from(core, pc, reads_of_next_stop(core), why);
	if (cause == CAUSE_NONE && may_be_at_bkpt)
		cause = pass_stuck(core, pc, &passed, why);
	return cause;
}

enum cause
core_step(struct core *core, struct reason *why)
{
	enum cause cause = core_require_halted(core, why);

	if (cause == CAUSE_NONE)
		cause = is_pc_of_interest(core)
				? step_with_breakpoints(core, why)
				: step_once(core, NULL, reads_of_next_stop(core), why);
	core->is_stepped = true;
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "stepping %s by one instruction", core->name);
}

/* The first look comes in the round trip that lets it run, where that can tell at once why it
 * halted again. What it cannot see the next look will, and report. */
enum cause
core_let_run(struct core *core, struct reason *why)
{
	struct stop_reading look = { .reads = reads_of_next_stop(core) };
	struct batch batch = { 0 };
	size_t going;
	enum cause cause;

	if (core_is_held(core)) {
		core_held_runs(core, true);
		return CAUSE_NONE;
	}
	batch_start(core, NULL, &batch);
	core_batch_unmask(core, &batch);
	batch_write(&batch, DHCSR_AT, core_control(0));
	going = batch.len;
	forget_halt(core);
	if (mem_has_gates(&core->mem))
		stop_reading_add(core, &batch, &look);
	cause = stop_reading_run(core, &batch, &look, why);
	if (cause != CAUSE_NONE && (cause == CAUSE_GONE || look.reached < going))
		return cause;
	breakpoints_written(core, NULL);
	if (cause != CAUSE_NONE || look.gates.len == 0)
		return CAUSE_NONE;
	stop_reading_take(core, &batch, &look);
	core->has_look = core->is_halted;
	core->look = batch_value(&batch, look.status);
	return CAUSE_NONE;
}

static bool
is_hit_at(const struct core *core, uint32_t pc)
{
	return core->is_at_hit && core->hit_at == pc &&
	       breakpoint_at(core, pc) != BREAKPOINT_NOT_HERE;
}

/* A step that nobody asked for halts no other core. */
static enum cause
step_hushed(struct core *core, uint32_t pc, struct reason *why)
{
	enum cause cause = core_cross_hush(core, true, why);
	struct reason second = REASON_INIT;
	enum cause restored;

	if (cause == CAUSE_NONE)
		cause = step_from(core, pc, STOP_READS_NOTHING, why);
	restored = core_cross_hush(core, false, cause == CAUSE_NONE ? why : &second);
	return cause == CAUSE_NONE ? restored : cause;
}

/* Steps over a breakpoint that was hit at `pc`. */
static enum cause
step_over_hit(struct core *core, uint32_t pc, bool *ran_into, struct reason *why)
{
	uint32_t dfsr = 0;
	bool passed = false;
	enum cause cause = step_hushed(core, pc, why);

	if (cause == CAUSE_NONE)
		cause = pass_stuck(core, pc, &passed, why);
	if (cause == CAUSE_NONE && !passed)
		cause = read_step_dfsr(core, &dfsr, why);
	*ran_into = (dfsr & ~REG_MASK(DFSR_HALTED)) != 0;
	return cause;
}

/* One breakpoint that was hit at PC is stepped over. One that was not, as after a jump to it, is
 * what the core is to stop at. *ran_into: a watchpoint was hit by the step, or a fault was
 * caught: it stays halted for that reason. */
static enum cause
step_over(struct core *core, bool *ran_into, struct reason *why)
{
	uint32_t pc = 0;
	bool passed = false;
	enum cause cause = core_pc_read(core, &pc, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (is_hit_at(core, pc))
		return step_over_hit(core, pc, ran_into, why);
	if (breakpoint_at(core, pc) != BREAKPOINT_NOT_HERE)
		return CAUSE_NONE;
	return core_pass_own_bkpt(core, &pc, &passed, why);
}

enum cause
core_resume(struct core *core, struct reason *why)
{
	bool ran_into = false;
	enum cause cause = core_reclaim(core, why);

	core->is_stepped = false;
	if (cause == CAUSE_NONE && core->is_halted && !core_is_held(core) &&
	    is_pc_of_interest(core))
		cause = step_over(core, &ran_into, why);
	/* There is nothing to step over where a reset has put it meanwhile. */
	if (core_is_lost_to_reset(core, cause)) {
		*why = (struct reason)REASON_INIT;
		cause = CAUSE_NONE;
	}
	if (cause == CAUSE_NONE)
		cause = ran_into ? core_cross_tell(core, why) : core_let_run(core, why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "resuming %s", core->name);
}

static enum cause
write_ready(struct core *core, uint32_t *cycles, struct reason *why)
{
	struct batch batch = { 0 };
	size_t counted;
	enum cause cause;

	batch_start(core, NULL, &batch);
	core_batch_unmask(core, &batch);
	counted = batch_read(&batch, DWT_CYCCNT_AT);
	cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE)
		return cause;
	breakpoints_written(core, NULL);
	*cycles = batch_value(&batch, counted);
	return CAUSE_NONE;
}

enum cause
core_make_ready(struct core *core, uint32_t *cycles, bool *ran_into, struct reason *why)
{
	enum cause cause = core_reclaim(core, why);

	*ran_into = core->is_stepped = false;
	if (cause == CAUSE_NONE && core->is_halted && is_pc_of_interest(core))
		cause = step_over(core, ran_into, why);
	if (cause == CAUSE_NONE && !*ran_into)
		cause = write_ready(core, cycles, why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "resuming %s", core->name);
}

/* DFSR was cleared before: what stands there is a halt since the start. */
enum cause
core_see_start(struct core *core, bool *is_late, struct reason *why)
{
	struct batch batch = { 0 };
	size_t status = batch_read(&batch, DHCSR_AT), dfsr = batch_read(&batch, DFSR_AT);
	enum cause cause;

	forget_halt(core);
	cause = batch_run(&batch, &core->mem, why);
	if (cause == CAUSE_NONE)
		core_dhcsr_seen(core, batch_value(&batch, status));
	*is_late = cause == CAUSE_NONE && core->is_halted &&
		   (batch_value(&batch, dfsr) & DFSR_ALL) == 0;
	if (*is_late)
		cause = core_let_run(core, why);
	return cause == CAUSE_NONE ? cause : reason_while(why, "resuming %s", core->name);
}

enum cause
core_vector_catch_set(struct core *core, uint32_t vectors, struct reason *why)
{
	enum cause cause;

	if ((vectors & ~DEMCR_VC_ALL) != 0)
		return reason_begin(why, CAUSE_REQUEST,
				    "0x%08x has bits that catch nothing",
				    (unsigned)(vectors & ~DEMCR_VC_ALL));
	cause = core_reclaim(core, why);
	if (cause == CAUSE_NONE && !core_is_held(core))
		cause = core_demcr_write(core, vectors, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "setting the vector catch of %s", core->name);
	core->vectors = vectors;
	return CAUSE_NONE;
}
