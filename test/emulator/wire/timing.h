/* SPDX-License-Identifier: MIT */
/*
 * timing.h - figures of the wires: levels, resistances, bits.
 */
#ifndef TEST_EMULATOR_WIRE_TIMING_H
#define TEST_EMULATOR_WIRE_TIMING_H

#include <stdint.h>

/* "NRST pin characteristics" of the data sheets (DS12712 and others). */
#define NRST_VIL_OF_VDD 0.3
#define NRST_VIH_OF_VDD 0.7
/* Pulses up to VF(NRST) = 50 to 100 ns are filtered, from VNF(NRST) = 300 ns on they are
 * not; in between this filter counts as not passing. */
#define NRST_FILTER_NS UINT64_C(300)
/* The chip's own open-drain output: assumption, from VOL of its pins. */
#define NRST_CHIP_OHM   50.0
#define NRST_BUTTON_OHM 1.0 /* assumption; also a short */

/* IHI 0031G, B4.1.4: request 8, turnaround 1, acknowledge 3; then a turnaround and 32
 * data bits with parity, on a read the other way round. */
enum { SWD_ACK_BITS = 8 + 1 + 3 + 1, SWD_TRANSFER_BITS = SWD_ACK_BITS + 33 };

#define SWD_DEFAULT_HZ UINT32_C(1800000) /* assumption; probes set their own */

/* A cable above its clock: each doubling costs another bit in a hundred, up to pure chance.
 * Assumption; it gives what reports tell of flying wires: a mixture of good and bad transfers
 * at twice the clock that is clean. */
#define NOISE_FLIPS_PER_OCTAVE 0.01
#define NOISE_FLIPS_MOST       0.5

/* A dip that no STM32 survives (VPOR/PDR is 1.6 V and more, DS12712), for as long as a
 * regulator needs to come back: assumptions. */
#define BROWN_OUT_VOLTS 1.0
#define BROWN_OUT_NS    UINT64_C(3000000)

#endif /* TEST_EMULATOR_WIRE_TIMING_H */
