/* SPDX-License-Identifier: MIT */
/*
 * protocol.h - numbers and bits of CMSIS-DAP's requests and responses, for the driver's own files: what
 * it asks of a probe (packet.h, cmsis_dap.h), and what it answers in place of one (share.h).
 *
 * Source: Arm, CMSIS-DAP 2.1, "CMSIS-DAP Commands"; the commands themselves are in wire.h.
 */
#ifndef TRANSPORT_PROBE_CMSIS_DAP_PROTOCOL_H
#define TRANSPORT_PROBE_CMSIS_DAP_PROTOCOL_H

/* The status byte of a response. */
enum { DAP_OK = 0x00, DAP_ERROR = 0xff };

/* DAP_Connect */
enum { PORT_NONE = 0, PORT_SWD = 1 };

/* DAP_SWJ_Pins */
enum { PIN_SWCLK = 1 << 0, PIN_SWDIO = 1 << 1, PIN_NRESET = 1 << 7 };

/* Bits of a transfer request (DAP_Transfer). */
enum {
	REQUEST_AP = 1 << 0,
	REQUEST_READ = 1 << 1,
	REQUEST_A32 = 0x0c,
	REQUEST_MATCH = 1 << 4, /* of a read: its value follows */
	REQUEST_MASK = 1 << 5,  /* of a write: for the matches to come */
	REQUEST_KNOWN = 0x3f    /* the others ask for a time stamp, or nothing */
};

/* Bits of a transfer response. */
enum {
	RESPONSE_ACK = 0x07,
	RESPONSE_PROTOCOL_ERROR = 1 << 3,
	RESPONSE_MISMATCH = 1 << 4,
	RESPONSE_OK = 1,
	RESPONSE_WAIT = 2,
	RESPONSE_FAULT = 4,
	RESPONSE_NO_ACK = 7
};

enum {
	WORD = 4,
	TRANSFER_HEAD =
		3, /* command, DAP index, count; of a response: command, count, response */
	BLOCK_HEAD = 5,         /* command, DAP index, count (2), request */
	BLOCK_RESPONSE_HEAD = 4 /* command, count (2), response */
};

#endif /* TRANSPORT_PROBE_CMSIS_DAP_PROTOCOL_H */
