/* SPDX-License-Identifier: MIT */
/*
 * wire.h - one ST-LINK command and its data, and what carries it.
 *
 * Every command is 16 bytes, followed by data one way or the other. A carrier
 * brings it to the probe: USB, ST's stlink-server, or a test's script.
 * Opcodes: openocd abbbc2e05 stlink_usb.c, pyOCD probe/stlink/constants.py; ST
 * publishes none. V2Jn says with which firmware a command came.
 */
#ifndef TRANSPORT_PROBE_STLINK_WIRE_H
#define TRANSPORT_PROBE_STLINK_WIRE_H

#include "transport/base/reason.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	STLINK_COMMAND_SIZE = 16,
	/* What we send or ask for at once: what firmware takes (openocd STLINK_DATA_SIZE). It
	 * sees by itself to the access port's auto-increment range of 1 KiB: stlink-org
	 * st-flash reads 0x1800 bytes at once from every family. */
	STLINK_DATA_MAX = 6144,
	STLINK_TRACE_SIZE = 4096, /* the probe's buffer; openocd STLINK_TRACE_SIZE */
	/* A command takes a few ms; peers wait 1000 (openocd LIBUSB_TIMEOUT_MS). */
	STLINK_TIMEOUT_MS = 1000,
	/* An answer that comes later than that is late, not lost: a busy computer, or a USB hub,
	 * may hold it up. gdb has then waited longer than its 2 s, but a load goes on. */
	STLINK_LATE_MS = 3000,
	/* Of a wait for that: as long as the loop may be kept from others. */
	STLINK_PART_MS = 15,
	/* From leaving the loader, or a port reset, to being enumerated again: failure modes
	 * A4 and A6. */
	STLINK_REOPEN_MS = 2000
};

/* Of the largest data of any command, the answers of RW_MISC: openocd's buffers
 * (STLINK_TCP_RECV_BUFFER_SIZE). */
enum { STLINK_EXCHANGE_MAX = 10240 };

/* First byte of a command. */
enum stlink_opcode {
	STLINK_GET_VERSION = 0xf1,
	STLINK_DEBUG_COMMAND = 0xf2,
	STLINK_DFU_COMMAND = 0xf3,
	STLINK_SWIM_COMMAND = 0xf4,
	STLINK_GET_CURRENT_MODE = 0xf5,
	STLINK_GET_TARGET_VOLTAGE = 0xf7,
	STLINK_GET_VERSION_EX = 0xfb, /* V3 */
	STLINK_CLAIM_COMMAND = 0xe7   /* none of ST's: between tethers (share.h) */
};

/* Second byte after STLINK_CLAIM_COMMAND. */
enum { STLINK_CLAIM_OUT, STLINK_CLAIM_IN };

/* Second byte after STLINK_DEBUG_COMMAND. */
enum stlink_debug_opcode {
	STLINK_READMEM_32BIT = 0x07,
	STLINK_WRITEMEM_32BIT = 0x08,
	STLINK_READMEM_8BIT = 0x0c,
	STLINK_WRITEMEM_8BIT = 0x0d,
	STLINK_DEBUG_EXIT = 0x21,
	STLINK_ENTER = 0x30,
	STLINK_WRITEDEBUGREG = 0x35,
	STLINK_READDEBUGREG = 0x36,
	STLINK_READALLREGS = 0x3a,
	STLINK_DRIVE_NRST = 0x3c,
	STLINK_GETLASTRWSTATUS2 = 0x3e, /* V2J15 */
	STLINK_START_TRACE_RX = 0x40,   /* V2J13 */
	STLINK_STOP_TRACE_RX = 0x41,
	STLINK_GET_TRACE_NB = 0x42,
	STLINK_SWD_SET_FREQ = 0x43,   /* V2J22 */
	STLINK_READ_DAP_REG = 0x45,   /* V2J24 */
	STLINK_WRITE_DAP_REG = 0x46,  /* V2J24 */
	STLINK_READMEM_16BIT = 0x47,  /* V2J26 */
	STLINK_WRITEMEM_16BIT = 0x48, /* V2J26 */
	STLINK_INIT_AP = 0x4b,        /* V2J28 */
	STLINK_RW_MISC_OUT = 0x51,    /* V2J32, V3J2 */
	STLINK_RW_MISC_IN = 0x52,
	STLINK_GET_BOARD_IDENTIFIERS = 0x56, /* V2J36, V3J6 */
	STLINK_SET_COM_FREQ = 0x61,          /* V3 */
	STLINK_GET_COM_FREQ = 0x62           /* V3 */
};

/* Second byte after STLINK_DFU_COMMAND and STLINK_SWIM_COMMAND, third after ENTER and
 * DRIVE_NRST. */
enum {
	STLINK_DFU_EXIT = 0x07,
	STLINK_SWIM_EXIT = 0x01,
	STLINK_ENTER_SWD_NO_RESET = 0xa3,
	STLINK_NRST_LOW = 0,
	STLINK_NRST_HIGH = 1
};

/* At most one of `out` and `in` is not NULL. */
struct stlink_command {
	const char *name; /* for people */
	uint8_t bytes[STLINK_COMMAND_SIZE];
	const uint8_t *out;
	uint8_t *in;
	uint32_t size; /* of the data, at most what the carrier carries */
};

#define STLINK_COMMAND(opcode)                                \
	(struct stlink_command)                               \
	{                                                     \
		.name = #opcode, .bytes = { STLINK_##opcode } \
	}
#define STLINK_DEBUG(opcode)                                                        \
	(struct stlink_command)                                                     \
	{                                                                           \
		.name = #opcode, .bytes = { STLINK_DEBUG_COMMAND, STLINK_##opcode } \
	}

struct stlink_carrier;

struct stlink_carrier_ops {
	void (*close)(struct stlink_carrier *carrier);
	/* Sends the command and its data, or receives up to command->size bytes and says
	 * how many came; when there were more, the rest is dropped. Fails with CAUSE_GONE
	 * when the probe is, with CAUSE_TIMEOUT when it does not answer within
	 * stlink_patience_ms(). */
	enum cause (*exchange)(struct stlink_carrier *carrier,
			       const struct stlink_command *command, uint32_t *received,
			       struct reason *why);
	/*
	 * An exchange in parts, for a probe that may not answer; both or neither. Each blocks
	 * for STLINK_PART_MS at most, and may be called again after CAUSE_TIMEOUT.
	 */
	/* Hands the command over; it has no data to send. */
	enum cause (*begin)(struct stlink_carrier *carrier,
			    const struct stlink_command *command, struct reason *why);
	/* Its answer, as exchange() gives it. */
	enum cause (*poll)(struct stlink_carrier *carrier,
			   const struct stlink_command *command, uint32_t *received,
			   struct reason *why);
	/* Optional: throws away answers nobody waited for and ends stalls, so that the next
	 * command's answer is its own. Takes 10 ms, with stale answers up to 100. */
	void (*drain)(struct stlink_carrier *carrier);
	/* Optional: what comes from the trace endpoint, up to `size` bytes or, in whole
	 * packets, some more; there is room for STLINK_TRACE_SIZE. */
	enum cause (*read_trace)(struct stlink_carrier *carrier, uint8_t *bytes,
				 uint32_t size, uint32_t *received, struct reason *why);
	/* Optional: resets the probe itself, not the target. Blocks for as long as the system
	 * needs for that. CAUSE_GONE: it left the bus for it, reopen() it. */
	enum cause (*reset)(struct stlink_carrier *carrier, struct reason *why);
	/* Optional, with `reset`: looks once for a probe that left the bus to come back.
	 * Until it succeeds nothing works but reopen() and close(); a probe comes back within
	 * STLINK_REOPEN_MS or not at all. */
	enum cause (*reopen)(struct stlink_carrier *carrier, struct reason *why);
};

struct stlink_carrier {
	const struct stlink_carrier_ops *ops;
	/* Others may use the probe between two of our commands, so two that belong together
	 * (RW_MISC) must not be used. */
	bool is_shared;
	uint32_t answer_ms; /* how long an answer may take it; 0: STLINK_TIMEOUT_MS */
	uint32_t data_max;  /* what it carries at once, at most STLINK_DATA_MAX */
	/* What it carries at once for those who share the probe with us, at most
	 * STLINK_EXCHANGE_MAX; 0: no more than data_max. */
	uint32_t exchange_max;
	/* Others use the probe through the same server, and may leave debug mode under us. */
	bool has_others;
	bool keeps_claims;  /* that server is another tether, which keeps them (claims.h) */
	const char *server; /* at which the probe is, "127.0.0.1:7184"; NULL: on USB */
	bool is_silent;     /* wire.c: the last command was not answered */
};

/* Nothing comes back, of the probe or of the server it is at: names which (failure mode A7). */
void stlink_suspect_silence(const struct stlink_carrier *carrier, struct reason *why);

/* The largest data of one command. */
uint32_t stlink_exchange_max(const struct stlink_carrier *carrier);

/* How long an answer is waited for: STLINK_LATE_MS, or STLINK_TIMEOUT_MS when that to the command
 * before did not come. */
uint32_t stlink_patience_ms(const struct stlink_carrier *carrier);

/* The whole exchange. CAUSE_TIMEOUT: no answer within stlink_patience_ms(); the next exchange
 * first throws away what may still come of it, and is CAUSE_GONE when it is not answered either. A shorter or longer answer than asked for is
 * CAUSE_GONE: the probe and we are out of step. The reason names the command. */
enum cause stlink_exchange(struct stlink_carrier *carrier,
			   const struct stlink_command *command, struct reason *why);

/* The same in parts, for jobs. Zeros at the start, and again when it is done or has failed. */
struct stlink_asking {
	bool is_begun, is_sent;
	unsigned parts_left;
};

/* A part of the exchange, STLINK_PART_MS at most where the carrier can; *done is false before
 * the call and set when the answer is there. CAUSE_TIMEOUT after the carrier's answer_ms. The
 * command sends no data, and is the same each time. */
enum cause
stlink_exchange_part(struct stlink_carrier *carrier, const struct stlink_command *command,
		     struct stlink_asking *asking, bool *done, struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_WIRE_H */
