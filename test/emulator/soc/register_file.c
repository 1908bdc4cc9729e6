/* SPDX-License-Identifier: MIT */
/*
 * A peripheral that only remembers what was written: enough for programs that
 * set up a USART or a timer and for debuggers that look at it.
 */
#include "test/emulator/soc/peripheral.h"

enum { FILE_WORDS = 256 }; /* 1 KiB, the usual size of a place */

struct register_file {
	struct peripheral base;
	uint32_t values[FILE_WORDS];
};

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

static struct register_file *
file_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct register_file, base);
}

static enum bus_result
file_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = file_of(peripheral)->values[at / 4 % FILE_WORDS];
	return BUS_OK;
}

static enum bus_result
file_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *word = &file_of(peripheral)->values[at / 4 % FILE_WORDS];

	lanes &= reg_rules_writable(peripheral->place->parameters, at);
	*word = reg_merge(*word, value, lanes);
	return BUS_OK;
}

static void
file_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(peripheral->place->parameters, file_of(peripheral)->values,
			FILE_WORDS);
}

const struct peripheral_type register_file_type = {
	.name = "register file",
	.size = sizeof(struct register_file),
	.read = file_read,
	.write = file_write,
	.reset = file_reset,
};
