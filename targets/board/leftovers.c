/* SPDX-License-Identifier: MIT */
/*
 * leftovers.c - what a debugger that was killed has left in the chip.
 *
 * Comparators, vector catches and cross triggers are cleared where a core is claimed, whichever program set
 * them. What is put back at the end as it was found - TRCENA, the breakpoint unit, the bits of
 * DBGMCU - may be the program's, or such a debugger's. Halting debug that is on, and that no other
 * debugger needs, says that there was one: a program cannot set it, and a reset leaves it (DDI
 * 0403E.e, C1.6.2). Then the units are its own; a program that counts cycles or prints by the ITM
 * has TRCENA left on, see core_release(). DBGMCU is its own where all that tether sets is set, which
 * is what tether leaves: a program sets a bit or two of it, and keeps them.
 */
#include "targets/board/board_internal.h"

#include "transport/base/log.h"

static bool
is_left(const struct core *core)
{
	return core->before.had_debug && !core_is_held(core) &&
	       !core_has_other_debugger(core);
}

/* As a power-up leaves them: no row has a bit that is set then. */
static bool
drop_saved_bits(struct board *board)
{
	const struct device *device = board->chip.device;
	uint32_t missing = 0;

	if (device == NULL || !board->has_saved_bits)
		return false;
	for (size_t i = 0; i < DEVICE_MAX_DEBUG_BITS; i++)
		missing |= device->debug_bits[i].bits & ~board->saved_bits[i];
	for (size_t i = 0; missing == 0 && i < DEVICE_MAX_DEBUG_BITS; i++)
		board->saved_bits[i] &= ~device->debug_bits[i].bits;
	return missing == 0;
}

static void
say(const char *names, bool has_bits)
{
	log_info("board",
		 "an earlier debugger has left halting debug on in %s%s: its breakpoints "
		 "are removed, and the rest is taken back when tether ends",
		 names, has_bits ? ", and the bits of DBGMCU" : "");
}

void
leftovers_note(struct board *board, bool is_gentle)
{
	char names[64] = "";
	struct text text;
	bool has_met = board->has_met;

	board->has_met = true;
	if (has_met || !is_gentle)
		return;
	text_init(&text, names, sizeof(names));
	for (unsigned i = 0; i < board->cores_len; i++) {
		struct core *core = &board->cores[i];

		if (!is_left(core))
			continue;
		text_add(&text, "%s%s", text.used > 0 ? " and " : "", core_name(core));
		core->before.had_trcena = core->before.had_fpb = false;
	}
	if (text.used > 0)
		say(names, drop_saved_bits(board));
}
