/* SPDX-License-Identifier: MIT */
/*
 * PWR of the STM32U5 (RM0456 Rev 4, 10.10), as far as start-up code and low-power modes
 * ask it: voltage scaling and the booster are ready at once, SR tells who comes from
 * standby.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { CR1 = 0x00, VOSR = 0x0C, SVMSR = 0x3C, SR = 0x38 };

/* 10.10.1, LPMS: STOP0 to STOP3 below, two codes for each of the others. */
#define CR1_LPMS UINT32_C(0x7)
enum { LPMS_STANDBY = 4, LPMS_SHUTDOWN = 6 };

/* 10.10.4 */
#define VOSR_BOOSTRDY (UINT32_C(1) << 14)
#define VOSR_VOSRDY   (UINT32_C(1) << 15)
enum { VOSR_VOS_SHIFT = 16 };
#define VOSR_BOOSTEN (UINT32_C(1) << 18)

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

static enum bus_result
pwr_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = register_file_value(peripheral, at);
	if (at == VOSR && *value & VOSR_BOOSTEN)
		*value |= VOSR_BOOSTRDY;
	return BUS_OK;
}

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (at != SR)
		register_file_merge(peripheral, &pwr_rules, at, value, lanes);
	else if (value & lanes & SR_CSSF)
		register_file_values(peripheral)[SR / 4] &= ~(SR_STOPF | SR_SBF);
	return BUS_OK;
}

static uint32_t
mode(const struct peripheral *peripheral)
{
	return register_file_value(peripheral, CR1) & CR1_LPMS;
}

/* 10.7.9: leaving standby is a reset that sets SBF; shutdown leaves no trace. */
static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	uint32_t *values = register_file_values(peripheral);
	bool wakes = depth == RESET_SYSTEM && mode(peripheral) >= LPMS_STANDBY &&
		     mode(peripheral) < LPMS_SHUTDOWN &&
		     port_is_in_standby(peripheral->soc);

	reg_rules_reset(&pwr_rules, values, REGISTER_FILE_WORDS);
	if (wakes)
		values[SR / 4] |= SR_SBF;
}

static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return mode(peripheral) >= LPMS_STANDBY;
}

/* 10.10.4, VOS: 3 is range 1. */
static unsigned
voltage_range(const struct peripheral *peripheral)
{
	uint32_t vos = register_file_value(peripheral, VOSR) >> VOSR_VOS_SHIFT;

	return 4 - (vos & 3);
}

static const struct power_role pwr_role = { .loses_core = loses_core,
					    .voltage_range = voltage_range };

const struct peripheral_type pwr_u5_type = {
	.name = "PWR (U5)",
	.size = sizeof(struct register_file),
	.read = pwr_read,
	.write = pwr_write,
	.is_steady = true,
	.reset = pwr_reset,
	.power = &pwr_role,
};
