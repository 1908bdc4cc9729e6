/* SPDX-License-Identifier: MIT */
/*
 * nor.h - the driver for a serial flash behind OCTOSPI or QUADSPI, without a loader from a file: it
 * reads the pins from the running program or is given them, and the flash by its SFDP.
 *
 * As a board's finder it halts the cores for some milliseconds, looks whether a flash answers, and
 * adds it to the chip. Registers that a program had set up, and those of a controller behind which
 * nothing answers, are put back then. A load sets pins and controller up once more, since a reset may
 * have come in between, and leaves the controller showing the flash in its window.
 */
#ifndef FLASH_INTERFACES_NOR_H
#define FLASH_INTERFACES_NOR_H

#include "flash/interfaces/loader.h"
#include "flash/interfaces/nor_pins.h"
#include "flash/interfaces/nor_program.h"
#include "flash/interfaces/sfdp.h"
#include "flash/interfaces/standstill.h"
#include "transport/adi/mem_ap.h"

/* "program" stands for the pins that the running program has set up. */
#define NOR_PINS_OF_PROGRAM "program"

enum { NOR_NAME_MAX = 96 };

struct nor {
	struct board_finder finder;
	const char *map; /* as nor_pins_parse(), or NOR_PINS_OF_PROGRAM */
	struct nor_pins pins;
	struct sfdp sfdp;
	struct loader loader; /* of an interface of FLASH_DRIVER_EXTERNAL */
	char name[NOR_NAME_MAX];

	/* While it looks. */
	enum nor_stage {
		NOR_BEGIN,
		NOR_READ_PORTS, /* with NOR_PINS_OF_PROGRAM */
		NOR_SET_UP,
		NOR_SIGNATURE,
		NOR_TABLES
	} stage;
	unsigned step; /* of setting up: the port, from A on */
	struct core *core;
	const struct nor_controller *controllers; /* of the chip; NULL: none is known */
	struct nor_program program;               /* with NOR_PINS_OF_PROGRAM */
	struct standstill still;
	bool was_enabled; /* the controller, by a program */
	bool was_reset;   /* the flash, to have it on one line */
	struct deadline deadline;
	struct kept_registers kept;
};

/* CAUSE_REQUEST: the map is malformed. */
enum cause nor_check(const char *map, struct reason *why);
/* Of a map that is not; the text must outlive it. */
void nor_init(struct nor *nor, const char *map);

#endif /* FLASH_INTERFACES_NOR_H */
