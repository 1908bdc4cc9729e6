/* SPDX-License-Identifier: MIT */
#include "flash/interfaces/nor_program.h"

#include "transport/adi/mem_ap.h"

enum { WORDS_MAX = 192 };

static bool
is_clocked(const struct nor_program *program, char port)
{
	return (program->ports_on >> (port - 'A') & 1) != 0;
}

/* The first pin that is set up as that line. */
static void
find_line(const struct nor_program *program, struct nor_pins *pins, enum nor_line line)
{
	struct nor_pin pin;

	for (unsigned i = 0; nor_controller_pin(pins->controller, line, i, &pin); i++)
		if (is_clocked(program, pin.port) &&
		    nor_gpio_has_function(program->ports[pin.port - 'A'], &pin)) {
			pins->pins[line] = pin;
			return;
		}
}

/* Has the program set up all lines that are needed? Adds to `words` what is missing. */
static bool
find_pins(const struct nor_program *program, struct nor_pins *pins, struct text *words)
{
	static const char *const names[NOR_LINES_NEEDED] = { "clk", "ncs", "io0", "io1" };
	const char *controller = pins->controller->name;
	bool has_all = true;

	for (unsigned i = 0; i < NOR_LINES; i++)
		find_line(program, pins, (enum nor_line)i);
	for (unsigned i = 0; i < NOR_LINES_NEEDED; i++)
		if (!pins->pins[i].is_used) {
			has_all = false;
			text_add(words, "%sno pin is set up as %s of %s",
				 words->used > 0 ? ", " : "", names[i], controller);
		}
	return has_all;
}

enum cause
nor_program_choose(const struct nor_program *program, struct nor_pins *pins,
		   struct reason *why)
{
	char buffer[WORDS_MAX];
	struct text words;
	unsigned bit = 1;

	text_init(&words, buffer, sizeof(buffer));
	for (const struct nor_controller *one = program->controllers; one->name != NULL;
	     one++, bit <<= 1) {
		*pins = (struct nor_pins){ .controller = one };
		if ((program->clocked & bit) == 0)
			text_add(&words, "%s%s has no clock", words.used > 0 ? ", " : "",
				 one->name);
		else if (find_pins(program, pins, &words))
			return CAUSE_NONE;
	}
	reason_begin(why, CAUSE_REQUEST,
		     "the program has set up no serial flash so far: %s", buffer);
	reason_suspect(why, FINDING_REQUEST_PINS_LATER);
	return CAUSE_REQUEST;
}

enum cause
nor_program_begin(struct nor_program *program, const struct nor_controller *controllers,
		  struct core *core, struct reason *why)
{
	unsigned bit = 1;
	enum cause cause;

	*program = (struct nor_program){ .controllers = controllers, .core = core };
	cause = mem_read32(core_memory(core), controllers->ports_enable_at,
			   &program->ports_on, why);
	for (const struct nor_controller *one = controllers;
	     cause == CAUSE_NONE && one->name != NULL; one++, bit <<= 1) {
		uint32_t enabled = 0;

		cause = mem_read32(core_memory(core), one->enable_at, &enabled, why);
		if ((enabled & one->enable_bit) != 0)
			program->clocked |= bit;
	}
	program->next_port = program->clocked != 0 ? 0 : NOR_GPIO_PORTS;
	return cause;
}

enum cause
nor_program_read(struct nor_program *program, bool *done, struct reason *why)
{
	unsigned port;

	while (program->next_port < NOR_GPIO_PORTS &&
	       !is_clocked(program, (char)('A' + program->next_port)))
		program->next_port++;
	*done = program->next_port == NOR_GPIO_PORTS;
	if (*done)
		return CAUSE_NONE;
	port = program->next_port++;
	return nor_gpio_read(program->controllers, program->core, (char)('A' + port),
			     program->ports[port], why);
}
