/* SPDX-License-Identifier: MIT */
/*
 * nor_pins.c - registers: the manuals' memory maps and RCC chapters. Pins: the data sheets' tables of
 * alternate functions, by ST's pin data for CubeMX (github.com/STMicroelectronics/STM32_open_pin_data,
 * STM32CubeMX-DB.6.0.90, mcu/IP/GPIO-*_gpio_v1_0_Modes.xml); of QUADSPI those of bank 1, of the
 * OCTOSPI I/O manager port n, which OCTOSPIn has after reset.
 */
#include "flash/interfaces/nor_pins.h"

#include "transport/base/bytes.h"

#include <stdio.h>
#include <string.h>

/* Of L4 and G4: RCC_AHB3ENR bit 8, GPIO ports by RCC_AHB2ENR. */
#define QUADSPI_L4(source_, dev_id_, divider_, ...)                          \
	{                                                                    \
		.name = "QUADSPI", .source = (source_), .dev_id = (dev_id_), \
		.registers_at = 0xa0001000, .window_at = 0x90000000,         \
		.enable_at = 0x40021050, .enable_bit = 1u << 8,              \
		.ports_enable_at = 0x4002104c, .ports_at = 0x48000000,       \
		.divider = (divider_), .pins = {                             \
			__VA_ARGS__                                          \
		}                                                            \
	}

/* Of F4 and F7: RCC_AHB3ENR bit 1, GPIO ports by RCC_AHB1ENR. */
#define QUADSPI_F4(source_, dev_id_, divider_, ...)                          \
	{                                                                    \
		.name = "QUADSPI", .source = (source_), .dev_id = (dev_id_), \
		.registers_at = 0xa0001000, .window_at = 0x90000000,         \
		.enable_at = 0x40023838, .enable_bit = 1u << 1,              \
		.ports_enable_at = 0x40023830, .ports_at = 0x40020000,       \
		.divider = (divider_), .pins = {                             \
			__VA_ARGS__                                          \
		}                                                            \
	}

static const struct nor_controller controllers[] = {
	QUADSPI_L4("RM0351 Rev 9; DS10198", 0x415, 2, "PB10/10 PE10/10", "PB11/10 PE11/10",
		   "PB1/10 PE12/10", "PB0/10 PE13/10", "PA7/10 PE14/10", "PA6/10 PE15/10"),
	QUADSPI_L4("RM0351 Rev 9; DS11585", 0x461, 2, "PA3/10 PB10/10 PE10/10 PF10/3",
		   "PA2/10 PB11/10 PE11/10", "PB1/10 PE12/10 PF8/10",
		   "PB0/10 PE13/10 PF9/10", "PA7/10 PE14/10 PF7/10",
		   "PA6/10 PE15/10 PF6/10"),
	QUADSPI_L4("RM0440 Rev 8; DS12288", 0x469, 4, "PA3/10 PB10/10 PE10/10 PF10/10",
		   "PA2/10 PB11/10 PE11/10", "PB1/10 PE12/10 PF8/10",
		   "PB0/10 PE13/10 PF9/10", "PA7/10 PE14/10 PF7/10",
		   "PA6/10 PE15/10 PF6/10"),
	QUADSPI_F4("RM0402; DS11139", 0x441, 2, "PB1/9 PB2/9 PD3/9", "PB6/10 PG6/10",
		   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PC8/9 PE2/9 PF7/9",
		   "PA1/9 PD13/9 PF6/9"),
	QUADSPI_F4("RM0430; DS11581", 0x463, 2, "PB1/9 PB2/9 PD3/9", "PB6/10 PG6/10",
		   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PC8/9 PE2/9 PF7/9",
		   "PA1/9 PD13/9 PF6/9"),
	QUADSPI_F4("RM0390; DS10693", 0x421, 4, "PB2/9 PD3/9", "PB6/10 PG6/10",
		   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9",
		   "PA1/9 PD13/9 PF6/9"),
	QUADSPI_F4("RM0386; DS11189", 0x434, 4, "PA7/10 PF10/9", "PB6/10 PB10/9",
		   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9",
		   "PA1/9 PD13/9 PF6/9"),
	QUADSPI_F4("RM0431; DS11853", 0x452, 5, "PB2/9", "PB6/10", "PC9/9 PD11/9 PF8/10",
		   "PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9"),
	QUADSPI_F4("RM0385; DS10916", 0x449, 5, "PB2/9", "PB6/10", "PC9/9 PD11/9 PF8/10",
		   "PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9"),
	QUADSPI_F4("RM0410; DS11532", 0x451, 5, "PB2/9 PF10/9", "PB6/10 PB10/9",
		   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9",
		   "PA1/9 PD13/9 PF6/9"),
	{ .name = "QUADSPI",
	  .source = "RM0433 Rev 8; DS12110",
	  .dev_id = 0x450,
	  .registers_at = 0x52005000,
	  .window_at = 0x90000000,
	  .enable_at = 0x580244d4,
	  .enable_bit = 1u << 14,
	  .ports_enable_at = 0x580244e0,
	  .ports_at = 0x58020000,
	  .divider = 5,
	  .pins = { "PB2/9 PF10/9", "PB6/10 PB10/9 PG6/10", "PC9/9 PD11/9 PF8/10",
		    "PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9" } },
	{ .name = "OCTOSPI1",
	  .source = "RM0468 Rev 3; DS13312",
	  .dev_id = 0x483,
	  .is_octo = true,
	  .registers_at = 0x52005000,
	  .window_at = 0x90000000,
	  .enable_at = 0x580244d4,
	  .enable_bit = 1u << 14,
	  .ports_enable_at = 0x580244e0,
	  .ports_at = 0x58020000,
	  .divider = 6,
	  .pins = { "PA3/12 PB2/9 PF10/9", "PB6/10 PB10/9 PC11/9 PE11/11 PG6/10",
		    "PA2/6 PB1/4 PB12/12 PC3/9 PC9/9 PD11/9 PF8/10",
		    "PB0/4 PC10/9 PD12/9 PF9/10", "PA3/6 PA7/10 PB13/4 PC2/9 PE2/9 PF7/10",
		    "PA1/9 PA6/6 PD13/9 PF6/10" } },
	{ .name = "OCTOSPI2",
	  .source = "RM0468 Rev 3; DS13312",
	  .dev_id = 0x483,
	  .is_octo = true,
	  .registers_at = 0x5200a000,
	  .window_at = 0x70000000,
	  .enable_at = 0x580244d4,
	  .enable_bit = 1u << 19,
	  .ports_enable_at = 0x580244e0,
	  .ports_at = 0x58020000,
	  .divider = 6,
	  .pins = { "PF4/9", "PG12/3", "PF0/9", "PF1/9", "PF2/9", "PF3/9" } },
	{ .name = "OCTOSPI1",
	  .source = "RM0456 Rev 6; DS13737",
	  .dev_id = 0x482,
	  .is_octo = true,
	  .registers_at = 0x420d1400,
	  .window_at = 0x90000000,
	  .enable_at = 0x46020c90,
	  .enable_bit = 1u << 4,
	  .ports_enable_at = 0x46020c8c,
	  .ports_at = 0x42020000,
	  .divider = 4,
	  .pins = { "PA3/10 PB10/10 PE10/10 PF10/3", "PA2/10 PA4/3 PB11/10 PC11/5 PE11/10",
		    "PB1/10 PE12/10 PF8/10", "PB0/10 PE13/10 PF9/10",
		    "PA7/10 PE14/10 PF7/10", "PA6/10 PE15/10 PF6/10" } },
	{ .name = "OCTOSPI2",
	  .source = "RM0456 Rev 6; DS13737",
	  .dev_id = 0x482,
	  .is_octo = true,
	  .registers_at = 0x420d2400,
	  .window_at = 0x70000000,
	  .enable_at = 0x46020c90,
	  .enable_bit = 1u << 8,
	  .ports_enable_at = 0x46020c8c,
	  .ports_at = 0x42020000,
	  .divider = 4,
	  .pins = { "PF4/5 PH6/5 PI6/5", "PA0/10 PA12/6 PD3/10 PF6/5 PG12/5 PI5/5",
		    "PF0/5 PI3/6", "PF1/5 PI2/6", "PF2/5 PI1/6", "PF3/5 PH8/5" } },
	{ .name = NULL },
};

static const char *const line_names[NOR_LINES] = {
	"clk", "ncs", "io0", "io1", "io2", "io3"
};
enum {
	LINE_NAME_LEN = 3,
	PORTS = 11,
	PINS = 16,
	FUNCTIONS = 16,
	WORDS_MAX = 160,
	SHOWN_MAX = 24
};

const struct nor_controller *
nor_controller_at(unsigned index)
{
	return index + 1 < array_len(controllers) ? &controllers[index] : NULL;
}

const struct nor_controller *
nor_controller_of(uint16_t dev_id, unsigned index)
{
	const struct nor_controller *controller = controllers;

	for (; controller->name != NULL; controller++)
		if (controller->dev_id == dev_id && index-- == 0)
			return controller;
	return NULL;
}

enum cause
nor_controller_none(struct reason *why)
{
	reason_begin(why, CAUSE_UNSUPPORTED,
		     "no controller for serial flash is known of this chip");
	reason_suspect(why, FINDING_E11);
	return CAUSE_UNSUPPORTED;
}

/* "PB10", up to what follows: *end. */
static bool
read_pin(const char *text, struct nor_pin *pin, const char **end)
{
	unsigned number = 0;
	const char *digit = text + 2;

	if (text[0] != 'P' || text[1] < 'A' || text[1] >= 'A' + PORTS)
		return false;
	while (*digit >= '0' && *digit <= '9' && digit - text < 4)
		number = number * 10 + (unsigned)(*digit++ - '0');
	if (digit == text + 2 || number >= PINS)
		return false;
	*pin = (struct nor_pin){ .is_used = true,
				 .port = text[1],
				 .number = (uint8_t)number };
	*end = digit;
	return true;
}

bool
nor_controller_pin(const struct nor_controller *controller, enum nor_line line,
		   unsigned index, struct nor_pin *pin)
{
	const char *text = controller->pins[line];
	unsigned function = 0;

	while (index-- > 0 && text != NULL) {
		text = strchr(text, ' ');
		text = text != NULL ? text + 1 : NULL;
	}
	if (text == NULL || !read_pin(text, pin, &text) || *text++ != '/')
		return false;
	while (*text >= '0' && *text <= '9')
		function = function * 10 + (unsigned)(*text++ - '0');
	pin->function = (uint8_t)function;
	return function < FUNCTIONS;
}

/* Gives the pin its function. */
static bool
can_have(const struct nor_controller *controller, enum nor_line line, struct nor_pin *pin)
{
	struct nor_pin one;

	for (unsigned i = 0; nor_controller_pin(controller, line, i, &one); i++)
		if (one.port == pin->port && one.number == pin->number) {
			pin->function = one.function;
			return true;
		}
	return false;
}

/* --- the map as it is written ------------------------------------------------------------- */

static enum cause
malformed(const char *at, struct reason *why)
{
	int len = (int)strcspn(at, ",");

	return reason_begin(
		why, CAUSE_REQUEST,
		"\"%.*s\" is no line of a serial flash and its pin: write it as "
		"clk=PB10,ncs=PB11,io0=PB1,io1=PB0",
		len < SHOWN_MAX ? len : SHOWN_MAX, at);
}

/* One "io0=PB1"; *end is behind it. */
static enum cause
read_line(const char *text, struct nor_pins *pins, const char **end, struct reason *why)
{
	struct nor_pin pin;
	unsigned line = 0;

	while (line < NOR_LINES && strncmp(text, line_names[line], LINE_NAME_LEN) != 0)
		line++;
	if (line == NOR_LINES || text[LINE_NAME_LEN] != '=' ||
	    !read_pin(text + LINE_NAME_LEN + 1, &pin, end) ||
	    (**end != '\0' && **end != ','))
		return malformed(text, why);
	if (pins->pins[line].is_used)
		return reason_begin(why, CAUSE_REQUEST, "%s is given two pins",
				    line_names[line]);
	pins->pins[line] = pin;
	return CAUSE_NONE;
}

static enum cause
read_map(const char *map, struct nor_pins *pins, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	*pins = (struct nor_pins){ 0 };
	for (const char *at = map; cause == CAUSE_NONE; at++) {
		cause = read_line(at, pins, &at, why);
		if (*at != ',')
			break;
	}
	for (unsigned i = 0; cause == CAUSE_NONE && i < NOR_LINES_NEEDED; i++)
		if (!pins->pins[i].is_used)
			cause = reason_begin(
				why, CAUSE_REQUEST,
				"%s is missing: a serial flash needs clk, ncs, "
				"io0 and io1",
				line_names[i]);
	return cause;
}

enum cause
nor_pins_check(const char *map, struct reason *why)
{
	struct nor_pins pins;

	return read_map(map, &pins, why);
}

/* --- for a chip ---------------------------------------------------------------------------- */

static bool
fits(const struct nor_controller *controller, struct nor_pins *pins, unsigned *wrong)
{
	for (unsigned i = 0; i < NOR_LINES; i++)
		if (pins->pins[i].is_used &&
		    !can_have(controller, (enum nor_line)i, &pins->pins[i])) {
			*wrong = i;
			return false;
		}
	pins->controller = controller;
	return true;
}

/* Of the first controller, which is the only one of most chips. */
static enum cause
refuse_pin(const struct nor_controller *controller, const struct nor_pins *pins,
	   unsigned line, struct reason *why)
{
	char buffer[WORDS_MAX];
	struct nor_pin pin;
	struct text can;

	text_init(&can, buffer, sizeof(buffer));
	for (unsigned i = 0; nor_controller_pin(controller, (enum nor_line)line, i, &pin);
	     i++)
		text_add(&can, "%sP%c%u", i == 0 ? "" : ", ", pin.port, pin.number);
	reason_begin(why, CAUSE_REQUEST, "P%c%u cannot be %s: %s has it at %s",
		     pins->pins[line].port, pins->pins[line].number, line_names[line],
		     controller->name, buffer);
	reason_suspect(why, FINDING_REQUEST_PINS);
	return CAUSE_REQUEST;
}

enum cause
nor_pins_parse(const char *map, uint16_t dev_id, struct nor_pins *pins, struct reason *why)
{
	const struct nor_controller *controller;
	unsigned wrong = 0, first_wrong = 0;
	enum cause cause = read_map(map, pins, why);

	for (unsigned i = 0;
	     cause == CAUSE_NONE && (controller = nor_controller_of(dev_id, i)) != NULL;
	     i++) {
		if (fits(controller, pins, &wrong))
			return CAUSE_NONE;
		if (i == 0)
			first_wrong = wrong;
	}
	if (cause != CAUSE_NONE)
		return cause;
	controller = nor_controller_of(dev_id, 0);
	if (controller != NULL)
		return refuse_pin(controller, pins, first_wrong, why);
	return nor_controller_none(why);
}

void
nor_pins_describe(const struct nor_pins *pins, struct text *text)
{
	const char *separator = "";

	for (unsigned i = 0; i < NOR_LINES; i++) {
		const struct nor_pin *pin = &pins->pins[i];

		if (!pin->is_used)
			continue;
		text_add(text, "%s%s=P%c%u", separator, line_names[i], pin->port,
			 pin->number);
		separator = ",";
	}
}
