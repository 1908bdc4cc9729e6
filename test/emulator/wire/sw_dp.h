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
};

void sw_dp_reset(struct sw_dp *dp, struct soc *soc); /* power-on */
void sw_dp_bit(struct sw_dp *dp, bool bit);          /* outside of transactions */

/* The 8 bits of a request, the start bit in bit 0 (B4.2.1), and what the port drives for
 * an acknowledge: SWD_NO_ACK when it drives nothing. */
enum swd_ack sw_dp_request(struct sw_dp *dp, uint8_t request);
/* The data phase after SWD_OK: of a read... */
uint32_t sw_dp_data_out(struct sw_dp *dp);
/* ... and of a write. False: the parity is wrong, WDATAERR is set, nothing was written. */
bool sw_dp_data_in(struct sw_dp *dp, uint32_t value, bool parity);

/* The data phase after WAIT or FAULT that it expects does not come. */
void sw_dp_miss_data(struct sw_dp *dp);

/* Does a WAIT or FAULT have a data phase all the same (B4.2.5)? */
bool sw_dp_has_overrun_detection(const struct sw_dp *dp);

#endif /* TEST_EMULATOR_WIRE_SW_DP_H */
