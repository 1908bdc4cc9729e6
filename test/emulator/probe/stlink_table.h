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

/* The mode a probe is in when it was plugged in, and what F5 answers. */
enum stlink_mode {
	STLINK_MODE_DFU = 0,
	STLINK_MODE_MASS = 1,
	STLINK_MODE_DEBUG = 2,
	STLINK_MODE_SWIM = 3,
	STLINK_MODE_BOOTLOADER = 4
};

/* V2 and V2-1 take a divisor (F2 43, F2 44), V3 a frequency (F2 61). */
struct probe_clock {
	uint16_t divisor;
	uint32_t hz;
};

/* "V2J37M26": generation 2, jtag 37, msd 26, swim and bridge 0. */
struct stlink_version {
	uint8_t generation, jtag, msd, swim, bridge;
};

/* What comes with the microcontroller inside the probe. */
struct stlink_hardware {
	enum usb_speed speed;
	const struct probe_clock *swd_clocks, *jtag_clocks; /* fastest first; hz 0 ends */
	uint32_t first_hz;
	uint16_t max_misc_items; /* of one RW_MISC command */
	uint32_t trace_max_hz;   /* of the UART behind the SWO pin */
	uint32_t command_ns, transaction_ns;
};

/* How the probe measures VAPP, and what it measures when nothing is on the pin. */
enum stlink_vapp {
	STLINK_VAPP_FLOATS, /* a divider without load: the pin drifts and jumps */
	STLINK_VAPP_PULLED_DOWN,
	STLINK_VAPP_OWN_RAIL /* not the pin at all: the probe's own 3.3 V */
};

/* The pin of the probe that goes to the board's NRST. */
enum stlink_reset_pin {
	STLINK_PIN_T_NRST,  /* F2 3C drives it */
	STLINK_PIN_SWIM_RST /* F4 07 and F4 08 do */
};

struct stlink_kind {
	struct probe_kind probe;
	const struct stlink_hardware *hardware;
	const char *product; /* string descriptor */
	const char *serial;
	bool has_raw_serial; /* its descriptor has 12 bytes where others have 24 digits */
	uint16_t product_id, loader_id; /* loader_id 0: its loader is not a mode of USB */
	uint16_t max_power_ma;
	uint8_t out_ep, in_ep, trace_ep; /* numbers without direction */
	bool has_mass_storage, has_bridge;
	uint8_t serial_ports;
	struct stlink_version version;
	enum stlink_mode first_mode;
	enum stlink_vapp vapp;
	enum stlink_reset_pin reset_pin;
	enum probe_io io;      /* what supplies its inputs and outputs */
	bool swclk_rests_high; /* between transfers, and before the first */
	/* The target's side is isolated, supplied by VAPP, and answers come back late. */
	bool is_isolated;
};

/* The entry that has `kind` as its first member. */
const struct stlink_kind *stlink_kind_of(const struct probe_kind *kind);
/* Entry `index`, NULL past the end. */
const struct probe_kind *stlink_kind_at(unsigned index);
/* As probe_takes_firmware(). */
bool stlink_takes_firmware(const struct probe_kind *kind, const char *firmware);

/* Reads "V2J17S4", "V3J7M3B5S1"; false when it is not of that form. */
bool stlink_parse_version(const char *text, struct stlink_version *version);

/* Fills in the descriptors and strings of a probe of that kind. */
void stlink_describe(const struct stlink_kind *kind, const char *serial,
		     struct usb_function *function);
/* The serial's descriptor as ST's old DFU sends it: 24 hex digits become 12 bytes, one
 * per UTF-16 unit (OpenOCD stlink_usb_get_alternate_serial); or as it should be. */
void stlink_describe_serial(struct usb_function *function, bool is_raw);

#endif /* TEST_EMULATOR_PROBE_STLINK_TABLE_H */
