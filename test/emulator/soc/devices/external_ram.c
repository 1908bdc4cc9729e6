/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/devices/external_ram.h"

#include <stdlib.h>
#include <string.h>

#include "test/emulator/base/chance.h"
#include "test/emulator/soc/soc_internal.h"

bool
external_pin_is_set(struct soc *soc, const struct external_pin *pin)
{
	enum { MODER = 0x00, AFRL = 0x20, ALTERNATE = 2, PINS_A_REGISTER = 8 };
	struct peripheral *port = bus_find(soc, NO_CORE, pin->port_at);
	uint32_t moder = 0, function = 0, number = pin->pin;

	if (!port)
		return false;
	port->type->read(port, MODER, &moder);
	port->type->read(port, AFRL + number / PINS_A_REGISTER * 4, &function);
	return (moder >> 2 * number & 3) == ALTERNATE &&
	       (function >> 4 * (number % PINS_A_REGISTER) & 0xF) == pin->function;
}

bool
external_pins_are_set(struct soc *soc, const struct external_pin *pins, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		if (!external_pin_is_set(soc, &pins[i]))
			return false;
	return true;
}

static uint8_t *
bytes_of(struct external_ram *ram, const struct soc *soc)
{
	struct chance chance;

	if (ram->bytes)
		return ram->bytes;
	ram->bytes = malloc(ram->size);
	if (!ram->bytes)
		abort();
	chance_seed(&chance, soc->seed, "external RAM");
	for (uint32_t at = 0; at < ram->size; at += sizeof(uint64_t)) {
		uint64_t garbage = chance_next(&chance);

		memcpy(ram->bytes + at, &garbage, sizeof(garbage));
	}
	return ram->bytes;
}

uint32_t
external_ram_read(struct external_ram *ram, const struct soc *soc, uint32_t at)
{
	uint32_t word;

	memcpy(&word, bytes_of(ram, soc) + at % ram->size, sizeof(word));
	return word;
}

void
external_ram_write(struct external_ram *ram, const struct soc *soc, uint32_t at,
		   uint32_t value, uint32_t lanes)
{
	uint32_t word = reg_merge(external_ram_read(ram, soc, at), value, lanes);

	memcpy(ram->bytes + at % ram->size, &word, sizeof(word));
}

void
external_ram_lose(struct external_ram *ram)
{
	free(ram->bytes);
	ram->bytes = NULL;
}
