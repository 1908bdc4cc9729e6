/* SPDX-License-Identifier: MIT */
/*
 * The modes of an ST-LINK.
 */
#include "transport/base/bytes.h"
#include "transport/base/log.h"
#include "transport/probe/stlink/stlink.h"

#include <string.h>

static const char *const mode_names[STLINK_MODES] = {
	[STLINK_MODE_DFU] = "firmware update",
	[STLINK_MODE_MASS] = "mass storage",
	[STLINK_MODE_DEBUG] = "debug",
	[STLINK_MODE_SWIM] = "SWIM",
	[STLINK_MODE_BOOTLOADER] = "boot loader",
};

static const struct stlink_command exits[STLINK_MODES] = {
	[STLINK_MODE_DFU] = { .name = "DFU_EXIT",
			      .bytes = { STLINK_DFU_COMMAND, STLINK_DFU_EXIT } },
	[STLINK_MODE_DEBUG] = { .name = "DEBUG_EXIT",
				.bytes = { STLINK_DEBUG_COMMAND, STLINK_DEBUG_EXIT } },
	[STLINK_MODE_SWIM] = { .name = "SWIM_EXIT",
			       .bytes = { STLINK_SWIM_COMMAND, STLINK_SWIM_EXIT } },
};

const char *
stlink_mode_name(enum stlink_mode mode)
{
	return mode_names[mode];
}

bool
stlink_mode_has_exit(enum stlink_mode mode)
{
	return exits[mode].name != NULL;
}

enum cause
stlink_mode_take(const uint8_t *reply, enum stlink_mode *mode, struct reason *why)
{
	if (reply[0] >= STLINK_MODES) {
		reason_begin(why, CAUSE_GONE,
			     "the ST-LINK says that its mode is 0x%02x, and no mode "
			     "with that number is known",
			     reply[0]);
		reason_suspect(why, FINDING_A6);
		return CAUSE_GONE;
	}
	*mode = (enum stlink_mode)reply[0];
	return CAUSE_NONE;
}

enum cause
stlink_read_mode(struct stlink_carrier *carrier, enum stlink_mode *mode, struct reason *why)
{
	struct stlink_command command = STLINK_COMMAND(GET_CURRENT_MODE);
	uint8_t reply[STLINK_MODE_SIZE];
	enum cause cause;

	command.in = reply;
	command.size = sizeof(reply);
	cause = stlink_exchange(carrier, &command, why);
	return cause == CAUSE_NONE ? stlink_mode_take(reply, mode, why) : cause;
}

enum cause
stlink_end_mode(struct stlink *link, enum stlink_mode mode, struct reason *why)
{
	if (exits[mode].name == NULL)
		return CAUSE_NONE;
	log_debug("probe", "leaving %s mode", mode_names[mode]);
	memset(link->opened_ports, 0, sizeof(link->opened_ports));
	link->is_open = false;
	return stlink_exchange(link->carrier, &exits[mode], why);
}

enum cause
stlink_leave_debug(struct stlink *link, struct reason *why)
{
	return stlink_end_mode(link, STLINK_MODE_DEBUG, why);
}

enum cause
stlink_leave_mode(struct stlink *link, struct reason *why)
{
	enum stlink_mode mode;
	enum cause cause = stlink_read_mode(link->carrier, &mode, why);

	return cause != CAUSE_NONE ? cause : stlink_end_mode(link, mode, why);
}

static enum cause
enter(struct stlink *link, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(ENTER);
	uint8_t reply[2];
	enum swd_ack ack;
	enum cause cause;

	command.bytes[2] = STLINK_ENTER_SWD_NO_RESET;
	cause = stlink_ask(link, &command, reply, sizeof(reply), &ack, why);
	link->is_open = cause == CAUSE_NONE;
	/* A debug port that answers but does not power up is there: not gone. */
	if (ack == ACK_POWER)
		return reason_becomes(why, CAUSE_TIMEOUT);
	/* Behind a line reset only writes of the debug port follow, ABORT first. What it refuses
	 * then it refuses for WDATAERR: a write that arrived damaged (IHI 0031G, B4.2.4). */
	if (ack == ACK_FAULT)
		reason_suspect(why, FINDING_B10);
	return cause;
}

/* Leaving a mode, and entering one, may let NRST go (openocd abbbc2e05,
 * stlink_usb_init_mode()). */
enum cause
stlink_enter(struct stlink *link, struct reason *why)
{
	enum cause cause = stlink_apply_clock(link, why);

	if (cause == CAUSE_NONE)
		cause = enter(link, why);
	if (cause == CAUSE_NONE && link->is_nrst_low)
		cause = stlink_move_nrst(link, true, why);
	return cause;
}
