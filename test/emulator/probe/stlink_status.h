/* SPDX-License-Identifier: MIT */
/*
 * stlink_status.h - the status byte an ST-LINK answers with.
 * OpenOCD stlink_usb.c, pyOCD probe/stlink/constants.py, Black Magic Debug
 * hosted/stlinkv2_protocol.h agree on these.
 */
#ifndef TEST_EMULATOR_PROBE_STLINK_STATUS_H
#define TEST_EMULATOR_PROBE_STLINK_STATUS_H

enum stlink_status {
	STLINK_NO_DEVICE = 0x05,
	STLINK_COMMAND_ERROR = 0x08, /* wrong mode */
	STLINK_IDCODE_ERROR = 0x09,
	STLINK_ALIGNMENT_ERROR = 0x0A,
	STLINK_DEBUG_POWER_ERROR = 0x0B,
	STLINK_ALREADY_OPEN = 0x0E, /* in another mode */
	STLINK_AP_WAIT = 0x10,
	STLINK_AP_FAULT = 0x11,
	STLINK_AP_ERROR = 0x12, /* no valid acknowledge */
	STLINK_AP_PARITY_ERROR = 0x13,
	STLINK_DP_WAIT = 0x14,
	STLINK_DP_FAULT = 0x15,
	STLINK_DP_ERROR = 0x16,
	STLINK_DP_PARITY_ERROR = 0x17,
	STLINK_AP_WDATA_ERROR = 0x18,
	STLINK_AP_STICKY_OVERRUN = 0x1A,
	STLINK_BAD_AP = 0x1D,
	STLINK_TOO_MANY_AP = 0x29,
	STLINK_FREQUENCY_NOT_SUPPORTED = 0x41,
	STLINK_UNKNOWN_COMMAND = 0x42,
	STLINK_OK = 0x80,
	STLINK_FAULT = 0x81
};

/* Command 0x01 of API v1. */
enum stlink_core_state { STLINK_CORE_RUNNING = 0x80, STLINK_CORE_HALTED = 0x81 };

#endif /* TEST_EMULATOR_PROBE_STLINK_STATUS_H */
