/* SPDX-License-Identifier: MIT */
/*
 * A peripheral that only remembers what was written: enough for programs that
 * set up a USART or a timer and for debuggers that look at it.
 */
#include "test/emulator/soc/peripheral.h"

void
reg_rules_reset(const struct reg_rules *rules, uint32_t *values, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		values[i] = 0;
	for (unsigned i = 0; rules && i < rules->len; i++)
		values[rules->rules[i].at / 4] = rules->rules[i].reset;
}

uint32_t
reg_rules_writable(const struct reg_rules *rules, uint32_t at)
{
	for (unsigned i = 0; rules && i < rules->len; i++)
		if (rules->rules[i].at == at)
			return rules->rules[i].writable;
	return UINT32_MAX;
}

uint32_t *
register_file_values(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct register_file, base)->values;
}

uint32_t
register_file_value(const struct peripheral *peripheral, uint32_t at)
{
	return CONST_CONTAINER_OF(peripheral, struct register_file, base)
		->values[at / 4 % REGISTER_FILE_WORDS];
}

enum bus_result
register_file_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = register_file_value(peripheral, at);
	return BUS_OK;
}

void
register_file_merge(struct peripheral *peripheral, const struct reg_rules *rules,
		    uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *word = register_file_values(peripheral) + at / 4 % REGISTER_FILE_WORDS;

	*word = reg_merge(*word, value, lanes & reg_rules_writable(rules, at));
}

enum bus_result
register_file_write(struct peripheral *peripheral, uint32_t at, uint32_t value,
		    uint32_t lanes)
{
	register_file_merge(peripheral, peripheral->place->parameters, at, value, lanes);
	return BUS_OK;
}

static void
file_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(peripheral->place->parameters, register_file_values(peripheral),
			REGISTER_FILE_WORDS);
}

const struct peripheral_type register_file_type = {
	.name = "register file",
	.size = sizeof(struct register_file),
	.read = register_file_read,
	.write = register_file_write,
	.is_steady = true,
	.reset = file_reset,
};
