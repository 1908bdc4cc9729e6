/* SPDX-License-Identifier: MIT */
/*
 * stlink_dap.c - group F2: registers of the debug port and of access ports.
 */
#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"

enum { PORT_DP = 0xFFFF };

/* V2J28 and later refuse an AP that was not opened by INIT_AP; V3 words it as "no
 * device connected" (pyOCD issue 719). Before V2J28 there is nothing to open. */
enum stlink_status
stlink_check_ap(const struct stlink *link, uint8_t ap)
{
	enum { FIRST_JTAG_WITH_INIT_AP = 28 };
	bool is_v3 = link->kind.version.generation >= 3;
	if (link->ap_is_open[ap] ||
	    (!is_v3 && link->kind.version.jtag < FIRST_JTAG_WITH_INIT_AP))
		return STLINK_OK;
	return is_v3 ? STLINK_NO_DEVICE : STLINK_BAD_AP;
}

/* A V3 whose access port is busy answers WAIT, to the next command FAULT, and to the one
 * after that what came of it (Black Magic Debug, hosted/stlinkv2.c). That FAULT is no
 * bus error; why the firmware says so is not known: assumption that the wire stays
 * untouched. */
static bool
takes_fault_for_wait(struct stlink *link)
{
	bool is_due = link->fault_follows_wait;
	link->fault_follows_wait = false;
	return is_due;
}

static enum stlink_status
keep_wait(struct stlink *link, enum stlink_status status)
{
	link->fault_follows_wait =
		link->kind.version.generation >= 3 && status == STLINK_AP_WAIT;
	return status;
}

static enum stlink_status
read_port(struct stlink *link, uint16_t port, uint8_t reg, uint32_t *value)
{
	if (port == PORT_DP)
		return swd_dp_read(&link->swd, reg, value);
	if (port >= STLINK_APS)
		return STLINK_BAD_AP;
	enum stlink_status status =
		reg == AP_IDR ? STLINK_OK : stlink_check_ap(link, (uint8_t)port);
	if (status != STLINK_OK)
		return status;
	if (takes_fault_for_wait(link))
		return STLINK_AP_FAULT;
	return keep_wait(link, swd_ap_read(&link->swd, (uint8_t)port, reg, value));
}

/* IDR may be read of any port: clients look for ports with it before they open one. */
void
stlink_read_dap(struct stlink *link, const uint8_t *command)
{
	uint32_t value = 0;
	enum stlink_status status =
		read_port(link, le16_get(command + 2), command[4], &value);
	uint8_t *reply = stlink_reply_status(link, status, 8);
	if (status == STLINK_OK)
		le32_put(reply + 4, value);
}

static enum stlink_status
write_port(struct stlink *link, uint16_t port, uint8_t reg, uint32_t value)
{
	if (port == PORT_DP)
		return swd_dp_write(&link->swd, reg, value);
	if (port >= STLINK_APS)
		return STLINK_BAD_AP;
	enum stlink_status status = stlink_check_ap(link, (uint8_t)port);
	if (status != STLINK_OK)
		return status;
	if (takes_fault_for_wait(link))
		return STLINK_AP_FAULT;
	return keep_wait(link, swd_ap_write(&link->swd, (uint8_t)port, reg, value));
}

/* The answer does not wait for the end of the access (OpenOCD reads RDBUFF after it). */
void
stlink_write_dap(struct stlink *link, const uint8_t *command)
{
	stlink_reply_status(
		link,
		write_port(link, le16_get(command + 2), command[4], le32_get(command + 6)),
		2);
}

static unsigned
open_ports(const struct stlink *link)
{
	unsigned count = 0;
	for (unsigned i = 0; i < STLINK_APS; i++)
		count += link->ap_is_open[i];
	return count;
}

/* Black Magic Debug saw 0x29 when it opened AP 9 after nine others: so many fit. */
static enum stlink_status
open_port(struct stlink *link, uint8_t ap)
{
	enum { MOST_PORTS = 9 };
	uint32_t idr = 0;
	if (!link->ap_is_open[ap] && open_ports(link) == MOST_PORTS)
		return STLINK_TOO_MANY_AP;
	enum stlink_status status = swd_ap_read(&link->swd, ap, AP_IDR, &idr);
	link->ap_is_open[ap] = status == STLINK_OK && idr != 0;
	return status == STLINK_OK && idr == 0 ? STLINK_BAD_AP : status;
}

void
stlink_init_ap(struct stlink *link, const uint8_t *command)
{
	stlink_reply_status(link, open_port(link, command[2]), 2);
}

/* Before V2J29 the status of CLOSE_AP is not one (OpenOCD: STLINK_F_FIX_CLOSE_AP): 0. */
void
stlink_close_ap(struct stlink *link, const uint8_t *command)
{
	enum { FIRST_V2_WITH_STATUS = 29 };
	bool has_status = link->kind.version.generation >= 3 ||
			  link->kind.version.jtag >= FIRST_V2_WITH_STATUS;
	enum stlink_status status = stlink_check_ap(link, command[2]);
	link->ap_is_open[command[2]] = false;
	stlink_reply(link, 2)[0] = has_status ? (uint8_t)status : 0;
}
