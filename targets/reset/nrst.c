/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"

enum { QUIET_READINGS = 2 };

/* A chip in reset, or just coming out of it, refuses some accesses. */
static bool
may_pass(enum cause cause)
{
	return cause == CAUSE_FAULT || cause == CAUSE_TIMEOUT;
}

enum cause
reset_request(struct board *board, struct reason *why)
{
	enum cause cause = mem_write32(
		&board->cores[0].mem, AIRCR_AT,
		REG_PUT(AIRCR_KEY, AIRCR_VECTKEY) | REG_MASK(AIRCR_SYSRESETREQ), why);

	return may_pass(cause) ? CAUSE_NONE : cause;
}

static enum cause
read_reset(struct board *board, const struct reset_wait *wait, bool *is_known,
	   bool *is_reset, struct reason *why)
{
	uint32_t dhcsr = 0;
	enum cause cause = core_dhcsr_read(&board->cores[0], &dhcsr, why);

	*is_known = cause == CAUSE_NONE;
	*is_reset = REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0;
	if (may_pass(cause) && !deadline_is_over(&wait->deadline))
		return CAUSE_NONE;
	return cause;
}

enum cause
reset_wait_seen(struct board *board, struct reset_wait *wait, bool *seen, bool *is_over,
		struct reason *why)
{
	bool is_known = false;
	enum cause cause = read_reset(board, wait, &is_known, seen, why);

	*seen = *seen && is_known;
	*is_over = deadline_is_over(&wait->deadline);
	return cause;
}

static enum cause
held_in_reset(const struct board *board, struct reason *why)
{
	reason_begin(why, CAUSE_TIMEOUT,
		     "the chip is held in reset: DHCSR.S_RESET_ST stayed set for %u ms "
		     "although the probe lets NRST go",
		     (unsigned)board->options.nrst_settle_ms);
	reason_hint(why, "NRST stays low: look at the reset button, its capacitor and what "
			 "else drives NRST");
	return CAUSE_TIMEOUT;
}

enum cause
reset_wait_settled(struct board *board, struct reset_wait *wait, bool *settled,
		   struct reason *why)
{
	bool is_known = false, is_reset = false;
	enum cause cause = read_reset(board, wait, &is_known, &is_reset, why);

	if (cause != CAUSE_NONE)
		return cause;
	wait->quiet = is_known && !is_reset ? wait->quiet + 1 : 0;
	*settled = wait->quiet >= QUIET_READINGS;
	if (!*settled && deadline_is_over(&wait->deadline))
		return held_in_reset(board, why);
	return CAUSE_NONE;
}

static enum cause
not_caught(const struct core *core, uint32_t dhcsr, struct reason *why)
{
	reason_begin(why, CAUSE_TIMEOUT,
		     "%s was reset but ran on: DEMCR.VC_CORERESET did not stop it at its "
		     "reset vector (DHCSR is 0x%08x)",
		     core->name, (unsigned)dhcsr);
	return CAUSE_TIMEOUT;
}

enum cause
reset_wait_halted(struct board *board, struct reset_wait *wait, bool *halted,
		  struct reason *why)
{
	for (unsigned i = 0; i < board->cores_len; i++) {
		uint32_t dhcsr = 0;
		enum cause cause = core_dhcsr_read(&board->cores[i], &dhcsr, why);

		if (cause != CAUSE_NONE)
			return cause;
		*halted = board->cores[i].is_halted;
		if (!*halted && deadline_is_over(&wait->deadline))
			return not_caught(&board->cores[i], dhcsr, why);
		if (!*halted)
			return CAUSE_NONE;
	}
	return CAUSE_NONE;
}
