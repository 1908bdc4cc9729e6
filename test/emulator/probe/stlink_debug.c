/* SPDX-License-Identifier: MIT */
/*
 * stlink_debug.c - group F2: modes, pins, clocks, debug and access ports, SWO.
 */
#include <string.h>

#include "test/emulator/probe/bytes.h"
#include "test/emulator/probe/stlink.h"
#include "test/emulator/probe/timing.h"

enum { ENTER_JTAG_RESET = 0x00, ENTER_SWD_NO_RESET = 0xA3, ENTER_JTAG_NO_RESET = 0xA4 };
enum { NRST_LOW = 0, NRST_HIGH = 1, NRST_PULSE = 2 };
enum { PORT_DP = 0xFFFF };
enum { COM_SWD = 0 };
enum { KHZ = 1000 };

static void
close_ports(struct stlink *link)
{
	memset(link->ap_is_open, 0, sizeof(link->ap_is_open));
}

/* AP 0 needs no INIT_AP: HLA clients and stlink-org never send one. */
static enum stlink_status
enter_swd(struct stlink *link)
{
	uint32_t dpidr;
	enum stlink_status status = swd_master_connect(&link->swd, &dpidr);
	if (status != STLINK_OK)
		return status;
	link->mode = STLINK_MODE_DEBUG;
	close_ports(link);
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

static enum stlink_status
enter(struct stlink *link, uint8_t how)
{
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
	close_ports(link);
	link->is_tracing = false;
	link->trace_len = 0;
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
stlink_drive_nrst(struct stlink *link, const uint8_t *command)
{
	struct wire *wire = link->swd.wire;
	enum stlink_status status = STLINK_OK;
	switch (command[2]) {
	case NRST_LOW:
	case NRST_HIGH:
		wire_drive_nrst(wire, command[2] == NRST_LOW);
		break;
	case NRST_PULSE:
		wire_drive_nrst(wire, true);
		wire_advance(wire, STLINK_NRST_PULSE_NS);
		wire_drive_nrst(wire, false);
		break;
	default:
		status = STLINK_COMMAND_ERROR;
	}
	stlink_reply_status(link, status, 2);
}

static const struct probe_clock *
clock_at(const struct stlink *link, unsigned i)
{
	const struct probe_clock *clock = &link->kind->clocks[i];
	return i < PROBE_MAX_CLOCKS && clock->hz ? clock : NULL;
}

/* A divisor between two entries gives about the clock of the one before it. */
void
stlink_set_swd_divisor(struct stlink *link, const uint8_t *command)
{
	uint16_t divisor = le16_get(command + 2);
	const struct probe_clock *clock, *chosen = &link->kind->clocks[0];
	for (unsigned i = 0; (clock = clock_at(link, i)) && clock->divisor <= divisor; i++)
		chosen = clock;
	wire_set_clock(link->swd.wire, chosen->hz);
	stlink_reply_status(link, STLINK_OK, 2);
}

/* Taken, and of no effect on a wire that carries SWD. */
void
stlink_set_jtag_divisor(struct stlink *link, const uint8_t *command)
{
	(void)command;
	stlink_reply_status(link, STLINK_OK, 2);
}

/* The fastest of the list that is not above the wish, or the slowest of all. */
void
stlink_set_frequency(struct stlink *link, const uint8_t *command)
{
	uint32_t wish_khz = le32_get(command + 4);
	const struct probe_clock *clock, *chosen = &link->kind->clocks[0];
	if (command[2] != COM_SWD) {
		stlink_reply_status(link, STLINK_FREQUENCY_NOT_SUPPORTED, 8);
		return;
	}
	for (unsigned i = 0; (clock = clock_at(link, i)); i++) {
		chosen = clock;
		if (clock->hz / KHZ <= wish_khz)
			break;
	}
	wire_set_clock(link->swd.wire, chosen->hz);
	link->clock_hz = chosen->hz;
	le32_put(stlink_reply_status(link, STLINK_OK, 8) + 4, chosen->hz / KHZ);
}

/* Status, clock in use at 4, number of entries at 8, entries in kHz from 12. */
void
stlink_get_frequencies(struct stlink *link, const uint8_t *command)
{
	const struct probe_clock *clock;
	uint8_t *reply = stlink_reply_status(link, STLINK_OK, 52);
	if (command[2] != COM_SWD) {
		reply[0] = STLINK_FREQUENCY_NOT_SUPPORTED;
		return;
	}
	le32_put(reply + 4, link->clock_hz / KHZ);
	for (uint8_t i = 0; (clock = clock_at(link, i)); i++) {
		le32_put(reply + 12 + 4 * i, clock->hz / KHZ);
		reply[8] = (uint8_t)(i + 1);
	}
}

/* V2J28 and later refuse an AP that was not opened by INIT_AP; V3 words it as "no
 * device connected" (pyOCD issue 719). Before V2J28 there is nothing to open. */
enum stlink_status
stlink_check_ap(const struct stlink *link, uint8_t ap)
{
	enum { FIRST_JTAG_WITH_INIT_AP = 28 };
	bool is_v3 = link->kind->generation >= 3;
	if (link->ap_is_open[ap] || (!is_v3 && link->kind->jtag < FIRST_JTAG_WITH_INIT_AP))
		return STLINK_OK;
	return is_v3 ? STLINK_NO_DEVICE : STLINK_BAD_AP;
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
	return status == STLINK_OK ? swd_ap_read(&link->swd, (uint8_t)port, reg, value)
				   : status;
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
	return status == STLINK_OK ? swd_ap_write(&link->swd, (uint8_t)port, reg, value)
				   : status;
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

void
stlink_init_ap(struct stlink *link, const uint8_t *command)
{
	uint32_t idr = 0;
	enum stlink_status status = swd_ap_read(&link->swd, command[2], AP_IDR, &idr);
	if (status == STLINK_OK && idr == 0)
		status = STLINK_BAD_AP;
	link->ap_is_open[command[2]] = status == STLINK_OK;
	stlink_reply_status(link, status, 2);
}

void
stlink_close_ap(struct stlink *link, const uint8_t *command)
{
	enum stlink_status status = stlink_check_ap(link, command[2]);
	link->ap_is_open[command[2]] = false;
	stlink_reply_status(link, status, 2);
}

void
stlink_start_trace(struct stlink *link, const uint8_t *command)
{
	(void)command;
	link->is_tracing = true;
	link->trace_len = 0;
	stlink_reply_status(link, STLINK_OK, 2);
}

void
stlink_stop_trace(struct stlink *link, const uint8_t *command)
{
	(void)command;
	link->is_tracing = false;
	stlink_reply_status(link, STLINK_OK, 2);
}

void
stlink_count_trace(struct stlink *link, const uint8_t *command)
{
	(void)command;
	le16_put(stlink_reply(link, 2), (uint16_t)link->trace_len);
}
