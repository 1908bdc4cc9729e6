/* SPDX-License-Identifier: MIT */
/*
 * PWR of the STM32U5 (RM0456 Rev 4, 10.10), as far as start-up code and low-power modes
 * ask it: voltage scaling and the booster are ready at once, SR tells who comes from
 * standby.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/soc_internal.h"

enum { CR1 = 0x00, VOSR = 0x0C, SVMSR = 0x3C, SR = 0x38, WORDS = 256 };

/* 10.10.1, LPMS: STOP0 to STOP3 below, two codes for each of the others. */
#define CR1_LPMS UINT32_C(0x7)
enum { LPMS_STANDBY = 4, LPMS_SHUTDOWN = 6 };

/* 10.10.4 */
#define VOSR_BOOSTRDY (UINT32_C(1) << 14)
#define VOSR_VOSRDY   (UINT32_C(1) << 15)
#define VOSR_BOOSTEN  (UINT32_C(1) << 18)

/* 10.10.15: CSSF clears the two others. */
#define SR_CSSF  (UINT32_C(1) << 0)
#define SR_STOPF (UINT32_C(1) << 1)
#define SR_SBF   (UINT32_C(1) << 2)

static const struct reg_rule rules[] = {
	{ CR1, 0x00000000, 0x00000FE7 },
	{ VOSR, 0x00008000, 0x00070000 },
	{ SVMSR, 0x00000000, 0x00000000 },
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
	if (at == VOSR && *value & VOSR_BOOSTEN)
		*value |= VOSR_BOOSTRDY;
	return BUS_OK;
}

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *word = &pwr_of(peripheral)->values[at / 4 % WORDS];

	if (at == SR) {
		if (value & lanes & SR_CSSF)
			*word &= ~(SR_STOPF | SR_SBF);
		return BUS_OK;
	}
	*word = reg_merge(*word, value, lanes & reg_rules_writable(&pwr_rules, at));
	return BUS_OK;
}

static uint32_t
mode(const struct peripheral *peripheral)
{
	const struct pwr *pwr = CONST_CONTAINER_OF(peripheral, struct pwr, base);

	return pwr->values[CR1 / 4] & CR1_LPMS;
}

/* 10.7.9: leaving standby is a reset that sets SBF; shutdown leaves no trace. */
static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	uint32_t *values = pwr_of(peripheral)->values;
	bool wakes = depth == RESET_SYSTEM && mode(peripheral) >= LPMS_STANDBY &&
		     mode(peripheral) < LPMS_SHUTDOWN &&
		     port_is_in_standby(peripheral->soc);

	reg_rules_reset(&pwr_rules, values, WORDS);
	if (wakes)
		values[SR / 4] |= SR_SBF;
}

static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return mode(peripheral) >= LPMS_STANDBY;
}

static const struct power_role pwr_role = { loses_core };

const struct peripheral_type pwr_u5_type = {
	.name = "PWR (U5)",
	.size = sizeof(struct pwr),
	.read = pwr_read,
	.write = pwr_write,
	.reset = pwr_reset,
	.power = &pwr_role,
};
