/* SPDX-License-Identifier: MIT */
/* flags.c - what the reset flags of RCC and PWR tell of the last reset. */
#include "targets/diagnosis/examine_internal.h"

#include "targets/chip/vitals.h"
#include "transport/base/bytes.h"

/* PWR has no clock after a reset: it is given one for the moment, of a core that is halted at its
 * reset vector. Else a register without a clock reads as zero, which says nothing. */
static void
look_at_standby(struct board *board, const struct vitals *vitals)
{
	const struct register_bits *clock = &vitals->power_clock;
	bool may_write = facts_is(&board->facts, FACT_CAUGHT_AT_RESET, 1);
	struct mem_ap *mem = &board_main_core(board)->mem;
	struct reason why = REASON_INIT;
	uint32_t enabled = 0, word = 0;

	if (vitals->standby.mask == 0 ||
	    (clock->bits != 0 && !examine_read(board, clock->at, &enabled)))
		return;
	if (clock->bits != 0 && (enabled & clock->bits) == 0) {
		if (!may_write ||
		    mem_write32(mem, clock->at, enabled | clock->bits, &why) != CAUSE_NONE)
			return;
	}
	if (examine_read(board, vitals->standby.at, &word))
		facts_know(&board->facts, FACT_STANDBY_FLAG,
			   (word & vitals->standby.mask) == vitals->standby.value);
	if (clock->bits != 0 && (enabled & clock->bits) == 0)
		/* In vain it stays on, until the reset that the program starts from. */
		(void)mem_write32(mem, clock->at, enabled, &why);
}

void
board_look_at_flags(struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);
	struct facts *facts = &board->facts;
	uint32_t flags;

	if (vitals == NULL)
		return;
	facts_know(facts, FACT_IS_H7, vitals->is_supply_chosen_once);
	if (!examine_read(board, vitals->flags_at, &flags))
		return;
	examine_know_bit(facts, FACT_WATCHDOG_FLAG, flags, vitals->watchdog);
	examine_know_bit(facts, FACT_SOFTWARE_FLAG, flags, vitals->software);
	examine_know_bit(facts, FACT_POWER_FLAG, flags, vitals->power);
	examine_know_bit(facts, FACT_LOW_POWER_FLAG, flags, vitals->low_power);
	look_at_standby(board, vitals);
}

static bool
has_any_flag(const struct facts *facts)
{
	static const enum fact flags[] = { FACT_WATCHDOG_FLAG, FACT_SOFTWARE_FLAG,
					   FACT_POWER_FLAG, FACT_LOW_POWER_FLAG };

	for (size_t i = 0; i < array_len(flags); i++)
		if (facts_is(facts, flags[i], 1))
			return true;
	return false;
}

/* Of a chip that is being reset at this moment the register reads zero, as it does when the program
 * has cleared the flags: where a program resets itself again and again one look may meet that,
 * three in a row do not. */
bool
examine_flags(struct examination *x)
{
	enum { LOOKS = 3, BETWEEN_US = 10000 };

	board_look_at_flags(x->nrst.board);
	examine_wait_us(x, BETWEEN_US);
	return has_any_flag(facts_of(x)) || ++x->count == LOOKS;
}
