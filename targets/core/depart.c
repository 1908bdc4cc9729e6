/* SPDX-License-Identifier: MIT */
/* depart.c - a core that is let go through a link that may be lost on the way. */
#include "targets/core/core_internal.h"

/* DFSR is sticky (DDI 0403E.e C1.6.1), so what stands there later came later. */
enum cause
core_depart(struct core *core, struct core_place *place, struct reason *why)
{
	enum cause cause = core_pc_read(core, &place->pc, why);

	place->is_at_hit = core->is_at_hit && core->hit_at == place->pc;
	place->may_be_at_bkpt = core->may_be_at_bkpt;
	if (cause == CAUSE_NONE)
		cause = mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);
	if (cause != CAUSE_NONE)
		return cause;
	core->is_dfsr_clean = core->is_halted;
	return CAUSE_NONE;
}

void
core_return(struct core *core, const struct core_place *place, uint32_t pc)
{
	if (place->pc != pc)
		return;
	core->may_be_at_bkpt = place->may_be_at_bkpt;
	if (place->is_at_hit)
		breakpoint_note_hit(core, pc);
}

bool
core_is_stopped_by(uint8_t events)
{
	return (events & ~REG_MASK(DFSR_HALTED)) != 0;
}
