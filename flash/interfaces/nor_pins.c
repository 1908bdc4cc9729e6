/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/nor_pins.h"

#include "transport/base/bytes.h"

#include <stdio.h>
#include <string.h>

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

	reason_begin(why, CAUSE_REQUEST,
		     "\"%.*s\" is no line of a serial flash and its pin",
		     len < SHOWN_MAX ? len : SHOWN_MAX, at);
	reason_suspect(why, FINDING_REQUEST_PINS_MAP);
	return CAUSE_REQUEST;
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
	if (pins->pins[line].is_used) {
		reason_begin(why, CAUSE_REQUEST, "%s is given two pins", line_names[line]);
		reason_suspect(why, FINDING_REQUEST_PINS_MAP);
		return CAUSE_REQUEST;
	}
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
		if (!pins->pins[i].is_used) {
			cause = reason_begin(why, CAUSE_REQUEST,
					     "%s is missing: a serial flash needs clk, "
					     "ncs, io0 and io1",
					     line_names[i]);
			reason_suspect(why, FINDING_REQUEST_PINS_MAP);
		}
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
nor_pins_parse(const char *map, const struct nor_controller *controllers,
	       struct nor_pins *pins, struct reason *why)
{
	unsigned wrong = 0, first_wrong = 0;
	enum cause cause = read_map(map, pins, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (controllers == NULL)
		return nor_controller_none(why);
	for (const struct nor_controller *one = controllers; one->name != NULL; one++) {
		if (fits(one, pins, &wrong))
			return CAUSE_NONE;
		if (one == controllers)
			first_wrong = wrong;
	}
	return refuse_pin(controllers, pins, first_wrong, why);
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
