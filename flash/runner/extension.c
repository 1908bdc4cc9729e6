/* SPDX-License-Identifier: MIT */
#include "flash/runner/extension.h"

#include "targets/core/cortex_m.h"

/* Most STM32 run faster from reset on, or are made to (core_clock.h): a loader that hangs is given
 * less than this much more. */
enum { EXTENSION_KHZ = 32000, EXTENSION_TIMES = 10 };

static enum cause
begin_counting(struct extension *extension, struct core *core, struct reason *why)
{
	struct mem_ap *mem = core_memory(core);
	enum cause cause;

	if (extension->is_counting)
		return CAUSE_NONE;
	cause = mem_read32(mem, DWT_CTRL_AT, &extension->ctrl, why);
	if (cause == CAUSE_NONE && REG_GET(extension->ctrl, DWT_CTRL_NOCYCCNT) != 0)
		return reason_begin(why, CAUSE_UNSUPPORTED, "%s counts no cycles",
				    core_name(core));
	if (cause != CAUSE_NONE)
		return cause;
	extension->is_counting = true;
	return mem_write32(mem, DWT_CTRL_AT, extension->ctrl | REG_MASK(DWT_CTRL_CYCCNTENA),
			   why);
}

enum cause
extension_cycles(struct extension *extension, struct core *core, uint32_t *cycles,
		 struct reason *why)
{
	enum cause cause = begin_counting(extension, core, why);

	return cause == CAUSE_NONE
		       ? mem_read32(core_memory(core), DWT_CYCCNT_AT, cycles, why)
		       : cause;
}

static void
begin(struct extension *extension, struct core *core, struct clock *clock, uint32_t ms)
{
	struct reason uncounted = REASON_INIT;

	extension->is_begun = true;
	extension->cycles_left = (uint64_t)ms * EXTENSION_KHZ;
	extension->deadline = deadline_in_ms(clock, EXTENSION_TIMES * ms);
	if (extension_cycles(extension, core, &extension->seen, &uncounted) != CAUSE_NONE)
		extension->cycles_left = 0;
}

/* A counter that stands still is none. */
static bool
count(struct extension *extension, struct core *core)
{
	struct reason unread = REASON_INIT;
	uint32_t now = 0, ran;

	if (mem_read32(core_memory(core), DWT_CYCCNT_AT, &now, &unread) != CAUSE_NONE)
		return false;
	ran = now - extension->seen;
	extension->seen = now;
	extension->cycles_left -=
		ran < extension->cycles_left ? ran : extension->cycles_left;
	return ran != 0;
}

bool
extension_is_over(struct extension *extension, struct core *core, struct clock *clock,
		  uint32_t ms)
{
	if (!extension->is_begun)
		begin(extension, core, clock, ms);
	return extension->cycles_left == 0 || !count(extension, core) ||
	       extension->cycles_left == 0 || deadline_is_over(&extension->deadline);
}

void
extension_forget(struct extension *extension)
{
	extension->is_begun = false;
}

enum cause
extension_end(struct extension *extension, struct core *core, struct reason *why)
{
	bool was_counting = extension->is_counting;

	extension->is_counting = extension->is_begun = false;
	if (!was_counting || REG_GET(extension->ctrl, DWT_CTRL_CYCCNTENA) != 0)
		return CAUSE_NONE;
	return mem_write32(core_memory(core), DWT_CTRL_AT, extension->ctrl, why);
}
