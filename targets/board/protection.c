/* SPDX-License-Identifier: MIT */
/*
 * protection.c - read protection, which is named before it is met: with it a read of flash fails as
 * any other that is refused, and a program that cannot be read cannot be stopped at breakpoints
 * that compare with it either.
 */
#include "targets/board/board_internal.h"
#include "targets/chip/vitals.h"
#include "transport/base/log.h"

const struct read_flag *
board_read_flag(const struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);

	return vitals != NULL && vitals->rdp != NULL ? &vitals->rdp->flag : NULL;
}

/* A chip in reset answers with zeros, which look like protection. */
static bool
is_set(struct board *board, const struct read_flag *flag, uint32_t *value)
{
	enum { TRIES = 3 };

	struct reason unread = REASON_INIT;
	bool was_reset = true;

	for (unsigned i = 0; i < TRIES && was_reset; i++)
		if (mem_read32(&board_main_core(board)->mem, flag->at, value, &unread) !=
			    CAUSE_NONE ||
		    !read_flag_is_set(flag, *value) ||
		    core_check_reset(board_main_core(board), &was_reset, &unread) !=
			    CAUSE_NONE)
			return false;
	return !was_reset;
}

/* Read each time: it is lifted and set while clients come and go. A register that does not answer
 * says nothing. */
bool
board_is_read_protected(struct board *board, struct reason *why)
{
	const struct read_flag *flag = board_read_flag(board);
	uint32_t value = 0;

	if (flag == NULL || !is_set(board, flag, &value))
		return false;
	reason_begin(why, CAUSE_PROTECTED, "%s is 0x%08x (%s)", flag->name, (unsigned)value,
		     flag->note);
	reason_while(why, "the flash is read-protected (RDP level 1)");
	reason_suspect(why, FINDING_D1);
	return true;
}

/* Of one in which a core answers: what else it closes is met later. A register that reads zero may be
 * that of a chip in reset. */
static void
log_product_state(struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);
	const struct product_state *states = vitals != NULL ? vitals->product_state : NULL;
	struct reason unread = REASON_INIT;
	uint32_t word = 0, code;

	if (states == NULL || mem_read32(&board_main_core(board)->mem, states->at, &word,
					 &unread) != CAUSE_NONE)
		return;
	code = word >> states->lsb & 0xff;
	for (size_t i = 1; i < PRODUCT_STATES_MAX && states->states[i].name != NULL; i++)
		if (states->states[i].code == code)
			log_warning("board",
				    "%s is 0x%08x: the product state is %s (0x%02x): %s; "
				    "the way back is debug authentication",
				    states->name, (unsigned)word, states->states[i].name,
				    (unsigned)code, states->states[i].means);
}

bool
board_read_empty_flag(struct board *board, bool *was_empty)
{
	const struct memory *flash = chip_flash(&board->chip);
	struct reason unread = REASON_INIT;
	uint32_t flag, acr = 0;

	if (flash == NULL)
		return false;
	flag = flash->entry->interface->registers.empty;
	if (flag == 0 || mem_read32(&board_main_core(board)->mem, flash->entry->registers,
				    &acr, &unread) != CAUSE_NONE)
		return false;
	*was_empty = (acr & flag) != 0;
	return true;
}

void
board_log_protection(struct board *board)
{
	struct reason why = REASON_INIT;
	char words[REASON_SPACE];

	log_product_state(board);
	if (!board_is_read_protected(board, &why))
		return;
	reason_line(&why, words, sizeof(words));
	log_warning("board", "%s", words);
}
