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
#include "test/emulator/wire/wire.h"

enum swd_state {
	SWD_AS_JTAG,    /* after power-on; takes no SWD packets */
	SWD_LINE_RESET, /* only a read of DPIDR is answered */
	SWD_READY,
	SWD_LOST /* protocol error: silent until a line reset */
};

struct sw_dp {
	struct soc *soc;
	struct mem_aps aps;
	enum swd_state state;
	/* The sequence detector. */
	unsigned ones;       /* in a row, up to now */
	bool was_line_reset; /* 50 of them came before the bits in `shift` */
	unsigned shift_len;
	uint16_t shift;
	/* Registers. */
	uint32_t select, ctrl_stat, dlcr;
	uint32_t posted; /* result of the last AP read, for the next one or RDBUFF */
	uint32_t resend; /* what was sent last */
};

void sw_dp_reset(struct sw_dp *dp, struct soc *soc); /* power-on */
void sw_dp_bit(struct sw_dp *dp, bool bit);          /* outside of transactions */
enum swd_ack
sw_dp_transfer(struct sw_dp *dp, bool ap, bool read, uint8_t reg, uint32_t *value);
/* Does a WAIT or FAULT have a data phase all the same (B4.2.5)? */
bool sw_dp_has_overrun_detection(const struct sw_dp *dp);

#endif /* TEST_EMULATOR_WIRE_SW_DP_H */
