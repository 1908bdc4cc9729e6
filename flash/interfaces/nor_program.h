/* SPDX-License-Identifier: MIT */
/*
 * nor_program.h - the serial flash that the running program has set up, by the registers of its
 * pins.
 */
#ifndef FLASH_INTERFACES_NOR_PROGRAM_H
#define FLASH_INTERFACES_NOR_PROGRAM_H

#include "flash/interfaces/nor_gpio.h"

struct nor_program {
	const struct nor_controller *controllers; /* of the chip */
	struct core *core;
	unsigned clocked;   /* of these, a bit each */
	uint32_t ports_on;  /* that have a clock, a bit each */
	unsigned next_port; /* to be read, from A on */
	uint32_t ports[NOR_GPIO_PORTS][NOR_GPIO_WORDS];
};

enum cause nor_program_begin(struct nor_program *program,
			     const struct nor_controller *controllers, struct core *core,
			     struct reason *why);
/* Reads a port each time, until *done. */
enum cause nor_program_read(struct nor_program *program, bool *done, struct reason *why);
/* Of what was read: the first controller that has all lines it needs. CAUSE_REQUEST: none has; the
 * reason names what is missing. */
enum cause nor_program_choose(const struct nor_program *program, struct nor_pins *pins,
			      struct reason *why);

#endif /* FLASH_INTERFACES_NOR_PROGRAM_H */
