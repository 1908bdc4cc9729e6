/* SPDX-License-Identifier: MIT */
/*
 * stlink_debug.c - group F2: entering and leaving, identification, NRST.
 */
#include <string.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"
#include "test/emulator/probe/timing.h"

enum { ENTER_JTAG_RESET = 0x00, ENTER_SWD_NO_RESET = 0xA3, ENTER_JTAG_NO_RESET = 0xA4 };
enum { NRST_LOW = 0, NRST_HIGH = 1, NRST_PULSE = 2 };
#define CPUID 0xE000ED00u /* DDI 0403E, B3.2.3 */

void
stlink_close_ports(struct stlink *link)
{
	memset(link->ap_is_open, 0, sizeof(link->ap_is_open));
}

/* After the debug port the firmware looks at the core (assumption: the statuses that
 * people saw at entry need an access that waits). A core that sleeps with its clock off
 * makes it wait for ever: 0x14 on V2, and on V3 "no device" (probe-rs issue 2910). A core
 * that is locked, or not behind AP 0, is no reason to refuse. */
static enum stlink_status
look_at_core(struct stlink *link)
{
	uint32_t cpuid;
	enum stlink_status status = stlink_read_word(link, CPUID, &cpuid);
	if (status != STLINK_AP_WAIT && status != STLINK_DP_WAIT)
		return STLINK_OK;
	swd_abort(&link->swd);
	return link->kind.version.generation < 3 ? STLINK_DP_WAIT : STLINK_NO_DEVICE;
}

/* AP 0 needs no INIT_AP: HLA clients and stlink-org never send one. */
static enum stlink_status
enter_swd(struct stlink *link)
{
	uint32_t dpidr;
	enum stlink_status status = swd_master_connect(&link->swd, &dpidr);
	if (status == STLINK_OK)
		status = look_at_core(link);
	if (status != STLINK_OK)
		return status;
	link->mode = STLINK_MODE_DEBUG;
	stlink_close_ports(link);
	link->ap_is_open[0] = true;
	return STLINK_OK;
}

/* TDI and TDO are not wired on any board: the chain reads as ones, no device. */
static enum stlink_status
enter_jtag(struct stlink *link)
{
	swd_master_select_jtag(&link->swd);
	return STLINK_NO_DEVICE;
}

static bool
is_jtag(uint8_t how)
{
	return how == ENTER_JTAG_RESET || how == ENTER_JTAG_NO_RESET;
}

/* One protocol at a time: the other must be left first. */
static enum stlink_status
enter(struct stlink *link, uint8_t how)
{
	if (link->mode == STLINK_MODE_SWIM ||
	    (link->mode == STLINK_MODE_DEBUG && is_jtag(how)))
		return STLINK_ALREADY_OPEN;
	switch (how) {
	case ENTER_SWD_NO_RESET:
		return enter_swd(link);
	case ENTER_JTAG_RESET:
	case ENTER_JTAG_NO_RESET:
		return enter_jtag(link);
	default:
		return STLINK_COMMAND_ERROR;
	}
}

void
stlink_enter(struct stlink *link, const uint8_t *command)
{
	stlink_reply_status(link, enter(link, command[2]), 2);
}

/* No reply in API v1. */
void
stlink_enter_v1(struct stlink *link, const uint8_t *command)
{
	enter(link, command[2]);
}

/* No reply. The core and the DP stay as they are. */
void
stlink_exit(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_close_ports(link);
	link->is_tracing = false;
	link->trace.len = 0;
	if (link->mode == STLINK_MODE_DEBUG)
		link->mode = STLINK_MODE_MASS;
}

static enum stlink_status
read_dpidr(struct stlink *link, uint32_t *value)
{
	return swd_dp_read(&link->swd, DP_DPIDR, value);
}

void
stlink_read_core_id(struct stlink *link, const uint8_t *command)
{
	uint32_t value = 0;
	(void)command;
	if (read_dpidr(link, &value) != STLINK_OK)
		value = 0;
	le32_put(stlink_reply(link, 4), value);
}

/* Status, then two codes: the second is that of another TAP in the chain. */
void
stlink_read_idcodes(struct stlink *link, const uint8_t *command)
{
	uint32_t value = 0;
	(void)command;
	enum stlink_status status = read_dpidr(link, &value);
	uint8_t *reply = stlink_reply_status(link, status, 12);
	if (status == STLINK_OK)
		le32_put(reply + 4, value);
}

void
stlink_pull_reset(struct stlink *link, enum stlink_reset_pin pin, bool low)
{
	struct wire *wire = link->swd.wire;
	if (low && !swd_master_has_supply(&link->swd))
		return;
	if (pin == STLINK_PIN_SWIM_RST)
		wire_drive_swim_rst(wire, low);
	if (pin == link->kind.reset_pin)
		wire_drive_nrst(wire, low);
}

void
stlink_drive_nrst(struct stlink *link, const uint8_t *command)
{
	enum stlink_status status = STLINK_OK;
	switch (command[2]) {
	case NRST_LOW:
	case NRST_HIGH:
		stlink_pull_reset(link, STLINK_PIN_T_NRST, command[2] == NRST_LOW);
		break;
	case NRST_PULSE:
		stlink_pull_reset(link, STLINK_PIN_T_NRST, true);
		wire_advance(link->swd.wire, STLINK_NRST_PULSE_NS);
		stlink_pull_reset(link, STLINK_PIN_T_NRST, false);
		break;
	default:
		status = STLINK_COMMAND_ERROR;
	}
	stlink_reply_status(link, status, 2);
}

/* Status, then the four characters ST gave the board; zeros when there are none
 * (pyOCD get_board_id). */
void
stlink_get_board(struct stlink *link, const uint8_t *command)
{
	enum { REPLY_SIZE = 36 };
	(void)command;
	memcpy(stlink_reply_status(link, STLINK_OK, REPLY_SIZE) + 2, link->board_id,
	       sizeof(link->board_id));
}
