/* SPDX-License-Identifier: MIT */
/*
 * nor_pins.h - the controllers for serial flash (OCTOSPI, QUADSPI) of the chips, as data: their
 * registers, what clocks them, and the pins that each of their lines can have.
 */
#ifndef FLASH_INTERFACES_NOR_PINS_H
#define FLASH_INTERFACES_NOR_PINS_H

#include "transport/base/reason.h"
#include "transport/base/text.h"

#include <stdint.h>

/* Lines. One line of data suffices: io0 to the flash, io1 back; io2 and io3 are its inputs WP# and
 * HOLD# meanwhile, which the controller keeps inactive. */
enum nor_line { NOR_CLK, NOR_NCS, NOR_IO0, NOR_IO1, NOR_IO2, NOR_IO3, NOR_LINES };
enum { NOR_LINES_NEEDED = NOR_IO1 + 1 };

struct nor_pin {
	bool is_used;
	char port; /* 'A' */
	uint8_t number, function;
};

struct nor_controller {
	const char *name;   /* NULL ends the table */
	const char *source; /* the manual of its registers, the data sheet of its pins */
	uint16_t dev_id;
	bool is_octo;
	uint32_t registers_at, window_at;
	uint32_t enable_at, enable_bit; /* of RCC: its clock */
	uint32_t ports_enable_at;       /* of RCC: bit n is the clock of GPIO port n */
	uint32_t ports_at;              /* GPIOA; each further port is 0x400 behind */
	uint8_t divider;                /* of the fastest bus clock, for 50 MHz at most */
	const char *pins[NOR_LINES];    /* "PB10/10 PE10/10": pin and alternate function */
};

struct nor_pins {
	const struct nor_controller *controller;
	struct nor_pin pins[NOR_LINES];
};

/* The controllers of a chip, one after the other; NULL past the last. */
const struct nor_controller *nor_controller_of(uint16_t dev_id, unsigned index);
const struct nor_controller *nor_controller_at(unsigned index); /* of all */
/* Begins the reason of a chip without: CAUSE_UNSUPPORTED. */
enum cause nor_controller_none(struct reason *why);
/* The pins that a line can have, one after the other; false past the last. */
bool nor_controller_pin(const struct nor_controller *controller, enum nor_line line,
			unsigned index, struct nor_pin *pin);

/* "clk=PB10,ncs=PB11,io0=PB1,io1=PB0,io2=PA7,io3=PA6", of a chip. CAUSE_REQUEST: it is not written
 * like that, or these are not the pins of one controller; CAUSE_UNSUPPORTED: no controller of
 * this chip is known. */
enum cause
nor_pins_parse(const char *map, uint16_t dev_id, struct nor_pins *pins, struct reason *why);
/* The same without a chip: is it written like that? */
enum cause nor_pins_check(const char *map, struct reason *why);
/* "clk=PB10,ncs=PB11,..." */
void nor_pins_describe(const struct nor_pins *pins, struct text *text);

#endif /* FLASH_INTERFACES_NOR_PINS_H */
