/* SPDX-License-Identifier: MIT */
/*
 * spi_pins.h - how a serial flash beside the chip is wired: the pin at the other end of each of its
 * lines, and the alternate functions by which a controller gets at that pin.
 */
#ifndef TEST_EMULATOR_SOC_DEVICES_SPI_PINS_H
#define TEST_EMULATOR_SOC_DEVICES_SPI_PINS_H

#include <stdbool.h>

#include "test/emulator/soc/devices/spi_flash.h"
#include "test/emulator/soc/peripheral.h"

enum spi_line {
	SPI_CLK,
	SPI_NCS,
	SPI_IO0,
	SPI_IO1,
	SPI_IO2,
	SPI_IO3,
	SPI_IO4,
	SPI_IO5,
	SPI_IO6,
	SPI_IO7,
	SPI_LINES
};

/* A pin, and the alternate function that connects a line of the controller with it. */
struct spi_function {
	enum spi_line line;
	char port;
	uint8_t pin, function;
};

struct spi_functions {
	const struct spi_function *rows;
	unsigned len;
};

struct spi_wiring {
	const struct spi_flash_model *model;         /* NULL: nothing is wired */
	const struct spi_function *lines[SPI_LINES]; /* NULL: that line hangs in the air */
};

/* "MODEL@clk=PB10,ncs=PB11,io0=PB1,...". NULL, or what is wrong: a pin that the controller has no
 * function for is a board that cannot work. */
const char *spi_wiring_parse(struct spi_wiring *wiring,
			     const struct spi_functions *functions, const char *text);
/* Are the pins set up by which the controller reaches the memory on one line, or on eight? */
bool spi_wiring_is_set_up(const struct spi_wiring *wiring, struct soc *soc, bool for_eight);

#endif /* TEST_EMULATOR_SOC_DEVICES_SPI_PINS_H */
