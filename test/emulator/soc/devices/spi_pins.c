/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/devices/spi_pins.h"

#include <stdio.h>
#include <string.h>

#include "test/emulator/soc/devices/external_ram.h"
#include "test/emulator/soc/soc_internal.h"

static const char *const line_names[SPI_LINES] = { "clk", "ncs", "io0", "io1", "io2",
						   "io3", "io4", "io5", "io6", "io7" };

static const struct spi_flash_model *
model_named(const char *name, size_t len)
{
	for (unsigned i = 0; spi_flash_models[i]; i++)
		if (strlen(spi_flash_models[i]->name) == len &&
		    strncmp(spi_flash_models[i]->name, name, len) == 0)
			return spi_flash_models[i];
	return NULL;
}

static const struct spi_function *
function_at(const struct spi_functions *functions, enum spi_line line, char port,
	    unsigned pin)
{
	for (unsigned i = 0; i < functions->len; i++) {
		const struct spi_function *row = &functions->rows[i];

		if (row->line == line && row->port == port && row->pin == pin)
			return row;
	}
	return NULL;
}

/* One "io0=PB1". */
static const char *
take_line(struct spi_wiring *wiring, const struct spi_functions *functions,
	  const char *text)
{
	enum { NAME_LEN = 3 };
	unsigned line = 0, pin;
	char port;

	while (line < SPI_LINES && strncmp(text, line_names[line], NAME_LEN) != 0)
		line++;
	if (line == SPI_LINES || sscanf(text + NAME_LEN, "=P%c%u", &port, &pin) != 2)
		return "a line is written as io0=PB1";
	wiring->lines[line] = function_at(functions, line, port, pin);
	return wiring->lines[line] ? NULL : "no controller reaches such a pin";
}

const char *
spi_wiring_parse(struct spi_wiring *wiring, const struct spi_functions *functions,
		 const char *text)
{
	const char *pins = strchr(text, '@'), *wrong = NULL;

	memset(wiring, 0, sizeof(*wiring));
	if (!pins)
		return "a flash is written as MODEL@clk=PB10,ncs=PB11,...";
	wiring->model = model_named(text, (size_t)(pins - text));
	if (!wiring->model)
		return "there is no such flash";
	while (pins && !wrong) {
		wrong = take_line(wiring, functions, pins + 1);
		pins = strchr(pins + 1, ',');
	}
	if (wrong)
		wiring->model = NULL;
	return wrong;
}

static uint32_t
port_at(const struct soc *soc, char port)
{
	char name[] = "GPIO?";

	name[sizeof(name) - 2] = port;
	for (unsigned i = 0; i < soc->peripherals_len; i++)
		if (strcmp(soc->peripherals[i]->place->name, name) == 0)
			return soc->peripherals[i]->place->at;
	return 0;
}

bool
spi_wiring_is_set_up(const struct spi_wiring *wiring, struct soc *soc, bool for_eight)
{
	enum { LINES_FOR_ONE = SPI_IO1 + 1 };

	for (unsigned i = 0; i < (for_eight ? SPI_LINES : LINES_FOR_ONE); i++) {
		const struct spi_function *line = wiring->lines[i];
		struct external_pin pin;

		if (!line)
			return false;
		pin = (struct external_pin){ port_at(soc, line->port), line->pin,
					     line->function };
		if (!external_pin_is_set(soc, &pin))
			return false;
	}
	return true;
}
