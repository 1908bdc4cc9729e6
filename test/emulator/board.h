/* SPDX-License-Identifier: MIT */
/*
 * board.h - the boards of the lab: which chip, which probe, how they are wired.
 */
#ifndef TEST_EMULATOR_BOARD_H
#define TEST_EMULATOR_BOARD_H

#include "test/emulator/wire/wire.h"

struct board_entry {
	const char *name;
	const char *chip;     /* for chip_find() */
	const char *probe;    /* for probe_kind_find() */
	const char *board_id; /* that a probe on the board tells of it; NULL: none */
	struct wiring wiring;
	const char *source; /* schematic or report the wiring is from, or "assumption" */
};

extern const struct board_entry board_table[];
extern const unsigned board_table_len;

const struct board_entry *board_find(const char *name); /* NULL: no such */

#endif /* TEST_EMULATOR_BOARD_H */
