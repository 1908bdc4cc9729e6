/* SPDX-License-Identifier: MIT */
/*
 * Commands that answer with a status: what all files of the driver stand on.
 */
#include "transport/probe/stlink/status.h"
#include "transport/probe/stlink/stlink.h"

#include <assert.h>

/* A V3 whose access port is busy answers WAIT, then FAULT, then what was read, as Black
 * Magic Debug found out (stlinkv2.c, stlink_send_recv_retry()): such a FAULT is one more
 * WAIT. The next would be a true one. */
static bool
is_late_wait(struct stlink *link, enum swd_ack ack)
{
	bool is_late = link->has_seen_wait && ack == ACK_FAULT;

	link->has_seen_wait = link->version.generation >= 3 && ack == ACK_WAIT;
	return is_late;
}

enum cause
stlink_explain(struct stlink *link, const char *command, uint8_t status, enum swd_ack *ack,
	       struct reason *why)
{
	enum cause cause = stlink_status_explain(command, status, ack, why);

	if (!is_late_wait(link, *ack))
		return cause;
	*ack = ACK_WAIT;
	return reason_becomes(why, CAUSE_TIMEOUT);
}

enum cause
stlink_ask(struct stlink *link, struct stlink_command *command, uint8_t *reply,
	   uint32_t size, enum swd_ack *ack, struct reason *why)
{
	enum cause cause;

	*ack = ACK_UNKNOWN;
	command->in = reply;
	command->size = size;
	cause = stlink_exchange(link->carrier, command, why);
	if (cause != CAUSE_NONE)
		return cause;
	return stlink_explain(link, command->name, reply[0], ack, why);
}

enum cause
stlink_open_port(struct stlink *link, uint32_t ap, enum swd_ack *ack, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(INIT_AP);
	uint8_t bit = (uint8_t)(1u << ap % 8);
	uint8_t reply[2];
	enum cause cause;

	assert(ap < STLINK_PORTS);
	*ack = ACK_OK;
	if ((link->opened_ports[ap / 8] & bit) != 0)
		return CAUSE_NONE;
	if (!stlink_version_has(&link->version, STLINK_HAS_INIT_AP)) {
		*ack = ap == 0 ? ACK_OK : ACK_UNKNOWN;
		return ap == 0 ? CAUSE_NONE
			       : stlink_version_lacks_port(&link->version,
							   STLINK_HAS_INIT_AP, ap, why);
	}
	command.bytes[2] = (uint8_t)ap;
	cause = stlink_ask(link, &command, reply, sizeof(reply), ack, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "opening access port %u", (unsigned)ap);
	link->opened_ports[ap / 8] |= bit;
	return CAUSE_NONE;
}

enum cause
stlink_move_nrst(struct stlink *link, bool low, struct reason *why)
{
	struct stlink_command command = STLINK_DEBUG(DRIVE_NRST);
	uint8_t reply[2];
	enum swd_ack ack;

	command.bytes[2] = low ? STLINK_NRST_LOW : STLINK_NRST_HIGH;
	return stlink_ask(link, &command, reply, sizeof(reply), &ack, why);
}
