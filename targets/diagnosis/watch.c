/* SPDX-License-Identifier: MIT */
/* watch.c - a core that answers is watched for a while. */
#include "targets/diagnosis/examine_internal.h"

#include "transport/adi/registers.h"

enum {
	WATCH_US = 300000, /* of a core that nothing speaks against */
	WATCH_LONG_US =
		2500000, /* of one that a watchdog or its program has reset before */
	WATCH_EVERY_US = 4000
};

static void
count_reset(struct examination *x)
{
	uint64_t now_us = examine_age_us(x);

	x->seen++;
	if (x->last_us != 0)
		facts_know(facts_of(x), FACT_RESET_PERIOD, (uint32_t)(now_us - x->last_us));
	x->last_us = now_us;
}

/* The first reading has what happened before: in a connection without a reset none of ours. A reset lasts
 * for as long as NRST takes to rise, which is more than one reading; what it was is in the reset
 * flags, once it is over. */
static void
look_for_reset(struct examination *x, bool is_reset)
{
	bool is_unasked = x->count > 0 || facts_is(facts_of(x), FACT_ATTACHED, 1);
	bool was_reset = x->step != 0;

	x->count++;
	x->step = is_reset && is_unasked ? 1 : 0;
	if (x->step != 0 && !was_reset)
		count_reset(x);
	else if (was_reset && x->step == 0)
		board_look_at_flags(x->nrst.board);
}

static void
take_dhcsr(struct examination *x, uint32_t dhcsr)
{
	look_for_reset(x, REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0);
	if (REG_GET(dhcsr, DHCSR_S_SLEEP) != 0)
		x->asleep++;
	if (REG_GET(dhcsr, DHCSR_C_DEBUGEN) == 0)
		x->undebugged++;
	if (REG_GET(dhcsr, DHCSR_S_LOCKUP) != 0)
		facts_know(facts_of(x), FACT_LOCKED_UP, 1);
}

static bool
has_reset_before(struct examination *x)
{
	return facts_is(facts_of(x), FACT_WATCHDOG_FLAG, 1) ||
	       facts_is(facts_of(x), FACT_SOFTWARE_FLAG, 1);
}

/* A core that is claimed has C_DEBUGEN set, until its supply goes: it is set once more. */
static bool
has_no_debug(struct core *core)
{
	struct reason why = REASON_INIT;
	uint32_t dhcsr = 0;

	return core_enable_debug(core, 0, &why) == CAUSE_NONE &&
	       core_dhcsr_read(core, &dhcsr, &why) == CAUSE_NONE &&
	       REG_GET(dhcsr, DHCSR_C_DEBUGEN) == 0;
}

/* Both units' control registers have bits that read as zero (DDI 0403E.e C1.8.7, C1.11.3). */
static void
look_for_nonsense(struct examination *x)
{
	uint32_t dwt = 0, fpb = 0;
	bool is_nonsense = x->count > 0 && x->undebugged == x->count &&
			   !examined_core(x)->is_released && has_no_debug(examined_core(x));

	if (examine_read(x->nrst.board, DWT_CTRL_AT, &dwt) &&
	    examine_read(x->nrst.board, FP_CTRL_AT, &fpb))
		is_nonsense = is_nonsense || dwt == UINT32_MAX || fpb == UINT32_MAX;
	facts_know(facts_of(x), FACT_CORE_NONSENSE, is_nonsense);
}

bool
examine_core(struct examination *x)
{
	uint64_t limit_us = has_reset_before(x) ? WATCH_LONG_US : WATCH_US;
	struct reason unread = REASON_INIT;
	uint32_t dhcsr = 0;
	bool is_read = core_dhcsr_read(examined_core(x), &dhcsr, &unread) == CAUSE_NONE;
	bool is_over = examine_age_us(x) > limit_us || x->seen > 1 || examine_is_late(x);

	if (is_read)
		take_dhcsr(x, dhcsr);
	dap_forget_loss(&x->nrst.board->dap);
	examine_wait_us(x, WATCH_EVERY_US);
	if (!is_over && !(is_read && examined_core(x)->is_halted))
		return false;
	look_for_nonsense(x);
	examine_count_reset(x->nrst.board, x->seen);
	facts_know(facts_of(x), FACT_SLEEPS, x->asleep > x->count / 2);
	if (!facts_of(x)->of[FACT_LOCKED_UP].is_known)
		facts_know(facts_of(x), FACT_LOCKED_UP, 0);
	return true;
}
