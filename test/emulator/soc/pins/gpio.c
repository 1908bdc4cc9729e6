/* SPDX-License-Identifier: MIT */
/*
 * GPIO ports (RM0440 Rev 8, 9.4). Inputs read their pull or their own output;
 * what matters here is whether PA13 and PA14 are still SWD.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"

enum {
	MODER = 0x00,
	OSPEEDR = 0x08,
	PUPDR = 0x0C,
	IDR = 0x10,
	ODR = 0x14,
	BSRR = 0x18,
	AFRH = 0x24,
	BRR = 0x28,
	WORDS = 256
};

enum {
	SWDIO_PIN = 13,
	SWCLK_PIN = 14,
	MODE_ANALOG = 3,
	MODE_OUTPUT = 1,
	MODE_ALTERNATE = 2,
	PULL_UP = 1
};

#define PINS UINT32_C(0xFFFF) /* BSRR: set below, reset above */

struct gpio {
	struct peripheral base;
	uint32_t values[WORDS];
};

static struct gpio *
gpio_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct gpio, base);
}

static uint32_t
two_bits(uint32_t word, unsigned pin)
{
	return word >> (2 * pin) & 3;
}

static uint32_t
levels(const uint32_t *values)
{
	uint32_t idr = 0;

	for (unsigned pin = 0; pin < 16; pin++) {
		bool high = two_bits(values[PUPDR / 4], pin) == PULL_UP;

		if (two_bits(values[MODER / 4], pin) == MODE_OUTPUT)
			high = values[ODR / 4] >> pin & 1;
		if (two_bits(values[MODER / 4], pin) == MODE_ANALOG)
			high = false;
		idr |= (uint32_t)high << pin;
	}
	return idr;
}

static enum bus_result
gpio_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	uint32_t *values = gpio_of(peripheral)->values;

	*value = at == IDR ? levels(values) : values[at / 4 % WORDS];
	if (at == BSRR || at == BRR)
		*value = 0;
	return BUS_OK;
}

static enum bus_result
gpio_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *values = gpio_of(peripheral)->values;
	uint32_t sent = value & lanes;

	if (at == BSRR)
		values[ODR / 4] = (values[ODR / 4] & ~(sent >> 16)) | (sent & PINS);
	else if (at == BRR)
		values[ODR / 4] &= ~sent;
	else if (at != IDR)
		values[at / 4 % WORDS] = reg_merge(values[at / 4 % WORDS], value, lanes);
	return BUS_OK;
}

static void
gpio_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	const struct gpio_reset *values = peripheral->place->parameters;
	struct gpio *gpio = gpio_of(peripheral);

	(void)depth;
	reg_rules_reset(NULL, gpio->values, WORDS);
	gpio->values[MODER / 4] = values->moder;
	gpio->values[OSPEEDR / 4] = values->ospeedr;
	gpio->values[PUPDR / 4] = values->pupdr;
}

static bool
pin_is_debug(const uint32_t *values, unsigned pin)
{
	uint32_t function = values[AFRH / 4] >> (4 * (pin - 8)) & 0xF;

	return two_bits(values[MODER / 4], pin) == MODE_ALTERNATE && function == 0;
}

static bool
are_debug(const struct peripheral *peripheral)
{
	const struct gpio *gpio = CONST_CONTAINER_OF(peripheral, struct gpio, base);

	return pin_is_debug(gpio->values, SWDIO_PIN) &&
	       pin_is_debug(gpio->values, SWCLK_PIN);
}

static bool
has_swd(const struct peripheral *peripheral)
{
	const struct gpio_reset *port = peripheral->place->parameters;

	return port->has_swd_pins;
}

static const struct pins_role gpio_role = { has_swd, are_debug };

const struct peripheral_type gpio_type = {
	.name = "GPIO",
	.size = sizeof(struct gpio),
	.read = gpio_read,
	.write = gpio_write,
	.is_steady = true,
	.reset = gpio_reset,
	.pins = &gpio_role,
};
