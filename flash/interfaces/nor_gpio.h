/* SPDX-License-Identifier: MIT */
/*
 * nor_gpio.h - GPIO ports as far as the lines of a serial flash go: the same in all chips that have
 * an OCTOSPI or QUADSPI.
 */
#ifndef FLASH_INTERFACES_NOR_GPIO_H
#define FLASH_INTERFACES_NOR_GPIO_H

#include "flash/interfaces/kept_registers.h"
#include "flash/interfaces/nor_pins.h"

enum { NOR_GPIO_PORTS = 11, NOR_GPIO_WORDS = 6 };

/* The registers that say what its pins are; the port has a clock. */
enum cause nor_gpio_read(const struct nor_controller *controller, struct core *core,
			 char port, uint32_t words[NOR_GPIO_WORDS], struct reason *why);
/* Those of `pins` that this port has become lines of the controller; what is changed is kept. */
enum cause nor_gpio_set_up(const struct nor_pins *pins, struct core *core, char port,
			   struct kept_registers *registers, struct reason *why);
/* Is the pin set up so, by what was read? */
bool nor_gpio_has_function(const uint32_t words[NOR_GPIO_WORDS], const struct nor_pin *pin);

#endif /* FLASH_INTERFACES_NOR_GPIO_H */
