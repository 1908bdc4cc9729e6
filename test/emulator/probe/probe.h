/* SPDX-License-Identifier: MIT */
/*
 * probe.h - the debug probes the lab owns. A kind is an entry of its family's table
 * (stlink_table.c, dap_table.c): USB ids, firmware version, features; the command set
 * of a family is one group of files.
 */
#ifndef TEST_EMULATOR_PROBE_PROBE_H
#define TEST_EMULATOR_PROBE_PROBE_H

#include "test/emulator/base/stats.h"
#include "test/emulator/probe/usb_function.h"
#include "test/emulator/wire/wire.h"

/* The beginning of each family's own entry. */
struct probe_kind {
	const char *name;
	const char *source;
};

const struct probe_kind *probe_kind_find(const char *name); /* NULL: no such */
/* The `index`th of all families' kinds, NULL past the last. */
const struct probe_kind *probe_kind_at(unsigned index);

/* In what state the probe comes to the bench: what a user finds, not what he would like. */
struct probe_setup {
	const char *serial;   /* NULL: the kind's own */
	const char *firmware; /* "V2J17S4", "2.1.0"...; NULL: the kind's own */
	bool is_in_dfu;       /* starts in its firmware loader's mode */
	bool is_stale;        /* a killed program left it in debug mode, a reply unread */
	bool is_wedged;       /* answers nothing until the bus resets it */
	bool needs_replug;    /* with is_wedged: only until it is plugged in anew */
	const char *board_id; /* four characters by the board's maker; NULL: none */
	uint64_t seed;        /* of what is random in it */
};

/* Is it a firmware version that a probe of that kind could have, as probe_setup has it? */
bool probe_takes_firmware(const struct probe_kind *kind, const char *firmware);

/* A probe of that kind on that wire; `setup` NULL: as bought. */
struct usb_function *probe_new(const struct probe_kind *kind, struct wire *wire,
			       const struct probe_setup *setup, struct stats *stats);

/* Bytes that arrived at the probe's SWO pin, at that many bits per second; lost unless the
 * client records them, at about this rate. */
void
probe_swo(struct usb_function *probe, uint32_t baud, const uint8_t *bytes, unsigned size);

#endif /* TEST_EMULATOR_PROBE_PROBE_H */
