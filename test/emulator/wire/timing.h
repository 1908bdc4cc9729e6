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

/*
 * SWDIO and SWCLK on a cable (noise.h). The model is a textbook's: edges that ring down as
 * a series RLC circuit, a threshold, Gaussian noise. Its figures are assumptions, chosen so
 * that the link degrades as reports tell of flying wires: at the clock that is "clean" one
 * clock in three million is lost, which nobody notices; half as fast again one transaction
 * in a hundred ("download works, debug fails"); at twice that clock two in five; at four
 * times nothing is left.
 */
/* Settling times within half a clock of the clock that is clean: a tenth of the step is left. */
#define LINE_CLEAN_SETTLINGS 2.3
/* Noise on a flying wire, on a short ribbon cable, and without a common ground (mains hum
 * and what the host's supply adds), each as a part of the swing: assumptions. */
#define LINE_RMS_WIRE   0.08
#define LINE_RMS_CABLE  0.05
#define LINE_RMS_GROUND 0.16
/* A wire far from its return has 1 uH per metre (rule of thumb); outputs of probes and chips
 * have about 25 ohm: assumption from VOL and IOL of the data sheets. */
#define LINE_HENRY_PER_METRE 1e-6
#define LINE_DRIVER_OHM      25.0
/* Without a ground wire the current returns by the USB cables of board and probe and the
 * host between them: assumption. */
#define LINE_GROUND_LOOP_METRES 3.0
/* Inputs decide half-way between their levels: Schmitt triggers between VIL and VIH, 0.3 and
 * 0.7 of the supply (DS12712, "I/O port characteristics"). */
#define LINE_THRESHOLD_OF_SUPPLY 0.5
/* The hysteresis of SWCLK's Schmitt trigger spares it most of what SWDIO gets: of five hits
 * one is a clock too many (assumption). */
#define LINE_SWCLK_SHARE 0.2
#define LINE_RATE_LEAST  1e-12 /* a transaction in a hundred thousand million */
#define LINE_RATE_MOST   0.5   /* pure chance */
/* I/O of probes without a level shifter (UM2448, 3.0 to 3.6 V), and what an open VAPP pin
 * floats to (1.45 to 1.6 V in published readings). */
#define PROBE_IO_VOLTS    3.3
#define VAPP_FLOATS_VOLTS 1.5

/* A dip that no STM32 survives (VPOR/PDR is 1.6 V and more, DS12712), for as long as a
 * regulator needs to come back: assumptions. */
#define BROWN_OUT_VOLTS 1.0
#define BROWN_OUT_NS    UINT64_C(3000000)
/* The power-on reset lets go this much above where it holds (VHYST_BORH0, 40 mV in DS12712).
 */
#define POWER_ON_HYSTERESIS_VOLTS 0.04
/* What a chip has at its supply pins (10 uF, as the data sheets' figure "Power supply scheme"
 * shows), and how often its voltage is computed anew: assumptions. */
#define SUPPLY_FARAD   10e-6
#define SUPPLY_STEP_NS UINT64_C(100000)
/* From the start of a MEM-AP's access to its answer, in clocks of the bus: two
 * synchronisers and the transfer. Assumption. */
enum { MEM_AP_BUS_CLOCKS = 10 };

#endif /* TEST_EMULATOR_WIRE_TIMING_H */
