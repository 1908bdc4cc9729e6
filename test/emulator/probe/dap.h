/* SPDX-License-Identifier: MIT */
/*
 * dap.h - a CMSIS-DAP probe from the inside, for the files that make it up.
 *
 * A command is one packet, and so is its response. dap.c is the USB side, dap_commands.c
 * finds a command's row and runs it; the rows' functions are in dap_*.c, and use
 * dap_packet.c. Layouts and behaviour: CMSIS-DAP 2.1.1, "CMSIS-DAP Commands".
 */
#ifndef TEST_EMULATOR_PROBE_DAP_H
#define TEST_EMULATOR_PROBE_DAP_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/base/stats.h"
#include "test/emulator/probe/dap_table.h"

enum { DAP_PACKET_MAX = 512, DAP_PACKETS_MAX = 16, DAP_SWO_SIZE = 4096 };
/* Status bytes of responses; the port that Connect chose. */
enum { DAP_DONE = 0x00, DAP_ERROR = 0xFF, DAP_INVALID = 0xFF };
enum dap_port { DAP_PORT_OFF = 0, DAP_PORT_SWD = 1, DAP_PORT_JTAG = 2 };

/* A command's bytes; what a short packet lacks reads as zero. */
struct dap_reader {
	const uint8_t *at, *end;
};

/* Its response, cut at the packet's size. */
struct dap_writer {
	uint8_t *bytes;
	unsigned size, room;
};

struct dap_packet {
	unsigned size;
	uint8_t bytes[DAP_PACKET_MAX];
};

struct dap_swo {
	uint8_t transport, mode;
	uint32_t baud;
	bool is_active, has_overrun;
	uint32_t index; /* bytes since the start */
	unsigned len;
	uint8_t bytes[DAP_SWO_SIZE];
};

struct dap {
	struct usb_function function;
	const struct dap_kind *kind;
	struct wire *wire;
	struct stats *stats;
	uint64_t now_ns; /* what this probe let pass: its test domain timer */

	enum dap_port port;
	/* TransferConfigure, SWD_Configure, and the mask of value matches. */
	uint8_t idle_cycles;
	uint16_t wait_retries, match_retries;
	uint32_t match_mask;
	uint8_t pins; /* as driven last */

	struct dap_packet responses[DAP_PACKETS_MAX]; /* oldest first */
	unsigned responses_len;
	/* Commands that QueueCommands put off, one after the other, each with its size. */
	struct dap_packet queued[DAP_PACKETS_MAX];
	unsigned queued_len;

	struct dap_swo swo;
};

uint8_t dap_get8(struct dap_reader *from);
uint16_t dap_get16(struct dap_reader *from);
uint32_t dap_get32(struct dap_reader *from);
void dap_put8(struct dap_writer *to, uint8_t value);
void dap_put16(struct dap_writer *to, uint16_t value);
void dap_put32(struct dap_writer *to, uint32_t value);
/* Changes a byte that was put at `at`; one that was cut off stays so. */
void dap_change8(struct dap_writer *to, unsigned at, uint8_t value);

/* Device time that the probe itself takes. */
void dap_pass(struct dap *dap, uint64_t ns);

/* Runs one packet; the response has no bytes when there is none. */
void dap_run_packet(struct dap *dap, const uint8_t *bytes, unsigned size,
		    struct dap_packet *response);

/* Pins go where they are when nobody has connected. */
void dap_release_pins(struct dap *dap);

/* The data phase on WAIT and FAULT as well, or on OK alone. */
void dap_send_data_always(struct dap *dap, bool always);

/* The rows of the command table. */
void dap_transfer_configure(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_transfer(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_transfer_block(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_write_abort(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swj_pins(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swj_clock(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swj_sequence(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swd_configure(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swd_sequence(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swo_transport(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swo_mode(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swo_baudrate(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swo_control(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swo_status(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swo_extended(struct dap *dap, struct dap_reader *in, struct dap_writer *out);
void dap_swo_data(struct dap *dap, struct dap_reader *in, struct dap_writer *out);

/* Bytes at the SWO pin; and up to `max` of them for the endpoint, or USB_NAK. */
void dap_take_swo(struct dap *dap, const uint8_t *bytes, unsigned size);
int dap_send_swo(struct dap *dap, uint8_t *bytes, unsigned max);

#endif /* TEST_EMULATOR_PROBE_DAP_H */
