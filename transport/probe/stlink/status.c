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
	enum finding finding; /* or FINDING_NONE */
};

/* Codes and names: openocd abbbc2e05 stlink_usb.c, pyOCD probe/stlink/constants.py,
 * probe-rs probe/stlink/constants.rs; TOO_MANY_AP and CONF_CHANGED: Black Magic Debug
 * stlinkv2_protocol.h. What the real causes are was gathered from their issue trackers. */
static const struct status statuses[] = {
	{ 0x80, "OK", CAUSE_NONE, ACK_OK, "", FINDING_NONE },
	/* openocd and Black Magic go on after it; what it says is seen when reading back.
	 */
	{ 0x0d, "WRITE_VERIF_ERROR", CAUSE_NONE, ACK_OK, "", FINDING_NONE },
	{ 0x40, "CONF_CHANGED", CAUSE_NONE, ACK_OK, "", FINDING_NONE },
	/* Firmware before V2J26 or so says this when the target refuses a memory access. */
	{ 0x01, "UNKNOWN_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "something failed, with older firmware most often a refused memory access",
	  FINDING_NONE },
	{ 0x02, "SPI_ERROR", CAUSE_GONE, ACK_UNKNOWN, "its internal SPI failed",
	  FINDING_A7 },
	{ 0x03, "DMA_ERROR", CAUSE_GONE, ACK_UNKNOWN, "its internal DMA failed",
	  FINDING_A7 },
	{ 0x04, "UNKNOWN_JTAG_CHAIN", CAUSE_GONE, ACK_NONE,
	  "the JTAG chain is not one it knows", FINDING_LINK_SILENT },
	/* The V3 says this also of a target that sleeps, where the V2 says DP_WAIT. */
	{ 0x05, "NO_DEVICE_CONNECTED", CAUSE_GONE, ACK_NONE,
	  "no debug port answered, or the target sleeps", FINDING_TARGET_SILENT },
	{ 0x06, "INTERNAL_ERROR", CAUSE_GONE, ACK_UNKNOWN, "it failed inside", FINDING_A7 },
	{ 0x07, "CMD_WAIT", CAUSE_TIMEOUT, ACK_UNKNOWN, "it is busy with another command",
	  FINDING_NONE },
	{ 0x08, "CMD_ERROR", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "it does not take this command now", FINDING_NONE },
	{ 0x09, "GET_IDCODE_ERROR", CAUSE_GONE, ACK_NONE,
	  "after a line reset no valid DPIDR came back", FINDING_LINK_SILENT },
	{ 0x0a, "ALIGNMENT_ERROR", CAUSE_BUG, ACK_UNKNOWN,
	  "address or length is not aligned", FINDING_NONE },
	{ 0x0b, "DBG_POWER_ERROR", CAUSE_GONE, ACK_POWER,
	  "the debug port answers but does not power up (no CDBGPWRUPACK)", FINDING_C3 },
	{ 0x0c, "WRITE_ERROR", CAUSE_FAULT, ACK_FAULT, "a write failed", FINDING_NONE },
	{ 0x0e, "ALREADY_OPENED_IN_OTHER_MODE", CAUSE_HOST, ACK_UNKNOWN,
	  "it is still in another debug mode from an earlier session", FINDING_A7 },
	{ 0x10, "SWD_AP_WAIT", CAUSE_TIMEOUT, ACK_WAIT,
	  "the access port was busy (WAIT) each time it tried", FINDING_NONE },
	{ 0x11, "SWD_AP_FAULT", CAUSE_FAULT, ACK_FAULT, "the access port refused (FAULT)",
	  FINDING_NONE },
	{ 0x12, "SWD_AP_ERROR", CAUSE_GONE, ACK_NONE, "the target stopped answering",
	  FINDING_LINK_SILENT },
	{ 0x13, "SWD_AP_PARITY_ERROR", CAUSE_GONE, ACK_PARITY,
	  "the data arrived with wrong parity", FINDING_B10 },
	{ 0x14, "SWD_DP_WAIT", CAUSE_TIMEOUT, ACK_WAIT,
	  "the debug port was busy (WAIT) each time it tried", FINDING_NONE },
	{ 0x15, "SWD_DP_FAULT", CAUSE_FAULT, ACK_FAULT, "the debug port refused (FAULT)",
	  FINDING_NONE },
	{ 0x16, "SWD_DP_ERROR", CAUSE_GONE, ACK_NONE, "the target stopped answering",
	  FINDING_LINK_SILENT },
	{ 0x17, "SWD_DP_PARITY_ERROR", CAUSE_GONE, ACK_PARITY,
	  "the data arrived with wrong parity", FINDING_B10 },
	{ 0x18, "SWD_AP_WDATA_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "data written reached the target damaged (WDATAERR)", FINDING_B10 },
	{ 0x19, "SWD_AP_STICKY_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "an earlier error is still flagged (STICKYERR)", FINDING_NONE },
	{ 0x1a, "SWD_AP_STICKYORUN_ERROR", CAUSE_FAULT, ACK_FAULT,
	  "an overrun is flagged (STICKYORUN)", FINDING_NONE },
	{ 0x1d, "BAD_AP", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "that access port is not there, is locked, or is out of its reach",
	  FINDING_NONE },
	{ 0x20, "SWO_NOT_AVAILABLE", CAUSE_UNSUPPORTED, ACK_UNKNOWN, "it has no SWO",
	  FINDING_NONE },
	{ 0x29, "TOO_MANY_AP", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "it has no room for one more access port", FINDING_A7 },
	{ 0x41, "FREQ_NOT_SUPPORTED", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "it does not know this clock", FINDING_NONE },
	{ 0x42, "UNKNOWN_CMD", CAUSE_UNSUPPORTED, ACK_UNKNOWN,
	  "its firmware does not know this command", FINDING_A8 },
	{ 0x81, "FAULT", CAUSE_FAULT, ACK_FAULT, "the target refused (FAULT)",
	  FINDING_NONE },
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
		reason_begin(why, CAUSE_GONE,
			     "the ST-LINK answered %s with the unknown status 0x%02x",
			     command, code);
		reason_suspect(why, FINDING_A7);
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
	if (status->finding != FINDING_NONE)
		reason_suspect(why, status->finding);
	return status->cause;
}
