/* SPDX-License-Identifier: MIT */
#include "transport/probe/stlink/status.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"

struct status {
	uint8_t code;
	const char *name;
	enum cause cause;
	enum swd_ack ack;
	const char *words;
	const char *hint; /* or NULL */
};

#define REPLUG "the fault is in the ST-LINK itself: re-plug it"
#define UPDATE "update the ST-LINK's firmware with STSW-LINK007"
#define WIRES  "look at the wires of SWDIO, SWCLK and GND and at the target's power"
#define SLOWER "lower the clock (--speed) or shorten the wires"

/* Codes and names: openocd abbbc2e05 stlink_usb.c, pyOCD probe/stlink/constants.py,
 * probe-rs probe/stlink/constants.rs; TOO_MANY_AP and CONF_CHANGED: Black Magic Debug
 * stlinkv2_protocol.h. What the real causes are was gathered from their issue trackers. */
static const struct status statuses[] = {
	{ 0x80, "OK", CAUSE_NONE, ACK_OK, "", NULL },
	/* openocd and Black Magic go on after it; what it says is seen when reading back.
	 */
	{ 0x0d, "WRITE_VERIF_ERROR", CAUSE_NONE, ACK_OK, "", NULL },
	{ 0x40, "CONF_CHANGED", CAUSE_NONE, ACK_OK, "", NULL },
	/* Firmware before V2J26 or so says this when the target refuses a memory access. */
	{ 0x01, "UNKNOWN_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "something failed, with older firmware most often a refused memory access",
	  NULL },
	{ 0x02, "SPI_ERROR", CAUSE_GONE, ACK_UNKNOWN, "its internal SPI failed", REPLUG },
	{ 0x03, "DMA_ERROR", CAUSE_GONE, ACK_UNKNOWN, "its internal DMA failed", REPLUG },
	{ 0x04, "UNKNOWN_JTAG_CHAIN", CAUSE_GONE, ACK_NONE,
	  "the JTAG chain is not one it knows", WIRES },
	/* The V3 says this also of a target that sleeps, where the V2 says DP_WAIT. */
	{ 0x05, "NO_DEVICE_CONNECTED", CAUSE_GONE, ACK_NONE,
	  "no debug port answered, or the target sleeps",
	  "connect under reset (--connect under-reset), which wakes a target that sleeps; "
	  "if that fails too, look at its power and wires" },
	{ 0x06, "INTERNAL_ERROR", CAUSE_GONE, ACK_UNKNOWN, "it failed inside", REPLUG },
	{ 0x07, "CMD_WAIT", CAUSE_TIMEOUT, ACK_UNKNOWN, "it is busy with another command",
	  NULL },
	{ 0x08, "CMD_ERROR", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "it does not take this command now", NULL },
	{ 0x09, "GET_IDCODE_ERROR", CAUSE_GONE, ACK_NONE,
	  "after a line reset no valid DPIDR came back", WIRES },
	{ 0x0a, "ALIGNMENT_ERROR", CAUSE_BUG, ACK_UNKNOWN,
	  "address or length is not aligned", NULL },
	{ 0x0b, "DBG_POWER_ERROR", CAUSE_GONE, ACK_POWER,
	  "the debug port answers but does not power up (no CDBGPWRUPACK)",
	  "the target's core clock stands still, as in Stop or Standby: connect under "
	  "reset "
	  "(--connect under-reset)" },
	{ 0x0c, "WRITE_ERROR", CAUSE_FAULT, ACK_FAULT, "a write failed", NULL },
	{ 0x0e, "ALREADY_OPENED_IN_OTHER_MODE", CAUSE_HOST, ACK_UNKNOWN,
	  "it is still in another debug mode from an earlier session", REPLUG },
	{ 0x10, "SWD_AP_WAIT", CAUSE_TIMEOUT, ACK_WAIT,
	  "the access port was busy (WAIT) each time it tried", NULL },
	{ 0x11, "SWD_AP_FAULT", CAUSE_FAULT, ACK_FAULT, "the access port refused (FAULT)",
	  NULL },
	{ 0x12, "SWD_AP_ERROR", CAUSE_GONE, ACK_NONE, "the target stopped answering",
	  WIRES },
	{ 0x13, "SWD_AP_PARITY_ERROR", CAUSE_GONE, ACK_PARITY,
	  "the data arrived with wrong parity", SLOWER },
	{ 0x14, "SWD_DP_WAIT", CAUSE_TIMEOUT, ACK_WAIT,
	  "the debug port was busy (WAIT) each time it tried", NULL },
	{ 0x15, "SWD_DP_FAULT", CAUSE_FAULT, ACK_FAULT, "the debug port refused (FAULT)",
	  NULL },
	{ 0x16, "SWD_DP_ERROR", CAUSE_GONE, ACK_NONE, "the target stopped answering",
	  WIRES },
	{ 0x17, "SWD_DP_PARITY_ERROR", CAUSE_GONE, ACK_PARITY,
	  "the data arrived with wrong parity", SLOWER },
	{ 0x18, "SWD_AP_WDATA_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "data written reached the target damaged (WDATAERR)", SLOWER },
	{ 0x19, "SWD_AP_STICKY_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "an earlier error is still flagged (STICKYERR)", NULL },
	{ 0x1a, "SWD_AP_STICKYORUN_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "an overrun is flagged (STICKYORUN)", NULL },
	{ 0x1d, "BAD_AP", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "that access port is not there, is locked, or is out of its reach", NULL },
	{ 0x20, "SWO_NOT_AVAILABLE", CAUSE_UNSUPPORTED, ACK_UNKNOWN, "it has no SWO",
	  NULL },
	{ 0x29, "TOO_MANY_AP", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "it has no room for one more access port", REPLUG },
	{ 0x41, "FREQ_NOT_SUPPORTED", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "it does not know this clock", NULL },
	{ 0x42, "UNKNOWN_CMD", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "its firmware does not know this command", UPDATE },
	{ 0x81, "FAULT", CAUSE_FAULT, ACK_FAULT, "the target refused (FAULT)", NULL },
};

static const struct status *
status_find(uint8_t code)
{
	for (size_t i = 0; i < array_len(statuses); i++)
		if (statuses[i].code == code)
			return &statuses[i];
	return NULL;
}

enum cause
stlink_status_explain(const char *command, uint8_t code, enum swd_ack *ack,
		      struct reason *why)
{
	const struct status *status = status_find(code);

	if (status == NULL) {
		*ack = ACK_UNKNOWN;
		reason_begin(
			why, CAUSE_GONE,
			"the ST-LINK answered %s with the status 0x%02x, which is none "
			"that is known",
			command, code);
		reason_hint(why, "%s", REPLUG);
		return CAUSE_GONE;
	}
	*ack = status->ack;
	if (status->cause == CAUSE_NONE) {
		if (code != statuses[0].code)
			log_debug("probe", "%s: status 0x%02x %s", command, code,
				  status->name);
		return CAUSE_NONE;
	}
	reason_begin(why, status->cause, "the ST-LINK answered %s with 0x%02x %s: %s",
		     command, code, status->name, status->words);
	if (status->hint != NULL)
		reason_hint(why, "%s", status->hint);
	return status->cause;
}
