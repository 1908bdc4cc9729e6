/* SPDX-License-Identifier: MIT */
/* The run loop: what may preempt, what the engine did, what follows from it. */
#include "test/emulator/cpu/cpu_internal.h"

/* What Unicorn's interrupt hook reports: EXCP_ numbers of QEMU's target/arm/cpu.h. */
enum {
	EXCP_SWI = 2,
	EXCP_PREFETCH_ABORT = 3,
	EXCP_BKPT = 7,
	EXCP_EXCEPTION_EXIT = 8,
	EXCP_NOCP = 17
};

/* A branch to 0xffffffe0 and above that the engine took for a fetch (FP frames). */
#define EXC_RETURN_FETCHED 0xffffffe0u

/* Hint opcodes, as engine.c notes them. */
enum { HINT_WFE = 0xbf20, HINT_WFI = 0xbf30, HINT_SEV = 0xbf40 };

/* Cortex-M parts whose Unicorn model has an FPU that knows no CPACR. */
static const bool engine_has_fpu[] = {
	[CPU_CORTEX_M4] = true, [CPU_CORTEX_M7] = true, [CPU_CORTEX_M33] = true
};

/* ---- what ended a run of the engine ---- */

/* Memory that nothing may be fetched from: DDI 0403E B3.1, table B3-1, "XN". */
static bool
is_execute_never(uint32_t at)
{
	return (at >= 0x40000000u && at < 0x60000000u) || at >= 0xa0000000u;
}

static void
no_instruction(struct cpu *cpu, uint32_t pc)
{
	if (is_execute_never(pc))
		exception_fault(cpu, EXC_MEMMANAGE, CFSR_IACCVIOL, pc);
	else
		exception_fault(cpu, EXC_BUSFAULT, CFSR_IBUSERR, pc);
}

static void
breakpoint_instruction(struct cpu *cpu, uint32_t pc)
{
	if (!debug_is_enabled(cpu)) {
		exception_breakpoint(cpu, pc);
		return;
	}
	log_drop(cpu);
	cpu->now--; /* it was counted, and will be again if it is resumed from */
	exception_restore_it(cpu, pc);
	engine_set(cpu, UC_ARM_REG_PC, pc | 1);
	debug_halt(cpu, DFSR_BKPT);
}

static void
undefined_instruction(struct cpu *cpu, uint32_t pc)
{
	if (engine_get(cpu, UC_ARM_REG_XPSR) & XPSR_T) {
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_UNDEFINSTR, pc);
		return;
	}
	cpu->not_thumb = true; /* a branch to an even address */
	exception_fault(cpu, EXC_USAGEFAULT, CFSR_INVSTATE, pc);
}

static void
engine_interrupt(struct cpu *cpu, uint32_t number, uint32_t pc)
{
	switch (number) {
	case EXCP_SWI:
		exception_supervisor_call(cpu, pc);
		break;
	case EXCP_BKPT:
		breakpoint_instruction(cpu, pc);
		break;
	case EXCP_EXCEPTION_EXIT:
		exception_return(cpu, pc | 1);
		break;
	case EXCP_PREFETCH_ABORT:
		if (pc >= EXC_RETURN_FETCHED)
			exception_return(cpu, pc | 1);
		else
			no_instruction(cpu, pc);
		break;
	case EXCP_NOCP:
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_NOCP, pc);
		break;
	default:
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_UNDEFINSTR, pc);
		break;
	}
}

static void
answer_event(struct cpu *cpu)
{
	struct event event = cpu->event;
	uint32_t pc = engine_get(cpu, UC_ARM_REG_PC);

	cpu->event.kind = EVENT_NONE;
	switch (event.kind) {
	case EVENT_NONE:
		break;
	case EVENT_INTERRUPT:
		engine_interrupt(cpu, event.number, pc);
		break;
	case EVENT_UNDEFINED:
		undefined_instruction(cpu, pc);
		break;
	case EVENT_FETCH:
		no_instruction(cpu, pc);
		break;
	case EVENT_DATA:
		cpu->scs.bfar = event.at;
		exception_fault(cpu, EXC_BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID,
				cpu->last_pc);
		break;
	case EVENT_NOCP:
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_NOCP, cpu->last_pc);
		break;
	case EVENT_NOT_V6M:
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_UNDEFINSTR, cpu->last_pc);
		break;
	case EVENT_UNALIGNED:
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_UNALIGNED, cpu->last_pc);
		break;
	case EVENT_DIVIDE:
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_DIVBYZERO, cpu->last_pc);
		break;
	}
}

/* An asynchronous bus fault waits if it cannot be taken; it never locks up (B1.5.15). That a
 * Cortex-M0+ has none, for it has no write buffer, is an assumption: the store itself faults. */
static void
answer_failed_store(struct cpu *cpu)
{
	if (!cpu->write_failed || cpu->locked_up)
		return;
	cpu->write_failed = false;
	cpu->scs.cfsr |= CFSR_IMPRECISERR;
	if (is_v6m(cpu))
		exception_fault(cpu, EXC_HARDFAULT, 0, cpu->last_pc);
	else if (nvic_execution_priority(cpu, MASK_ALL) <= -1)
		nvic_pend(cpu, EXC_BUSFAULT, true);
	else
		exception_fault(cpu, EXC_BUSFAULT, 0, engine_get(cpu, UC_ARM_REG_PC));
}

static void
fall_asleep(struct cpu *cpu, bool for_event)
{
	cpu->sleeping = true;
	cpu->waits_for_event = for_event;
	cpu->deep = cpu->scs.scr & SCR_SLEEPDEEP;
}

static void
answer_hint(struct cpu *cpu)
{
	if (cpu->hint == HINT_SEV)
		cpu->event_register = cpu->event_sent = true;
	else if (cpu->hint == HINT_WFI)
		fall_asleep(cpu, false);
	else if (cpu->hint == HINT_WFE && !cpu->event_register)
		fall_asleep(cpu, true);
	else if (cpu->hint == HINT_WFE)
		cpu->event_register = false;
	cpu->hint = 0;
}

static bool
is_stepping(const struct cpu *cpu)
{
	return debug_is_enabled(cpu) && cpu->debug.control & DHCSR_C_STEP;
}

static void
end_step(struct cpu *cpu)
{
	if (is_stepping(cpu) && !cpu->halted)
		debug_halt(cpu, DFSR_HALTED);
}

/* ---- one turn of the run loop ---- */

/* What the instruction hook must look out for from here on. */
static unsigned
needed_watch(struct cpu *cpu)
{
	unsigned watch = 0;

	if (nvic_best(cpu))
		watch |= WATCH_MASKS;
	if (engine_has_fpu[cpu->model.kind] && scs_fp_is_denied(cpu))
		watch |= WATCH_FP_DENY;
	if (cpu->scs.fpccr & FPCCR_LSPACT)
		watch |= WATCH_FP_LAZY;
	if (cpu->scs.ccr & CCR_DIV_0_TRP)
		watch |= WATCH_DIVIDE;
	if (is_v6m(cpu))
		watch |= WATCH_V6M | WATCH_UNALIGNED;
	if (cpu->scs.ccr & CCR_UNALIGN_TRP)
		watch |= WATCH_UNALIGNED;
	if (cpu->dwt.watches_fetches)
		watch |= WATCH_PC;
	return watch;
}

/* Interrupts wait for the end of an IT block, so that it makes no difference whether
 * the core runs freely or by steps. */
static bool
take_pending(struct cpu *cpu)
{
	int best = nvic_best(cpu);

	if (!best || it_from_xpsr(register_xpsr(cpu)))
		return false;
	if (nvic_priority(cpu, best) >= nvic_execution_priority(cpu, MASK_ALL))
		return false;
	exception_enter(cpu, best, engine_get(cpu, UC_ARM_REG_PC));
	return true;
}

/* B1.5.18, B1.5.19: PRIMASK does not keep a core asleep. */
static bool
wakes(struct cpu *cpu)
{
	int best = nvic_best(cpu);

	if (cpu->waits_for_event && cpu->event_register) {
		cpu->event_register = false;
		return true;
	}
	return best && nvic_priority(cpu, best) < nvic_execution_priority(cpu, MASK_OTHERS);
}

/* Cycles to what the core itself does next. */
static uint64_t
next_due(const struct cpu *cpu)
{
	uint64_t tick = systick_due(cpu), sample = dwt_due(cpu);

	return tick < sample ? tick : sample;
}

static void
sleep_on(struct cpu *cpu, uint64_t cycles)
{
	uint64_t due = next_due(cpu);

	if (wakes(cpu)) {
		cpu->sleeping = false;
		return;
	}
	if (due < cycles)
		cycles = due;
	cpu->now += cycles;
	cpu->slept += cycles;
}

static void
run_engine(struct cpu *cpu, uint64_t cycles)
{
	uint64_t before = cpu->now, due = next_due(cpu);
	uint8_t it = it_from_xpsr(register_xpsr(cpu));

	if (due < cycles)
		cycles = due;
	if (it && nvic_best(cpu)) /* it waits for the end of the block, no longer */
		cycles = 1;
	cpu->watch = needed_watch(cpu);
	if (is_stepping(cpu))
		step_one(cpu);
	else
		engine_go(cpu, cycles, it);
	cpu->debug.retired |= cpu->now > before;
	answer_event(cpu);
	answer_failed_store(cpu);
	answer_hint(cpu);
	log_end(cpu);
	if (cpu->dwt.hit)
		debug_halt(cpu, DFSR_DWTTRAP);
	cpu->dwt.hit = false;
}

/*
 * A core that is resumed or stepped with PC on a comparator's address halts there
 * again and executes nothing: that is why debuggers (probe-rs's step(), openocd's
 * cortex_m_step()) take the comparator away first.
 */
static void
breakpoint_unit(struct cpu *cpu, uint32_t pc)
{
	if (debug_is_enabled(cpu))
		debug_halt(cpu, DFSR_BKPT);
	else
		exception_breakpoint(cpu, pc);
}

static void
execute(struct cpu *cpu, uint64_t cycles)
{
	uint32_t pc = engine_get(cpu, UC_ARM_REG_PC);

	if (cpu->not_thumb)
		exception_fault(cpu, EXC_USAGEFAULT, CFSR_INVSTATE, pc);
	else if (pc >= EXC_RETURN_FIRST)
		exception_return(cpu, pc | 1);
	else if (fpb_matches(cpu, pc))
		breakpoint_unit(cpu, pc);
	else
		run_engine(cpu, cycles);
	end_step(cpu);
}

/* A step executes its instruction before the request is seen: OpenOCD 0.12 steps over a
 * breakpoint of its own, whose halt asserted EDBGRQ by the core's CTI. Assumption. */
static bool
is_requested(const struct cpu *cpu)
{
	return debug_is_enabled(cpu) && cpu->debug.requested && !is_stepping(cpu);
}

static void
turn(struct cpu *cpu, uint64_t cycles)
{
	memory_settle(cpu);
	fpb_settle(cpu);
	systick_sync(cpu);
	dwt_sample(cpu);
	cpu->it.size = 0;
	if (debug_is_enabled(cpu) && cpu->debug.control & DHCSR_C_HALT)
		debug_halt(cpu, DFSR_HALTED);
	else if (is_requested(cpu))
		debug_halt(cpu, DFSR_EXTERNAL);
	else if (take_pending(cpu))
		end_step(cpu);
	else if (cpu->sleeping)
		sleep_on(cpu, cycles);
	else
		execute(cpu, cycles);
}

static bool
is_going(const struct cpu *cpu)
{
	enum cpu_state state = cpu_state(cpu);

	return state == CPU_RUNNING || state == CPU_SLEEPING;
}

/*
 * `target` counts what was asked for. An IT block may carry the core a few cycles
 * past it; the next call then begins with that much less to do.
 */
uint64_t
cpu_run(struct cpu *cpu, uint64_t cycles)
{
	uint64_t missing;

	cpu->broken = false;
	if (!is_going(cpu))
		return 0;
	cpu->target += cycles;
	while (cpu->now < cpu->target && is_going(cpu) && !cpu->broken)
		turn(cpu, cpu->target - cpu->now);
	if (cpu->now >= cpu->target)
		return cycles;
	missing = cpu->target - cpu->now;
	cpu->target = cpu->now;
	return cycles - missing;
}
