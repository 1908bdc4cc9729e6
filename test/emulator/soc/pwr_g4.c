/* SPDX-License-Identifier: MIT */
/*
 * PWR of the STM32G4 (RM0440 Rev 8, 6.4), as far as start-up code asks it:
 * voltage scaling is ready at once, SCR clears what SR1 shows.
 */
#include "test/emulator/soc/peripheral.h"

/* 6.4.1, LPMS: from here on standby and shutdown. */
#define CR1_LPMS UINT32_C(0x7)
enum { LPMS_STANDBY = 3 };

enum {
	CR1 = 0x00,
	CR3 = 0x08,
	SR1 = 0x10,
	SR2 = 0x14,
	SCR = 0x18,
	CR5 = 0x80,
	WORDS = 256
};

static const struct reg_rule rules[] = {
	{ CR1, 0x00000200, 0x0000470F },
	{ CR3, 0x00008000, 0xFFFFFFFF },
	{ SR1, 0x00000000, 0x00000000 },
	{ SR2, 0x00000100, 0x00000000 }, /* REGLPS: the low-power regulator is ready */
	{ CR5, 0x00000100, 0x00000100 },
};
static const struct reg_rules pwr_rules = { rules, sizeof(rules) / sizeof(rules[0]) };

struct pwr {
	struct peripheral base;
	uint32_t values[WORDS];
};

static struct pwr *
pwr_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct pwr, base);
}

static enum bus_result
pwr_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = pwr_of(peripheral)->values[at / 4 % WORDS];
	return BUS_OK;
}

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *values = pwr_of(peripheral)->values;

	if (at == SCR) {
		values[SR1 / 4] &= ~(value & lanes);
		return BUS_OK;
	}
	lanes &= reg_rules_writable(&pwr_rules, at);
	values[at / 4 % WORDS] = reg_merge(values[at / 4 % WORDS], value, lanes);
	return BUS_OK;
}

static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(&pwr_rules, pwr_of(peripheral)->values, WORDS);
}

static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	const struct pwr *pwr = CONST_CONTAINER_OF(peripheral, struct pwr, base);
	(void)core;
	return (pwr->values[CR1 / 4] & CR1_LPMS) >= LPMS_STANDBY;
}

static const struct power_role pwr_role = { loses_core };

const struct peripheral_type pwr_g4_type = {
	.name = "PWR (G4)",
	.size = sizeof(struct pwr),
	.read = pwr_read,
	.write = pwr_write,
	.reset = pwr_reset,
	.power = &pwr_role,
};
