/* SPDX-License-Identifier: MIT */
/*
 * PWR of STM32L4 (RM0351 Rev 9, 5.4), STM32G4 (RM0440 Rev 8, 6.4) and STM32G0 (RM0444 Rev 5, 4.4), as far as
 * start-up code and low-power modes ask it: voltage scaling is ready at once, SCR
 * clears what SR1 shows, SR1 tells who comes from standby. Sections are RM0440's.
 */
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/soc_internal.h"

/* 6.4.1, LPMS: from here on standby and shutdown. */
#define CR1_LPMS        UINT32_C(0x7)
#define CR1_VOS         UINT32_C(0x600)
#define CR1_VOS_RANGE_2 UINT32_C(0x400)
enum { LPMS_STANDBY = 3, LPMS_SHUTDOWN = 4 }; /* STOP0 to STOP2 below, RM0351 5.4.1 */

/* 6.4.5 */
#define SR1_SBF (UINT32_C(1) << 8)

enum { CR1 = 0x00, CR3 = 0x08, SR1 = 0x10, SR2 = 0x14, SCR = 0x18, CR5 = 0x80 };

static const struct reg_rule g4_rules[] = {
	{ CR1, 0x00000200, 0x0000470F },
	{ CR3, 0x00008000, 0xFFFFFFFF },
	{ SR1, 0x00000000, 0x00000000 },
	{ SR2, 0x00000100, 0x00000000 }, /* REGLPS: the low-power regulator is ready */
	{ CR5, 0x00000100, 0x00000100 },
};
const struct reg_rules pwr_g4 = { g4_rules, sizeof(g4_rules) / sizeof(g4_rules[0]) };

/* RM0351 5.4.1 to 5.4.6; it has no CR5. */
static const struct reg_rule l4_rules[] = {
	{ CR1, 0x00000200, 0x00004707 },
	{ CR3, 0x00008000, 0x0000851F },
	{ SR1, 0x00000000, 0x00000000 },
	{ SR2, 0x00000100, 0x00000000 },
};
const struct reg_rules pwr_l4 = { l4_rules, sizeof(l4_rules) / sizeof(l4_rules[0]) };

/* RM0444 4.4; that SR2 has FLASH_RDY beside REGLPS after reset is from memory. */
static const struct reg_rule g0_rules[] = {
	{ CR1, 0x00000208, 0x0000473F },
	{ CR3, 0x00008000, 0xFFFFFFFF },
	{ SR1, 0x00000000, 0x00000000 },
	{ SR2, 0x00000180, 0x00000000 },
};
const struct reg_rules pwr_g0 = { g0_rules, sizeof(g0_rules) / sizeof(g0_rules[0]) };

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	if (at != SCR)
		return register_file_write(peripheral, at, value, lanes);
	register_file_values(peripheral)[SR1 / 4] &= ~(value & lanes);
	return BUS_OK;
}

/* 6.3.9: leaving standby is a reset that keeps CR3 and sets SBF. Leaving shutdown is a
 * power-on reset to all but the backup domain (6.3.10). */
static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	uint32_t *values = register_file_values(peripheral);
	uint32_t cr3 = values[CR3 / 4], sr1 = values[SR1 / 4];
	bool wakes = depth == RESET_SYSTEM &&
		     (values[CR1 / 4] & CR1_LPMS) == LPMS_STANDBY &&
		     port_is_in_standby(peripheral->soc);

	reg_rules_reset(peripheral->place->parameters, values, REGISTER_FILE_WORDS);
	if (!wakes)
		return;
	values[CR3 / 4] = cr3;
	values[SR1 / 4] = sr1 | SR1_SBF;
}

static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return (register_file_value(peripheral, CR1) & CR1_LPMS) >= LPMS_STANDBY;
}

/* VOS: 1 is range 1; 0 and 3 are forbidden (RM0351 5.4.1). */
static unsigned
voltage_range(const struct peripheral *peripheral)
{
	return (register_file_value(peripheral, CR1) & CR1_VOS) == CR1_VOS_RANGE_2 ? 2 : 1;
}

static const struct power_role pwr_role = { .loses_core = loses_core,
					    .voltage_range = voltage_range };

const struct peripheral_type pwr_l4g4_type = {
	.name = "PWR (L4, G4, G0)",
	.size = sizeof(struct register_file),
	.read = register_file_read,
	.write = pwr_write,
	.is_steady = true,
	.reset = pwr_reset,
	.power = &pwr_role,
};
