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
		if (mem_read32(&board->cores[0].mem, flag->at, value, &unread) !=
			    CAUSE_NONE ||
		    !read_flag_is_set(flag, *value) ||
		    core_check_reset(&board->cores[0], &was_reset, &unread) != CAUSE_NONE)
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

void
board_log_protection(struct board *board)
{
	struct reason why = REASON_INIT;
	char words[REASON_SPACE];

	if (!board_is_read_protected(board, &why))
		return;
	reason_line(&why, words, sizeof(words));
	log_warning("board", "%s", words);
}
