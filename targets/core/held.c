/* SPDX-License-Identifier: MIT */
/*
 * held.c - a core that waits for another one to start it, or that sleeps without a clock.
 *
 * Nothing of it can be read or written. It stands where it will begin: it is shown halted there,
 * with the registers of a reset, and what is inserted is kept for when it starts.
 */
#include "targets/core/core_internal.h"

#include <string.h>

/* Identifying the core replaces it all. */
static void
assume_identity(struct core *core, const struct core_gate *gate)
{
	const struct core_part *part = core_part_of(gate->core.cpuid);
	uint8_t fpu = (uint8_t)((gate->core.has_fpu ? FEATURE_FPU : 0) |
				(gate->core.has_double ? FEATURE_FPU_DOUBLE : 0));

	if (core->identity.name != NULL || part == NULL)
		return;
	core->identity = (struct core_identity){
		.cpuid = gate->core.cpuid,
		.name = part->name,
		.features = part->features | fpu,
		.breakpoints = gate->core.breakpoints,
		.watchpoints = gate->core.watchpoints,
	};
	core->is_fpb_v1 = !gate->core.has_fpb_v2;
}

void
core_hold(struct core *core, const struct core_gate *gate, const struct reason *shut,
	  const uint32_t vectors[2])
{
	core_left_halt(core);
	assume_identity(core, gate);
	core->mem.shut = shut;
	core->is_asleep = false;
	core->is_stepped = core->is_masked = core->was_reset = core->has_look = false;
	core->is_released = false;
	core->planted_len = 0;
	core->is_halted = true;
	memset(core->cache, 0, sizeof(core->cache));
	memset(core->is_cached, true, sizeof(core->is_cached));
	core->cache[SELECTOR_SP] = core->cache[SELECTOR_MSP] = align_down(vectors[0], 4);
	core->cache[SELECTOR_LR] = LR_RESET;
	core->cache[SELECTOR_PC] = vectors[1] & ~1u;
	core->cache[SELECTOR_XPSR] = XPSR_RESET;
}

void
core_hold_asleep(struct core *core, const struct core_gate *gate, const struct reason *shut)
{
	const uint32_t unknown[2] = { 0 };

	core_hold(core, gate, shut, unknown);
	core->is_halted = false;
	core->is_asleep = true;
}

void
core_held_runs(struct core *core, bool runs)
{
	core->is_halted = !runs;
}
