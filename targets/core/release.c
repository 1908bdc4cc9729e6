/* SPDX-License-Identifier: MIT */
/*
 * release.c - a core that nobody debugs any more: what the program had is left, what was ours is
 * taken back, and it runs.
 */
#include "targets/core/core_internal.h"

/* DDI 0403E.e C1.6.5: TRCENA powers the DWT and the ITM, by which the program may count cycles
 * or print. */
static enum cause
trcena_to_leave(struct core *core, uint32_t *trcena, struct reason *why)
{
	bool has_itm = (core->identity.features & FEATURE_MAINLINE) != 0;
	struct batch batch = { 0 };
	size_t dwt = batch_read(&batch, DWT_CTRL_AT);
	size_t itm = has_itm ? batch_read(&batch, ITM_TCR_AT) : dwt;
	enum cause cause = CAUSE_NONE;
	uint32_t ctrl;

	*trcena = REG_MASK(DEMCR_TRCENA);
	if (!core->before.had_trcena)
		cause = batch_run(&batch, &core->mem, why);
	if (cause != CAUSE_NONE || core->before.had_trcena)
		return cause;
	ctrl = batch_value(&batch, dwt);
	if (REG_GET(ctrl, DWT_CTRL_CYCCNTENA) == 0 &&
	    REG_GET(ctrl, DWT_CTRL_PCSAMPLENA) == 0 &&
	    REG_GET(ctrl, DWT_CTRL_EVENTS) == 0 &&
	    (!has_itm || REG_GET(batch_value(&batch, itm), ITM_TCR_ITMENA) == 0))
		*trcena = 0;
	return CAUSE_NONE;
}

static enum cause
release_demcr(struct core *core, struct reason *why)
{
	const uint32_t ours = DEMCR_VC_ALL | REG_MASK(DEMCR_TRCENA);
	struct reason unread = REASON_INIT;
	uint32_t trcena = 0, demcr = 0;
	enum cause cause = trcena_to_leave(core, &trcena, &unread);

	/* Whether the program uses it is not known: it stays on. */
	if (cause == CAUSE_FAULT)
		cause = CAUSE_NONE;
	if (cause != CAUSE_NONE)
		*why = unread;
	if (cause == CAUSE_NONE)
		cause = mem_read32(&core->mem, DEMCR_AT, &demcr, why);
	if (cause != CAUSE_NONE)
		return cause;
	return mem_write32(&core->mem, DEMCR_AT, (demcr & ~ours) | trcena, why);
}

static void
batch_release(struct core *core, struct batch *batch)
{
	uint32_t fpb = core->before.had_fpb ? REG_MASK(FP_CTRL_ENABLE) : 0;

	breakpoints_batch_due(core, NULL, batch);
	batch_write(batch, FP_CTRL_AT, REG_MASK(FP_CTRL_KEY) | fpb);
	batch_write(batch, DFSR_AT, DFSR_ALL);
	core_batch_unmask(core, batch);
	batch_write(batch, DHCSR_AT, core_control(0));
	batch_write(batch, DHCSR_AT, DHCSR_KEY);
}

/* Only what is ours is taken back. */
static enum cause
release_beside_other(struct core *core, struct reason *why)
{
	struct batch batch = { 0 };

	core_batch_unmask(core, &batch);
	return batch.len == 0 ? CAUSE_NONE : batch_run(&batch, &core->mem, why);
}

/* Whichever way it came there, by a step or a write of PC as well: without halting debug a BKPT is
 * a HardFault (DDI 0403E.e A7.7.17). */
static enum cause
leave_bkpt(struct core *core, struct reason *why)
{
	bool passed = false;
	uint32_t pc = 0;
	enum cause cause = CAUSE_NONE;

	if (!core->is_halted)
		return CAUSE_NONE;
	core->may_be_at_bkpt = true;
	cause = core_pc_read(core, &pc, why);
	return cause == CAUSE_NONE ? core_pass_own_bkpt(core, &pc, &passed, why) : cause;
}

static enum cause
release_dhcsr(struct core *core, struct reason *why)
{
	struct batch batch = { 0 };

	batch_release(core, &batch);
	core_left_halt(core);
	core->is_released = true;
	return batch_run(&batch, &core->mem, why);
}

/* A step that fails keeps none of the others: a core that is left halted is the worst that can
 * be left. The first reason is reported. */
enum cause
core_release(struct core *core, struct reason *why)
{
	static enum cause (*const steps[])(struct core *, struct reason *) = {
		leave_bkpt,
		release_demcr,
		release_dhcsr,
	};
	enum cause first = CAUSE_NONE;

	core->start_catch = 0;
	if (core_is_held(core)) {
		core->vectors = 0;
		core_held_runs(core, true);
		return CAUSE_NONE;
	}
	if (core_has_other_debugger(core))
		return release_beside_other(core, why);
	core->vectors = 0;
	for (size_t i = 0; i < array_len(steps); i++) {
		struct reason echo = REASON_INIT;
		enum cause cause = steps[i](core, first == CAUSE_NONE ? why : &echo);

		if (first == CAUSE_NONE)
			first = cause;
	}
	return first;
}
