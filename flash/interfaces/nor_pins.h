/* SPDX-License-Identifier: MIT */
/*
 * nor_pins.h - the pins of a serial flash: of the map that a user writes, for the controllers of the
 * chip.
 */
#ifndef FLASH_INTERFACES_NOR_PINS_H
#define FLASH_INTERFACES_NOR_PINS_H

#include "targets/chip/nor_controller.h"
#include "transport/base/reason.h"
#include "transport/base/text.h"

struct nor_pin {
	bool is_used;
	char port; /* 'A' */
	uint8_t number, function;
};

struct nor_pins {
	const struct nor_controller *controller;
	struct nor_pin pins[NOR_LINES];
};

/* Begins the reason of a chip without: CAUSE_UNSUPPORTED. */
enum cause nor_controller_none(struct reason *why);
/* The pins that a line can have, one after the other; false past the last. */
bool nor_controller_pin(const struct nor_controller *controller, enum nor_line line,
			unsigned index, struct nor_pin *pin);

/* "clk=PB10,ncs=PB11,io0=PB1,io1=PB0,io2=PA7,io3=PA6", of a chip with these controllers, which may
 * be NULL. CAUSE_REQUEST: it is not written like that, or these are not the pins of one controller;
 * CAUSE_UNSUPPORTED: no controller of this chip is known. */
enum cause nor_pins_parse(const char *map, const struct nor_controller *controllers,
			  struct nor_pins *pins, struct reason *why);
/* The same without a chip: is it written like that? */
enum cause nor_pins_check(const char *map, struct reason *why);
/* "clk=PB10,ncs=PB11,..." */
void nor_pins_describe(const struct nor_pins *pins, struct text *text);

#endif /* FLASH_INTERFACES_NOR_PINS_H */
