/* SPDX-License-Identifier: MIT */
/*
 * timing.h - what a USB transfer and a probe's firmware cost in device time.
 *
 * Each figure has its source or the word "assumption". Assumptions are round
 * figures of the right magnitude: they serve to compare two clients on one
 * bench, not to predict seconds. SWD bits are timed by wire/, not here.
 */
#ifndef TEST_EMULATOR_PROBE_TIMING_H
#define TEST_EMULATOR_PROBE_TIMING_H

#include "test/emulator/probe/usb_function.h"

/* USB 2.0, 5.8.4, tables 5-9 and 5-10: protocol bytes of one bulk transaction. */
enum {
	USB_FULL_SPEED_OVERHEAD_BYTES = 13,
	USB_HIGH_SPEED_OVERHEAD_BYTES = 55,
	USB_FULL_SPEED_PACKET_SIZE = 64,
	USB_HIGH_SPEED_PACKET_SIZE = 512
};

/* Host controller, interrupt and driver: from submission to completion of one transfer,
 * beyond its bits. Today's controllers start a bulk transfer as soon as it is queued, at
 * either speed: what is left is the host's part, of which Linux holds back 40 us by
 * interrupt moderation (xhci). Assumption, compared with published runs: README.md,
 * Calibration. */
enum { USB_FULL_SPEED_TURNAROUND_NS = 150000, USB_HIGH_SPEED_TURNAROUND_NS = 150000 };

/* Firmware: one command parsed and answered; one SWD transaction set up beyond
 * its bits. Assumption: an STM32F103 at 72 MHz (V2, V2-1), an STM32F723 (V3). */
enum {
	STLINK_V2_COMMAND_NS = 60000,
	STLINK_V2_TRANSACTION_NS = 8000,
	STLINK_V3_COMMAND_NS = 20000,
	STLINK_V3_TRANSACTION_NS = 1000
};

/* Before V2J22 the clock cannot be chosen: OpenOCD asks for 2000 kHz and nothing tells it
 * that there is none. 77 us for a word in a published run (README.md, Calibration), less
 * the firmware's part, are 46 bits at this clock: assumption that the run's probe had such
 * firmware. */
enum { STLINK_V2_FIXED_HZ = 670000, STLINK_V2_FIRST_WITH_CLOCKS = 22 };

/* The firmware waits for CDBGPWRUPACK and CSYSPWRUPACK at most this long, asking this
 * often (assumption). */
enum { STLINK_POWER_UP_LIMIT_NS = 100000000, STLINK_POWER_UP_POLL_NS = 100000 };

/* For how long the firmware repeats a transaction that is answered with WAIT: assumption. It
 * is longer than the writes to flash that probes do without an error (82 us on a G4, DS12712;
 * 118 us on a U5), and shorter than an erase of a page, of which AP_WAIT is reported. */
enum { STLINK_WAIT_PATIENCE_NS = 1000000 };

/* NRST pulse of command F2 3C 02 (assumption). */
enum { STLINK_NRST_PULSE_NS = 1000000 };

/* ST-LINK/V2-ISOL: from SWCLK out to SWDIO in, through two couplers and the target, and
 * the least supply of the couplers' far side. Both are assumptions. */
enum { STLINK_ISOL_ROUND_TRIP_NS = 200, STLINK_ISOL_LOWEST_MILLIVOLTS = 1650 };

/* CMSIS-DAP firmware: the same, of a microcontroller at 100 to 200 MHz that moves SWCLK by
 * its pins (assumption; a published run is within a fifth: README.md, Calibration). */
enum { DAP_COMMAND_NS = 10000, DAP_TRANSACTION_NS = 1000 };

/* USB 2.0, 5.7.4: an interrupt endpoint is served once in its interval, one frame at full
 * speed and one of 8 microframes at high speed as the descriptors here have it. */
enum { USB_INTERRUPT_INTERVAL_NS = 1000000 };

static inline uint64_t
usb_interrupt_ns(enum usb_speed speed)
{
	(void)speed;
	return USB_INTERRUPT_INTERVAL_NS;
}

/* Device time of one bulk transfer of `size` bytes. */
static inline uint64_t
usb_transfer_ns(enum usb_speed speed, unsigned size)
{
	unsigned is_high = speed == USB_HIGH_SPEED;
	unsigned packet = is_high ? USB_HIGH_SPEED_PACKET_SIZE : USB_FULL_SPEED_PACKET_SIZE;
	unsigned extra =
		is_high ? USB_HIGH_SPEED_OVERHEAD_BYTES : USB_FULL_SPEED_OVERHEAD_BYTES;
	unsigned start =
		is_high ? USB_HIGH_SPEED_TURNAROUND_NS : USB_FULL_SPEED_TURNAROUND_NS;
	uint64_t packets = size ? (size + packet - 1) / packet : 1;
	uint64_t bits = 8 * (size + packets * extra);
	return start + bits * 1000 / (unsigned)speed;
}

#endif /* TEST_EMULATOR_PROBE_TIMING_H */
