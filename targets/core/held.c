/* SPDX-License-Identifier: MIT */
/*
 * held.c - a core that waits for another one to start it.
 *
 * Nothing of it can be read or written. It stands where it will begin: it is shown halted there,
 * with the registers of a reset, and what is inserted is kept for when it starts.
 */
#include "targets/core/core_internal.h"

#include <string.h>

/* RM0399 Rev 4, 63.5.8 and 63.5.9: six comparators for code and four for data, of an FPU that has
 * single precision. Identifying the core replaces it all. */
enum { M4_CPUID = 0x410fc240, M4_BREAKPOINTS = 6, M4_WATCHPOINTS = 4 };

static void
assume_identity(struct core *core)
{
	const struct core_part *part = core_part_of(M4_CPUID);

	if (core->identity.name != NULL)
		return;
	core->identity = (struct core_identity){
		.cpuid = M4_CPUID,
		.name = part->name,
		.features = (uint8_t)(part->features | FEATURE_FPU),
		.breakpoints = M4_BREAKPOINTS,
		.watchpoints = M4_WATCHPOINTS,
	};
	core->is_fpb_v1 = true;
}

void
core_hold(struct core *core, const struct reason *shut, const uint32_t vectors[2])
{
	core_left_halt(core);
	assume_identity(core);
	core->mem.shut = shut;
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
core_held_runs(struct core *core, bool runs)
{
	core->is_halted = !runs;
}
