/* SPDX-License-Identifier: MIT */
/*
 * PWR of the STM32F1 (RM0008 Rev 21, 5.4), as far as low-power modes ask it. The
 * voltage detector is left out, and that SBF tells of a standby.
 */
#include "test/emulator/soc/peripheral.h"

enum { CR = 0x00, CSR = 0x04, WORDS = 2 };

#define CR_PDDS      (UINT32_C(1) << 1)   /* deep sleep is standby, not stop */
#define CR_CLEARS    UINT32_C(0x0000000C) /* CWUF and CSBF read as 0 */
#define CR_WRITABLE  (UINT32_C(0x000001FF) & ~CR_CLEARS)
#define CSR_WRITABLE (UINT32_C(1) << 8) /* EWUP */

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
	*value = at / 4 < WORDS ? pwr_of(peripheral)->values[at / 4] : 0;
	return BUS_OK;
}

static enum bus_result
pwr_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	uint32_t *values = pwr_of(peripheral)->values;

	if (at == CR)
		values[CR / 4] = reg_merge(values[CR / 4], value, lanes & CR_WRITABLE);
	else if (at == CSR)
		values[CSR / 4] = reg_merge(values[CSR / 4], value, lanes & CSR_WRITABLE);
	return BUS_OK;
}

static void
pwr_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(NULL, pwr_of(peripheral)->values, WORDS);
}

static bool
loses_core(const struct peripheral *peripheral, unsigned core)
{
	(void)core;
	return CONST_CONTAINER_OF(peripheral, struct pwr, base)->values[CR / 4] & CR_PDDS;
}

static const struct power_role pwr_role = { loses_core };

const struct peripheral_type pwr_f1_type = {
	.name = "PWR (F1)",
	.size = sizeof(struct pwr),
	.read = pwr_read,
	.write = pwr_write,
	.reset = pwr_reset,
	.power = &pwr_role,
};
