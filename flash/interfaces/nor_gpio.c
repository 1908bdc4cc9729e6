/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/nor_gpio.h"

#include "transport/adi/mem_ap.h"

#include <string.h>

/* GPIO, the same in all chips that have such a controller: RM0351 Rev 9, 8.4. */
enum gpio_word { MODER, OTYPER, OSPEEDR, PUPDR, AFRL, AFRH, GPIO_WORDS = NOR_GPIO_WORDS };
static const uint8_t gpio_offsets[GPIO_WORDS] = { 0x00, 0x04, 0x08, 0x0c, 0x20, 0x24 };
enum { GPIO_STRIDE = 0x400, MODE_ALTERNATE = 2, SPEED_HIGH = 2, PINS_PER_AFR = 8 };

/* One of the chip's. */
struct port {
	const struct nor_controller *controller;
	struct core *core;
	char name; /* 'A' */
};

static uint32_t
port_at(const struct nor_controller *controller, char port)
{
	return controller->ports_at + (uint32_t)(port - 'A') * GPIO_STRIDE;
}

enum cause
nor_gpio_read(const struct nor_controller *controller, struct core *core, char port,
	      uint32_t words[NOR_GPIO_WORDS], struct reason *why)
{
	struct mem_word reads[GPIO_WORDS];
	enum cause cause;

	for (unsigned i = 0; i < GPIO_WORDS; i++)
		reads[i] = (struct mem_word){ .at = port_at(controller, port) +
						    gpio_offsets[i] };
	cause = mem_batch(core_memory(core), reads, GPIO_WORDS, why);
	for (unsigned i = 0; i < GPIO_WORDS; i++)
		words[i] = reads[i].value;
	return cause;
}

static void
field_set(uint32_t *word, unsigned lsb, unsigned bits, uint32_t value)
{
	*word = (*word & ~(((1u << bits) - 1) << lsb)) | value << lsb;
}

/* An output of its function, push-pull, without a pull. */
static void
pin_set(uint32_t words[GPIO_WORDS], const struct nor_pin *pin)
{
	unsigned number = pin->number;

	field_set(&words[MODER], 2 * number, 2, MODE_ALTERNATE);
	field_set(&words[OTYPER], number, 1, 0);
	field_set(&words[OSPEEDR], 2 * number, 2, SPEED_HIGH);
	field_set(&words[PUPDR], 2 * number, 2, 0);
	field_set(&words[number < PINS_PER_AFR ? AFRL : AFRH], 4 * (number % PINS_PER_AFR),
		  4, pin->function);
}

/* The function before the mode, so that no pin is another function's for a moment. */
static enum cause
write_port(const struct port *port, const uint32_t old[GPIO_WORDS],
	   const uint32_t words[GPIO_WORDS], struct kept_registers *registers,
	   struct reason *why)
{
	struct mem_word writes[GPIO_WORDS];

	for (unsigned i = 0; i < GPIO_WORDS; i++) {
		unsigned word = GPIO_WORDS - 1 - i;
		uint32_t at = port_at(port->controller, port->name) + gpio_offsets[word];

		kept_registers_add(registers, (struct kept_register){ at, old[word],
								      words[word], true });
		writes[i] = (struct mem_word){ .at = at,
					       .value = words[word],
					       .is_write = true };
	}
	return mem_batch(core_memory(port->core), writes, GPIO_WORDS, why);
}

static bool
is_of_port(const struct nor_pin *pin, char port)
{
	return pin->is_used && pin->port == port;
}

static bool
is_port_used(const struct nor_pins *pins, char port)
{
	for (unsigned i = 0; i < NOR_LINES; i++)
		if (is_of_port(&pins->pins[i], port))
			return true;
	return false;
}

enum cause
nor_gpio_set_up(const struct nor_pins *pins, struct core *core, char port,
		struct kept_registers *registers, struct reason *why)
{
	const struct port given = { pins->controller, core, port };
	uint32_t clock = 1u << (port - 'A');
	struct register_change enable = { pins->controller->ports_enable_at, clock, clock };
	uint32_t old[GPIO_WORDS], words[GPIO_WORDS];
	enum cause cause;

	if (!is_port_used(pins, port))
		return CAUSE_NONE;
	cause = kept_registers_change(registers, core, &enable, why);
	if (cause == CAUSE_NONE)
		cause = nor_gpio_read(pins->controller, core, port, old, why);
	if (cause != CAUSE_NONE)
		return cause;
	memcpy(words, old, sizeof(words));
	for (unsigned i = 0; i < NOR_LINES; i++)
		if (is_of_port(&pins->pins[i], port))
			pin_set(words, &pins->pins[i]);
	if (memcmp(words, old, sizeof(words)) == 0)
		return CAUSE_NONE;
	return write_port(&given, old, words, registers, why);
}

bool
nor_gpio_has_function(const uint32_t words[NOR_GPIO_WORDS], const struct nor_pin *pin)
{
	uint32_t afr = words[pin->number < PINS_PER_AFR ? AFRL : AFRH];

	return (words[MODER] >> 2 * pin->number & 3) == MODE_ALTERNATE &&
	       (afr >> 4 * (pin->number % PINS_PER_AFR) & 0xf) == pin->function;
}
