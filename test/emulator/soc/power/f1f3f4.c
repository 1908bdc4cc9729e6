/* SPDX-License-Identifier: MIT */
/*
 * PWR of STM32F1 (RM0008 Rev 21, 5.4), F3 (RM0316 Rev 8, 7.4) and F4 (RM0401 Rev 3, 4.4),
 * as far as low-power modes ask it; CR.PDDS decides in all three. The voltage detector is
 * left out. Families differ by their bits: struct reg_rules.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { CR = 0x00, CSR = 0x04 };

#define CR_PDDS (UINT32_C(1) << 1) /* deep sleep is standby, not stop */
#define CR_CSBF (UINT32_C(1) << 3) /* reads as 0 */
#define CSR_SBF (UINT32_C(1) << 1)

/* Reset values, and what can be written: of CSR, EWUP alone (two more in the F3, and
 * BRE in the F4). */
static const struct reg_rule f1_rules[] = {
	{ CR, 0x00000000, 0x000001F3 },
	{ CSR, 0x00000000, 0x00000100 },
};
static const struct reg_rule f3_rules[] = {
	{ CR, 0x00000000, 0x000001F3 },
	{ CSR, 0x00000000, 0x00000700 },
};
static const struct reg_rule f4_rules[] = {
	{ CR, 0x00008000, 0x0030EFF3 },
	{ CSR, 0x00000000, 0x000003C0 },
};
const struct reg_rules pwr_f1 = { f1_rules, sizeof(f1_rules) / sizeof(f1_rules[0]) };
const struct reg_rules pwr_f3 = { f3_rules, sizeof(f3_rules) / sizeof(f3_rules[0]) };
const struct reg_rules pwr_f4 = { f4_rules, sizeof(f4_rules) / sizeof(f4_rules[0]) };

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (at > CSR)
		return BUS_OK;
	if (at == CR && value & lanes & CR_CSBF)
		register_file_values(peripheral)[CSR / 4] &= ~CSR_SBF;
	return register_file_write(peripheral, at, value, lanes);
}

/* SBF tells who comes out of standby (RM0008 5.4.2), and only the power takes it back. */
static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	uint32_t *values = register_file_values(peripheral);
	uint32_t sbf = values[CSR / 4] & CSR_SBF;

	if (port_is_in_standby(peripheral->soc))
		sbf = CSR_SBF;
	reg_rules_reset(peripheral->place->parameters, values, REGISTER_FILE_WORDS);
	if (depth == RESET_SYSTEM)
		values[CSR / 4] |= sbf;
}

static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return register_file_value(peripheral, CR) & CR_PDDS;
}

static const struct power_role pwr_role = { .loses_core = loses_core };

const struct peripheral_type pwr_f1f3f4_type = {
	.name = "PWR (F1, F3, F4)",
	.size = sizeof(struct register_file),
	.read = register_file_read,
	.write = pwr_write,
	.is_steady = true,
	.reset = pwr_reset,
	.power = &pwr_role,
};
