/* SPDX-License-Identifier: MIT */
/*
 * What an ST-LINK tells of itself without being used: version, the target's supply, and
 * the board it is soldered on. No mode is entered or left.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/base/text.h"
#include "transport/probe/stlink/stlink.h"

#include <ctype.h>

enum { STATUS_OK = 0x80, BOARD_AT = 2, BOARD_LEN = 4, BOARD_REPLY_MAX = 128 };

/* Answer: u16 status, four characters, others. pyOCD get_board_id() asks for 36 bytes and
 * earlier for 128; firmware was seen to answer with the status alone. All zeros: none. */
static void
read_board(struct stlink_carrier *carrier, struct probe_facts *facts)
{
	struct stlink_command command = STLINK_DEBUG(GET_BOARD_IDENTIFIERS);
	struct reason why = REASON_INIT;
	uint8_t reply[BOARD_REPLY_MAX] = { 0 };
	uint32_t received = 0;
	struct text board;

	command.in = reply;
	command.size = sizeof(reply);
	/* One that does not tell has no name, and that is all. */
	if (carrier->ops->exchange(carrier, &command, &received, &why) != CAUSE_NONE) {
		log_debug("probe", "asking for the board: %s", reason_root(&why));
		return;
	}
	if (received < BOARD_AT + BOARD_LEN || reply[0] != STATUS_OK ||
	    !isprint(reply[BOARD_AT]))
		return;
	text_init(&board, facts->board, sizeof(facts->board));
	text_add(&board, "ST's number ");
	for (size_t i = BOARD_AT; i < BOARD_AT + BOARD_LEN && isprint(reply[i]); i++)
		text_add(&board, "%c", reply[i]);
}

enum cause
stlink_read_facts(struct stlink_carrier *carrier, const struct stlink_model *model,
		  struct probe_facts *facts, struct reason *why)
{
	struct reason silent = REASON_INIT;
	struct stlink_version version;
	enum stlink_mode mode;
	enum cause cause = stlink_version_read(carrier, model, &version, why);

	*facts = (struct probe_facts){ .has_vtarget = false };
	if (cause != CAUSE_NONE)
		return cause;
	text_copy(facts->firmware, sizeof(facts->firmware), version.text);
	cause = stlink_read_mode(carrier, &mode, why);
	/* In the loader's mode it measures nothing and knows no other commands. */
	if (cause != CAUSE_NONE || mode == STLINK_MODE_DFU)
		return cause;
	facts->has_vtarget =
		stlink_read_voltage(carrier, &facts->millivolts, &silent) == CAUSE_NONE;
	if (stlink_version_has(&version, STLINK_HAS_BOARD_ID))
		read_board(carrier, facts);
	return CAUSE_NONE;
}
