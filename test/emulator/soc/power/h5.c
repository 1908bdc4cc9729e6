/* SPDX-License-Identifier: MIT */
/*
 * PWR of the STM32H5 (RM0481, chapter 10: the registers as ST's SVD file has them), as far as
 * start-up code and low-power modes ask it: voltage scaling is ready at once, PMSR tells who comes
 * from standby.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { PMCR = 0x00, PMSR = 0x04, VOSCR = 0x10, VOSSR = 0x14, SCCR = 0x30, VMSR = 0x3C };

/* PMCR: LPMS chooses standby in place of stop; CSSF clears both flags of PMSR. */
#define PMCR_LPMS  (UINT32_C(1) << 0)
#define PMCR_CSSF  (UINT32_C(1) << 7)
#define PMSR_STOPF (UINT32_C(1) << 5)
#define PMSR_SBF   (UINT32_C(1) << 6)

/* VOSCR.VOS, and in VOSSR what is in force. */
enum { VOSCR_VOS_SHIFT = 4, VOSSR_ACTVOS_SHIFT = 14, VOS_MASK = 3, VOS_LOWEST = 4 };
#define VOSSR_READY UINT32_C(0x00002008)

/* SCCR.LDOEN: the STM32H563ZI is fed by its LDO. */
static const struct reg_rule rules[] = {
	{ PMCR, 0x0000000C, 0x0781320D },  { PMSR, 0x00000000, 0x00000000 },
	{ VOSCR, 0x00000000, 0x00000030 }, { VOSSR, 0x00000000, 0x00000000 },
	{ SCCR, 0x00000100, 0x00000001 },  { VMSR, 0x00000000, 0x00000000 },
};
static const struct reg_rules pwr_rules = { rules, sizeof(rules) / sizeof(rules[0]) };

static uint32_t
vos(const struct peripheral *peripheral)
{
	return register_file_value(peripheral, VOSCR) >> VOSCR_VOS_SHIFT & VOS_MASK;
}

static enum bus_result
pwr_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = register_file_value(peripheral, at);
	if (at == VOSSR)
		*value = VOSSR_READY | vos(peripheral) << VOSSR_ACTVOS_SHIFT;
	return BUS_OK;
}

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	register_file_merge(peripheral, &pwr_rules, at, value, lanes);
	if (at == PMCR && value & lanes & PMCR_CSSF)
		register_file_values(peripheral)[PMSR / 4] &= ~(PMSR_STOPF | PMSR_SBF);
	return BUS_OK;
}

static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return register_file_value(peripheral, PMCR) & PMCR_LPMS;
}

/* Leaving standby is a reset that sets SBF, which only a power-on reset or CSSF clears. */
static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	uint32_t *values = register_file_values(peripheral);
	bool wakes = depth == RESET_SYSTEM && loses_core(peripheral, 0) &&
		     port_is_in_standby(peripheral->soc);
	uint32_t kept = depth == RESET_SYSTEM ? values[PMSR / 4] & PMSR_SBF : 0;

	reg_rules_reset(&pwr_rules, values, REGISTER_FILE_WORDS);
	values[PMSR / 4] = kept | (wakes ? PMSR_SBF : 0);
}

/* VOS: 3 is VOS0, the highest. */
static unsigned
voltage_range(const struct peripheral *peripheral)
{
	return VOS_LOWEST - vos(peripheral);
}

static const struct power_role pwr_role = { .loses_core = loses_core,
					    .voltage_range = voltage_range };

const struct peripheral_type pwr_h5_type = {
	.name = "PWR (H5)",
	.size = sizeof(struct register_file),
	.read = pwr_read,
	.write = pwr_write,
	.is_steady = true,
	.reset = pwr_reset,
	.power = &pwr_role,
};
