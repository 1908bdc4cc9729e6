/* SPDX-License-Identifier: MIT */
/* program.c - what the program does, and what becomes of it when it is let run. */
#include "targets/diagnosis/examine_internal.h"

#include "transport/adi/registers.h"
#include "transport/probe/vtarget.h"

enum { RUN_US = 1500000, RUN_EVERY_US = 2000, STALLED_LOOKS = 8, SAMPLES = 16 };
/* Of the supply once the port has fallen silent, with five readings each. */
enum { RUN_SUPPLY_LOOKS = 16, RUN_SUPPLY_PAUSE_US = 6100 };

/* DDI 0403E.e C1.8.8, Program Counter Sample Register; all ones while it is halted. */
#define DWT_PCSR_AT 0xe000101cu
/* Every STM32 has RAM here, at the begin of the architecture's SRAM region (DDI 0403E.e B3.1). */
#define RAM_AT 0x20000000u
/* System Control Register (B3.2.7): set, WFI and WFE enter Stop or Standby and not Sleep. */
#define SCR_AT        0xe000ed10u
#define SCR_SLEEPDEEP 0x4u

static bool
is_boot_loader(const struct board *board, uint32_t pc)
{
	for (size_t i = 0; i < board->chip.memories_len; i++) {
		const struct memory *memory = &board->chip.memories[i];

		if (memory->entry->kind == MEMORY_SYSTEM_ROM &&
		    pc - memory->base < memory->size_max)
			return true;
	}
	return false;
}

static bool
sample_pc(struct examination *x, uint32_t *pc)
{
	struct reason unread = REASON_INIT;

	if (examined_core(x)->is_halted)
		return core_pc_read(examined_core(x), pc, &unread) == CAUSE_NONE;
	return examine_read(x->nrst.board, DWT_PCSR_AT, pc) && *pc != UINT32_MAX &&
	       *pc != 0;
}

/* Once in the boot loader is enough: a program goes there only to stay. */
bool
examine_program(struct examination *x)
{
	uint32_t pc = 0;
	bool is_loader;

	if (!sample_pc(x, &pc))
		return ++x->count == SAMPLES || examine_is_late(x);
	is_loader = is_boot_loader(x->nrst.board, pc);
	facts_know(facts_of(x), FACT_PC, pc);
	facts_know(facts_of(x), FACT_IN_BOOT_LOADER, is_loader);
	return is_loader || examined_core(x)->is_halted || ++x->count >= SAMPLES ||
	       examine_is_late(x);
}

/* A program that draws more than the supply has falls silent, too; and once its chip is reset by that, it
 * draws nothing, so that a look may find the supply nearly as it was. A pin that measured nothing before
 * says nothing now. */
static bool
can_measure_run(struct examination *x)
{
	uint32_t before = 0;

	return facts_get(facts_of(x), FACT_TARGET_VOLTAGE, &before) &&
	       before >= VTARGET_RUNS_FROM_MV &&
	       !facts_is(facts_of(x), FACT_VAPP_FLOATS, 1) &&
	       !facts_is(facts_of(x), FACT_PROBE_IS_CLONE, 1);
}

/* Neither as it was nor fallen far enough: it is not known. */
static void
know_run_supply(struct examination *x)
{
	enum { FALL_MV = 300, STEADY_MV = 100 };
	uint32_t before = 0;

	facts_get(facts_of(x), FACT_TARGET_VOLTAGE, &before);
	facts_know(facts_of(x), FACT_RUN_VOLTAGE, x->run_mv);
	if (x->run_mv < VTARGET_RUNS_FROM_MV || x->run_mv + FALL_MV < before)
		facts_know(facts_of(x), FACT_SUPPLY_SAGS, 1);
	else if (x->run_mv + STEADY_MV >= before)
		facts_know(facts_of(x), FACT_SUPPLY_SAGS, 0);
}

/* The lowest of many readings within 100 ms. */
static bool
measure_run(struct examination *x)
{
	struct reason unmeasured = REASON_INIT;
	struct vtarget v;

	if (vtarget_measure(x->nrst.board->probe, &v, &unmeasured) != CAUSE_NONE)
		return true;
	if (x->run_looks == 0 || v.least < x->run_mv)
		x->run_mv = v.least;
	examine_wait_us(x, RUN_SUPPLY_PAUSE_US);
	if (++x->run_looks < RUN_SUPPLY_LOOKS && !examine_is_late(x))
		return false;
	know_run_supply(x);
	return true;
}

static bool
end_run(struct examination *x, enum run_end end)
{
	struct reason why = REASON_INIT;
	uint32_t word;

	facts_know(facts_of(x), FACT_RUN_END, end);
	facts_know(facts_of(x), FACT_RUN_TIME, (uint32_t)examine_age_us(x));
	if (end == RUN_SLEEPS && examine_read(x->nrst.board, SCR_AT, &word))
		examine_know_bit(facts_of(x), FACT_SLEEPS_DEEPLY, word, SCR_SLEEPDEEP);
	if (end != RUN_SILENT &&
	    mem_read32(&examined_core(x)->mem, RAM_AT, &word, &why) == CAUSE_TIMEOUT)
		facts_know(facts_of(x), FACT_BUS_HANGS, 1);
	dap_forget_loss(&x->nrst.board->dap);
	x->is_run_silent = end == RUN_SILENT && can_measure_run(x);
	return !x->is_run_silent;
}

/* A core that neither sleeps nor executes anything waits for a memory access; ARMv6-M has no
 * S_RETIRE_ST and always reads zero there, so it has to have been seen set once. */
static void
count_stall(struct examination *x, uint32_t dhcsr)
{
	bool is_idle = REG_GET(dhcsr, DHCSR_S_RETIRE_ST) == 0 &&
		       REG_GET(dhcsr, DHCSR_S_SLEEP) == 0;

	if (REG_GET(dhcsr, DHCSR_S_RETIRE_ST) != 0)
		x->last_us = 1;
	x->step = is_idle && x->last_us != 0 ? x->step + 1 : 0;
	x->asleep += REG_GET(dhcsr, DHCSR_S_SLEEP) != 0 ? 1 : 0;
	x->count++;
}

static bool
take_run(struct examination *x, uint32_t dhcsr)
{
	count_stall(x, dhcsr);
	if (REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0)
		return end_run(x, RUN_RESETS);
	if (REG_GET(dhcsr, DHCSR_S_LOCKUP) != 0)
		return end_run(x, RUN_LOCKS_UP);
	if (x->step >= STALLED_LOOKS)
		return end_run(x, RUN_STALLS);
	if (examine_age_us(x) > RUN_US)
		return end_run(x, x->asleep > x->count / 2 ? RUN_SLEEPS : RUN_GOES_ON);
	examine_wait_us(x, RUN_EVERY_US);
	return false;
}

/* From its reset vector, with the debug clock kept on in sleep: what becomes of it tells what
 * the program does that made it unreachable. */
bool
examine_run(struct examination *x)
{
	struct reason why = REASON_INIT;
	uint32_t dhcsr = 0;
	enum cause cause = CAUSE_NONE;

	if (x->is_run_silent)
		return measure_run(x);
	if (examined_core(x)->is_halted && x->count == 0) {
		cause = core_let_run(examined_core(x), &why);
		core_left_halt(examined_core(x));
		examine_wait_us(x, RUN_EVERY_US);
		return cause != CAUSE_NONE;
	}
	cause = core_dhcsr_read(examined_core(x), &dhcsr, &why);
	if (cause == CAUSE_GONE)
		return end_run(x, reason_finding(&why) == FINDING_C3 ? RUN_STALLS
								     : RUN_SILENT);
	return cause == CAUSE_NONE ? take_run(x, dhcsr) : end_run(x, RUN_STALLS);
}
