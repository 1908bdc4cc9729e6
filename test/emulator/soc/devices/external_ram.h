/* SPDX-License-Identifier: MIT */
/*
 * external_ram.h - a RAM beside the chip, and the pins that lead to it: what the windows of FMC
 * and OCTOSPI have in common. It holds chance when power comes and is made when it is first used.
 */
#ifndef TEST_EMULATOR_SOC_DEVICES_EXTERNAL_RAM_H
#define TEST_EMULATOR_SOC_DEVICES_EXTERNAL_RAM_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/soc/peripheral.h"

struct external_ram {
	uint8_t *bytes; /* NULL: nobody has looked at it since power came */
	uint32_t size;
};

/* A pin of the port at `port_at` as alternate function number `function`. */
struct external_pin {
	uint32_t port_at;
	uint8_t pin, function;
};

bool external_pin_is_set(struct soc *soc, const struct external_pin *pin);
bool external_pins_are_set(struct soc *soc, const struct external_pin *pins, unsigned len);

/* The word at `at`, which repeats where the window is larger than the memory. */
uint32_t external_ram_read(struct external_ram *ram, const struct soc *soc, uint32_t at);
void external_ram_write(struct external_ram *ram, const struct soc *soc, uint32_t at,
			uint32_t value, uint32_t lanes);
/* Its power went. */
void external_ram_lose(struct external_ram *ram);

#endif /* TEST_EMULATOR_SOC_DEVICES_EXTERNAL_RAM_H */
