/* SPDX-License-Identifier: MIT */
/* claim.c - halting debug, on for a core that is debugged, and its units as our tables are. */
#include "targets/core/core_internal.h"

bool
core_has_other_debugger(const struct core *core)
{
	return core->mem.dap->probe->has_other_debugger && !core->is_ours_alone;
}

bool
core_has_armed(const struct core *core)
{
	bool has_any = core->vectors != 0 || core->planted_len > 0 || core->cross.is_on;

	for (size_t i = 0; i < CORE_MAX_BREAKPOINTS; i++)
		has_any = has_any || core->comparators[i].halves != 0;
	for (size_t i = 0; i < CORE_MAX_WATCHPOINTS; i++)
		has_any = has_any || core->watches[i].is_used;
	return has_any;
}

enum cause
core_rearm(struct core *core, struct reason *why)
{
	struct batch batch = { 0 };
	size_t matches[CORE_MAX_WATCHPOINTS];
	enum cause cause;

	if (core_is_held(core))
		return CAUSE_NONE;
	/* The breakpoints in the core are another program's. */
	if (core_has_other_debugger(core) && !core_has_armed(core))
		return CAUSE_NONE;
	cause = core_demcr_write(core, core->vectors, why);

	core->is_released = false;
	breakpoints_rearm(core, &batch);
	watchpoints_matched(core, &batch, matches);
	watchpoints_rearm(core, &batch);
	if (cause == CAUSE_NONE)
		cause = batch_run(&batch, &core->mem, why);
	if (cause == CAUSE_NONE)
		breakpoints_written(core, NULL);
	core->is_unit_in_doubt = cause != CAUSE_NONE;
	if (cause != CAUSE_NONE)
		return reason_while(why, "setting the breakpoint unit of %s", core->name);
	watchpoints_take_matched(core, &batch, matches);
	return cross_rearm(core, why);
}

enum cause
core_enable_debug(struct core *core, uint32_t dhcsr, struct reason *why)
{
	uint32_t halt = dhcsr & REG_MASK(DHCSR_S_HALT) ? REG_MASK(DHCSR_C_HALT) : 0;

	core->is_masked = false;
	return mem_write32(&core->mem, DHCSR_AT, core_control(halt), why);
}

enum cause
core_claim(struct core *core, struct reason *why)
{
	uint32_t dhcsr = 0;
	enum cause cause;

	if (core_is_held(core))
		return CAUSE_NONE;
	cause = core_dhcsr_read(core, &dhcsr, why);
	if (cause == CAUSE_NONE && !core->before.is_claimed)
		core->before.had_debug = REG_GET(dhcsr, DHCSR_C_DEBUGEN) != 0;
	core->before.is_claimed = core->before.is_claimed || cause == CAUSE_NONE;
	if (cause == CAUSE_NONE)
		cause = core_enable_debug(core, dhcsr, why);
	if (cause == CAUSE_NONE)
		cause = core_rearm(core, why);
	core->was_reset = false;
	core->may_be_at_bkpt = core->is_halted; /* what halted it was before our time */
	return cause;
}

enum cause
core_reclaim(struct core *core, struct reason *why)
{
	return core->is_released ? core_claim(core, why) : CAUSE_NONE;
}

enum cause
core_prepare_units(struct core *core, struct reason *why)
{
	enum cause cause = core_reclaim(core, why);

	if (cause != CAUSE_NONE || core_is_held(core) || !core_has_other_debugger(core))
		return cause;
	cause = core_demcr_write(core, core->vectors, why);
	if (cause != CAUSE_NONE)
		return cause;
	return mem_write32(&core->mem, FP_CTRL_AT,
			   REG_MASK(FP_CTRL_KEY) | REG_MASK(FP_CTRL_ENABLE), why);
}
