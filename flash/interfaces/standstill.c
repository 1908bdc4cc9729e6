/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/standstill.h"

#include "targets/core/cortex_m.h"

/* One that is halted was so by a look that the target was lost in, or is nothing of ours. */
static enum cause
halt(struct standstill *still, struct core *core, unsigned bit, struct reason *why)
{
	struct reason unseen = REASON_INIT;
	enum core_state state = CORE_IN_RESET;
	uint32_t dhcsr = 0;

	/* A core that does not answer is not started, and cannot disturb. */
	if (mem_read32(core_memory(core), DHCSR_AT, &dhcsr, &unseen) != CAUSE_NONE ||
	    core_poll(core, &state, NULL, &unseen) != CAUSE_NONE)
		state = CORE_IN_RESET;
	if (state == CORE_HALTED)
		return CAUSE_NONE;
	still->halted &= ~bit;
	still->halted_free &= ~bit;
	if (state != CORE_RUNNING && state != CORE_SLEEPING)
		return CAUSE_NONE;
	still->halted |= bit;
	if (REG_GET(dhcsr, DHCSR_C_DEBUGEN) == 0)
		still->halted_free |= bit;
	return core_halt(core, why);
}

enum cause
standstill_begin(struct standstill *still, struct board *board, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; cause == CAUSE_NONE && i < board_cores(board); i++)
		cause = halt(still, board_core(board, i), 1u << i, why);
	return cause;
}

enum cause
standstill_end(struct standstill *still, struct board *board, struct reason *why)
{
	enum cause first = CAUSE_NONE;

	for (unsigned i = 0; i < board_cores(board); i++) {
		struct reason further = REASON_INIT,
			      *to = first == CAUSE_NONE ? why : &further;
		struct core *core = board_core(board, i);
		enum cause cause = CAUSE_NONE;

		if ((still->halted >> i & 1) != 0)
			cause = (still->halted_free >> i & 1) != 0 ? core_release(core, to)
								   : core_resume(core, to);
		if (first == CAUSE_NONE)
			first = cause;
	}
	if (first != CAUSE_GONE)
		still->halted = still->halted_free = 0;
	return first;
}
