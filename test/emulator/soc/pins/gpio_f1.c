/* SPDX-License-Identifier: MIT */
/*
 * GPIO ports of the STM32F1 (RM0008 Rev 21, 9.2). Inputs read their pull or their
 * own output. The lock of LCKR is left out; the debug pins are afio_f1.c's.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"

enum {
	CRL = 0x00,
	CRH = 0x04,
	IDR = 0x08,
	ODR = 0x0C,
	BSRR = 0x10,
	BRR = 0x14,
	WORDS = 256
};

/* 9.2.1: four bits a pin, MODE below and CNF above; all float after reset. */
#define CR_RESET UINT32_C(0x44444444)
enum { PINS_PER_CR = 8, PIN_BITS = 4, MODE_INPUT = 0, CNF_PULL = 2 };

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

/* An output, or an input with a pull, is as its bit in ODR says (9.1.1, table 20). */
static bool
follows_odr(const uint32_t *values, unsigned pin)
{
	uint32_t word = values[pin < PINS_PER_CR ? CRL / 4 : CRH / 4];
	uint32_t setting = word >> (PIN_BITS * (pin % PINS_PER_CR));

	return (setting & 3) != MODE_INPUT || (setting >> 2 & 3) == CNF_PULL;
}

static uint32_t
levels(const uint32_t *values)
{
	uint32_t idr = 0;

	for (unsigned pin = 0; pin < 2 * PINS_PER_CR; pin++)
		if (follows_odr(values, pin))
			idr |= values[ODR / 4] & UINT32_C(1) << pin;
	return idr;
}

static enum bus_result
gpio_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	const uint32_t *values = gpio_of(peripheral)->values;

	*value = at == IDR ? levels(values) : values[at / 4 % WORDS];
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
		values[ODR / 4] &= ~(sent & PINS);
	else if (at != IDR)
		values[at / 4 % WORDS] = reg_merge(values[at / 4 % WORDS], value, lanes);
	return BUS_OK;
}

static void
gpio_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	struct gpio *gpio = gpio_of(peripheral);

	(void)depth;
	reg_rules_reset(NULL, gpio->values, WORDS);
	gpio->values[CRL / 4] = gpio->values[CRH / 4] = CR_RESET;
}

const struct peripheral_type gpio_f1_type = {
	.name = "GPIO (F1)",
	.size = sizeof(struct gpio),
	.read = gpio_read,
	.write = gpio_write,
	.is_steady = true,
	.reset = gpio_reset,
};
