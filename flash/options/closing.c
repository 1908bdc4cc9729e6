/* SPDX-License-Identifier: MIT */
/* closing.c - a chip that was closed for good, and is silent: that it was, and what is left. */
#include "flash/options/change.h"

#include "transport/probe/vtarget.h"

bool
option_change_closes(const struct option_change *change)
{
	return options_close(change->set, change->dev_id, &change->before, &change->after);
}

/* A supply that is there tells a closed port from a board without power. A probe that cannot
 * measure it, or measures itself, has nothing to say against it. */
static enum cause
check_supply(struct board *board, struct text *words, struct reason *why)
{
	struct reason unmeasured = REASON_INIT;
	struct vtarget vtarget;
	enum cause cause = vtarget_measure(board_probe(board), &vtarget, &unmeasured);

	if (cause != CAUSE_NONE && cause != CAUSE_UNSUPPORTED)
		return reason_while(why, "the probe does not answer either: %s",
				    reason_root(&unmeasured));
	if (cause == CAUSE_NONE && vtarget.class == VTARGET_STABLE)
		text_add(words, "while the target has %u.%02u V", vtarget.millivolts / 1000,
			 vtarget.millivolts / 10 % 100);
	else if (cause == CAUSE_UNSUPPORTED || vtarget.class == VTARGET_OWN ||
		 vtarget.class == VTARGET_FLOATING)
		text_add(words, "as soon as the chip had programmed them");
	else
		return reason_while(why, "the target's supply is not as it was: %u.%02u V",
				    vtarget.millivolts / 1000,
				    vtarget.millivolts / 10 % 100);
	return CAUSE_NONE;
}

/* Access port 0 stays open, and has the chip's id. */
static enum cause
explain_state(const struct option_change *change, struct board *board, struct text *words,
	      struct reason *why)
{
	const struct product_state *states = change->set->product_state;
	const struct option_field *field =
		options_field(change->set, change->dev_id, states->field);
	uint32_t code = options_get(field, &change->after);
	bool starts_nothing = product_state_starts_nothing(states, code);

	if (!facts_is(board_facts(board), FACT_CORE_PORT_CLOSED, 1))
		return reason_while(why, "the chip does not even say which it is");
	text_add(words,
		 "The chip is closed, as asked: its product state is %s.\n"
		 "The chip still says which it is, and the access port of its core is "
		 "closed: that is the proof, and no fault of the wires.\n"
		 "What still works: %s, and a regression by debug authentication "
		 "(certificate or password) if what it asks for was put into the chip "
		 "before; STM32CubeProgrammer does it, tether does not.",
		 product_state_name(states, code),
		 starts_nothing ? "its own boot loader" : "the program in its flash");
	return CAUSE_NONE;
}

static enum cause
explain_level_2(const struct option_change *change, struct board *board, struct text *words,
		struct reason *why)
{
	enum cause cause;

	text_add(words, "The chip is closed, as asked: RDP is at level 2.\n"
			"Its debug port fell silent when the option bytes were loaded, ");
	cause = check_supply(board, words, why);
	if (cause != CAUSE_NONE)
		return cause;
	text_add(words,
		 ": that is the proof, and no fault of the wires.\n"
		 "What still works: the program in its flash. SWD, JTAG and the ROM "
		 "loader stay off for ever%s; for another program use another chip.",
		 change->set->rdp->half != 0
			 ? " (unless an OEM2 key was put into the chip before)"
			 : "");
	return CAUSE_NONE;
}

enum cause
option_change_explain_closed(const struct option_change *change, struct board *board,
			     struct text *words, struct reason *why)
{
	enum cause cause = why->cause;

	if (cause == CAUSE_GONE || cause == CAUSE_TIMEOUT || cause == CAUSE_FAULT)
		cause = change->set->product_state != NULL
				? explain_state(change, board, words, why)
				: explain_level_2(change, board, words, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "the option bytes are written; whether the chip is closed "
				 "cannot be said");
}
