/* SPDX-License-Identifier: MIT */
/*
 * sw_dp.h - the SWJ-DP of the chip: the bit sequences that select SWD, the
 * registers of the debug port, acknowledges and sticky flags (IHI 0031G, B2, B4,
 * B5). It knows bits and transactions but no time.
 */
#ifndef TEST_EMULATOR_WIRE_SW_DP_H
#define TEST_EMULATOR_WIRE_SW_DP_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/soc/soc.h"
#include "test/emulator/wire/mem_ap.h"
#include "test/emulator/wire/selection.h"
#include "test/emulator/wire/wire.h"

enum swd_state {
	SWD_AS_JTAG,    /* after power-on; takes no SWD packets */
	SWD_DORMANT,    /* waits for the selection alert (B5.3) */
	SWD_LINE_RESET, /* only a read of DPIDR is answered */
	SWD_READY,
	SWD_LOST /* protocol error: silent until a line reset */
};

/* A transaction that comes bit by bit: where it is, and what it has carried so far. */
struct swd_packet {
	unsigned at; /* clocks since the start bit; 0: none is under way */
	uint8_t request;
	enum swd_ack ack; /* SWD_NO_ACK: a write to TARGETSEL */
	uint64_t data;
};

struct sw_dp {
	struct soc *soc;
	struct mem_aps aps;
	enum swd_state state;
	struct selection selection;
	/* Registers. */
	uint32_t select, ctrl_stat, dlcr;
	uint32_t posted; /* result of the last AP read, for the next one or RDBUFF */
	uint32_t resend; /* what was sent last */
	/* The transaction whose data phase is to come. */
	bool is_ap;
	uint8_t reg;
	bool selects_target; /* a write to TARGETSEL, whose data are to come */
	struct swd_packet packet;
};

void sw_dp_reset(struct sw_dp *dp, struct soc *soc); /* power-on */

/* One clock outside of wire_transfer(): selection sequences, idle cycles, and transactions
 * that a probe sends as bits. `line` is what the port sees on SWDIO while it does not drive
 * it. What it drives, or SWD_UNDRIVEN. */
enum { SWD_UNDRIVEN = -1 };
int sw_dp_clock(struct sw_dp *dp, bool line);

/* The 8 bits of a request, the start bit in bit 0 (B4.2.1), and what the port drives for
 * an acknowledge: SWD_NO_ACK when it drives nothing. */
enum swd_ack sw_dp_request(struct sw_dp *dp, uint8_t request);
/* The data phase after SWD_OK: of a read... */
uint32_t sw_dp_data_out(struct sw_dp *dp);
/* ... and of a write. False: the parity is wrong, WDATAERR is set, nothing was written. */
bool sw_dp_data_in(struct sw_dp *dp, uint32_t value, bool parity);

/* Is the request under way a write to TARGETSEL? Nobody acknowledges it, its data come all the
 * same, and a port that they do not name is silent until the next line reset (B2.2.10). */
bool sw_dp_is_targetsel(const struct sw_dp *dp);
void sw_dp_select_target(struct sw_dp *dp, uint32_t value, bool parity);

/* CTRL/STAT.WDATAERR */
bool sw_dp_has_write_error(const struct sw_dp *dp);

/* The data phase after WAIT or FAULT that it expects does not come. */
void sw_dp_miss_data(struct sw_dp *dp);

/* --- for swd_packet.c alone --- */

/* Start, stop, park and parity are right. */
bool sw_dp_request_is_whole(uint8_t request);
/* Takes a bit as part of a sequence. True: it completed one. */
bool sw_dp_sees_selection(struct sw_dp *dp, bool bit);

/* Does a WAIT or FAULT have a data phase all the same (B4.2.5)? */
bool sw_dp_has_overrun_detection(const struct sw_dp *dp);

#endif /* TEST_EMULATOR_WIRE_SW_DP_H */
