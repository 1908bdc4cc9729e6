/* SPDX-License-Identifier: MIT */
/* held.c - is a chip in reset that could not be connected? */
#include "targets/diagnosis/examine_internal.h"

enum { LOOKS_MAX = 30, LOOKS_IN_RESET = 8, PAUSE_US = 5000, LOOKING_US = 1500000 };

/* Where an answer is lost the port is entered again. */
static bool
reach_core(struct board *board)
{
	struct reason why = REASON_INIT;

	dap_forget_loss(&board->dap);
	return dap_connect(&board->dap, &why) == CAUSE_NONE &&
	       board_find_core(board, &why) == CAUSE_NONE;
}

static bool
read_dhcsr(struct examination *x, uint32_t *dhcsr)
{
	struct reason why = REASON_INIT;

	if (x->step == 0 && !reach_core(x->nrst.board))
		return false;
	x->step = core_dhcsr_read(examined_core(x), dhcsr, &why) == CAUSE_NONE;
	return x->step != 0;
}

static bool
know_held(struct examination *x)
{
	struct facts *facts = facts_of(x);

	facts_know(facts, FACT_NRST_STUCK, 1);
	facts_know(facts, FACT_NRST_WAS_PULLED, facts->of[FACT_ANSWERS_IN_RESET].is_known);
	return true;
}

/* The probe lets NRST go. S_RESET_ST keeps a reset that is over until it is read (Arm DDI 0403E.e,
 * C1.6.2), so one look without it ends this, and only looks in a row show one that lasts. Wires that
 * lose bits let some of them fail; a core that sleeps lets each of them wait in vain. */
bool
examine_held(struct examination *x)
{
	uint32_t dhcsr = 0;
	bool is_read = read_dhcsr(x, &dhcsr);

	examine_wait_us(x, PAUSE_US);
	if (is_read && REG_GET(dhcsr, DHCSR_S_RESET_ST) == 0)
		return true;
	x->seen += is_read ? 1 : 0;
	if (x->seen == LOOKS_IN_RESET)
		return know_held(x);
	return ++x->count == LOOKS_MAX || examine_age_us(x) > LOOKING_US ||
	       examine_is_late(x);
}
