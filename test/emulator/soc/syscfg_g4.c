/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of the STM32G4 (RM0440 Rev 8, 10.2), and with it what stands at address
 * 0: after reset as the boot options say, then as MEMRMP says (2.6.1).
 */
#include "test/emulator/soc/flash_g4.h"
#include "test/emulator/soc/soc_internal.h"

enum { MEMRMP = 0x00, CFGR1 = 0x04, WORDS = 256 };

#define MEMRMP_MEM_MODE UINT32_C(0x7)
enum memory_mode { MODE_FLASH = 0, MODE_SYSTEM = 1, MODE_SRAM1 = 3 };

static const uint32_t mode_at[] = {
	[MODE_FLASH] = 0x08000000, [MODE_SYSTEM] = 0x1FFF0000, [MODE_SRAM1] = 0x20000000
};

static const struct reg_rule rules[] = {
	{ CFGR1, 0x7C000001, 0xFFFFFFFF },
};
static const struct reg_rules syscfg_rules = { rules, sizeof(rules) / sizeof(rules[0]) };

struct syscfg {
	struct peripheral base;
	uint32_t values[WORDS];
};

static struct syscfg *
syscfg_of(struct peripheral *peripheral)
{
	return CONTAINER_OF(peripheral, struct syscfg, base);
}

static enum bus_result
syscfg_read(struct peripheral *peripheral, uint32_t at, uint32_t *value)
{
	*value = syscfg_of(peripheral)->values[at / 4 % WORDS];
	return BUS_OK;
}

/* Modes 2 and 4 are FMC and QUADSPI, which this board has not: nothing is there. */
static void
remap(struct syscfg *syscfg)
{
	uint32_t mode = syscfg->values[MEMRMP / 4] & MEMRMP_MEM_MODE;
	bool is_memory = mode == MODE_FLASH || mode == MODE_SYSTEM || mode == MODE_SRAM1;

	if (is_memory)
		windows_show_at_zero(syscfg->base.soc, mode_at[mode]);
	else
		windows_hide(syscfg->base.soc, 0);
}

static enum bus_result
syscfg_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	struct syscfg *syscfg = syscfg_of(peripheral);
	uint32_t *word = &syscfg->values[at / 4 % WORDS];

	*word = reg_merge(*word, value, lanes);
	if (at == MEMRMP) {
		peripheral->due_ns = soc_time(peripheral->soc);
		soc_wake(peripheral->soc);
	}
	return BUS_OK;
}

static void
syscfg_due(struct peripheral *peripheral)
{
	peripheral->due_ns = NEVER;
	remap(syscfg_of(peripheral));
}

static void
syscfg_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(&syscfg_rules, syscfg_of(peripheral)->values, WORDS);
	peripheral->due_ns = NEVER;
}

/* Table "Boot modes" (RM0440 Rev 8, 2.6): the BOOT0 pin is low on all our boards. */
static void
syscfg_boot(struct peripheral *peripheral)
{
	struct syscfg *syscfg = syscfg_of(peripheral);
	uint32_t optr =
		peripheral->soc->flash ? flash_g4_optr(peripheral->soc->flash) : UINT32_MAX;
	bool boot0 = !(optr & FLASH_OPTR_nSWBOOT0) && !(optr & FLASH_OPTR_nBOOT0);
	uint32_t mode = MODE_FLASH;

	if (boot0)
		mode = optr & FLASH_OPTR_nBOOT1 ? MODE_SYSTEM : MODE_SRAM1;
	syscfg->values[MEMRMP / 4] = mode;
	remap(syscfg);
}

static const struct boot_role syscfg_role = { .boot = syscfg_boot };

const struct peripheral_type syscfg_g4_type = {
	.name = "SYSCFG (G4)",
	.size = sizeof(struct syscfg),
	.read = syscfg_read,
	.write = syscfg_write,
	.reset = syscfg_reset,
	.due = syscfg_due,
	.boot = &syscfg_role,
};
