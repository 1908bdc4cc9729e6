/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of STM32G0 (RM0444 Rev 5, 8.1.1), and with it what stands at address 0: after reset as
 * BOOT0, the boot options and the empty check say (2.5), then as CFGR1.MEM_MODE says.
 */
#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { CFGR1 = 0x00 };

#define CFGR1_MEM_MODE UINT32_C(0x3)
enum memory_mode { MODE_FLASH = 0, MODE_SYSTEM = 1, MODE_FLASH_TOO = 2, MODE_SRAM = 3 };

static const uint32_t mode_at[] = { [MODE_FLASH] = 0x08000000,
				    [MODE_SYSTEM] = 0x1FFF0000,
				    [MODE_FLASH_TOO] = 0x08000000,
				    [MODE_SRAM] = 0x20000000 };

static void
remap(struct peripheral *peripheral)
{
	windows_show_at_zero(
		peripheral->soc,
		mode_at[register_file_value(peripheral, CFGR1) & CFGR1_MEM_MODE]);
}

/* The core that wrote may be running from what moves away: see `due`. */
static enum bus_result
syscfg_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	register_file_merge(peripheral, NULL, at, value, lanes);
	if (at == CFGR1) {
		peripheral->due_ns = soc_time(peripheral->soc);
		soc_wake(peripheral->soc);
	}
	return BUS_OK;
}

static void
syscfg_due(struct peripheral *peripheral)
{
	peripheral->due_ns = NEVER;
	remap(peripheral);
}

static void
syscfg_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(NULL, register_file_values(peripheral), REGISTER_FILE_WORDS);
	peripheral->due_ns = NEVER;
}

/* The pin is PA14, which is SWCLK; it counts only while nBOOT_SEL is 0. */
static bool
boot0_is_high(const struct soc *soc, uint32_t optr)
{
	return optr & FLASH_OPTR_G0_nBOOT_SEL ? !(optr & FLASH_OPTR_G0_nBOOT0)
					      : soc->boot0_is_high;
}

/* 2.5, table "Boot modes", and "Empty check" below it. */
static enum memory_mode
boot_mode(const struct soc *soc)
{
	uint32_t optr = flash_l4g4_optr(soc->flash);

	if (flash_l4g4_locks_boot(soc->flash))
		return MODE_FLASH;
	if (boot0_is_high(soc, optr))
		return optr & FLASH_OPTR_G0_nBOOT1 ? MODE_SYSTEM : MODE_SRAM;
	return flash_l4g4_is_empty(soc->flash) ? MODE_SYSTEM : MODE_FLASH;
}

static void
syscfg_boot(struct peripheral *peripheral)
{
	register_file_values(peripheral)[CFGR1 / 4] = boot_mode(peripheral->soc);
	remap(peripheral);
}

static const struct boot_role syscfg_role = { .boot = syscfg_boot };

const struct peripheral_type syscfg_g0_type = {
	.name = "SYSCFG (G0)",
	.size = sizeof(struct register_file),
	.read = register_file_read,
	.write = syscfg_write,
	.is_steady = true,
	.reset = syscfg_reset,
	.due = syscfg_due,
	.boot = &syscfg_role,
};
