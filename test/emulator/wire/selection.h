/* SPDX-License-Identifier: MIT */
/*
 * selection.h - the detector of an SWJ-DP that watches SWDIO for the sequences which
 * choose between JTAG, SWD and dormant (IHI 0031G, B5.2 and B5.3). It remembers the last
 * 128 bits and compares.
 */
#ifndef TEST_EMULATOR_WIRE_SELECTION_H
#define TEST_EMULATOR_WIRE_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

struct selection {
	uint64_t last, before; /* newest bit on top: a sequence reads as its number */
	unsigned activation;   /* bits of the activation code still to come */
};

enum selection_event {
	SELECTION_NOTHING,
	SELECTION_LINE_RESET,
	SELECTION_JTAG_TO_SWD,
	SELECTION_SWD_TO_JTAG,
	SELECTION_JTAG_TO_DORMANT,
	SELECTION_SWD_TO_DORMANT,
	SELECTION_DORMANT_TO_SWD,
	SELECTION_DORMANT_TO_JTAG
};

/* What this bit completes; whether it means anything depends on the port's state. */
enum selection_event selection_bit(struct selection *selection, bool bit);
/* A transaction came between: what was seen before belongs to nothing. */
void selection_forget(struct selection *selection);

#endif /* TEST_EMULATOR_WIRE_SELECTION_H */
