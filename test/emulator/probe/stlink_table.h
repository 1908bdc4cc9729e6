/* SPDX-License-Identifier: MIT */
/*
 * stlink_table.h - what makes one kind of ST-LINK differ from another, as data.
 */
#ifndef TEST_EMULATOR_PROBE_STLINK_TABLE_H
#define TEST_EMULATOR_PROBE_STLINK_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/probe/probe.h"
#include "test/emulator/probe/usb_function.h"

enum { PROBE_MAX_CLOCKS = 12 };

/* The mode a probe is in when it was plugged in, and what F5 answers. */
enum stlink_mode {
	STLINK_MODE_DFU = 0,
	STLINK_MODE_MASS = 1,
	STLINK_MODE_DEBUG = 2,
	STLINK_MODE_SWIM = 3,
	STLINK_MODE_BOOTLOADER = 4
};

/* V2 and V2-1 are told a divisor (F2 43), V3 a frequency (F2 61). */
struct probe_clock {
	uint16_t divisor;
	uint32_t hz;
};

struct stlink_kind {
	struct probe_kind probe;
	const char *product; /* string descriptor */
	const char *serial;
	uint16_t product_id;
	uint16_t max_power_ma;
	enum usb_speed speed;
	uint8_t out_ep, in_ep, trace_ep; /* numbers without direction */
	bool has_mass_storage, has_serial_port;
	/* "V2J37M26": generation 2, jtag 37, msd 26, swim 0. */
	uint8_t generation, jtag, msd, swim, bridge;
	enum stlink_mode first_mode;
	uint16_t max_bytes_8bit;                     /* of one 8-bit memory command */
	uint16_t max_misc_items;                     /* of one RW_MISC command */
	struct probe_clock clocks[PROBE_MAX_CLOCKS]; /* fastest first; hz 0 ends */
	uint32_t first_hz;
	uint32_t command_ns, transaction_ns;
};

/* The entry that has `kind` as its first member. */
const struct stlink_kind *stlink_kind_of(const struct probe_kind *kind);

/* Fills in the descriptors and strings of a probe of that kind. */
void stlink_describe(const struct stlink_kind *kind, const char *serial,
		     struct usb_function *function);

#endif /* TEST_EMULATOR_PROBE_STLINK_TABLE_H */
