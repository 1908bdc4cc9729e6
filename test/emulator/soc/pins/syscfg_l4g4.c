/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of STM32L4 (RM0351 Rev 9, 9.2) and STM32G4 (RM0440 Rev 8, 10.2), and with it
 * what stands at address 0: after reset as BOOT0 and the boot options say (2.6 of
 * both), then as MEMRMP says.
 */
#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { MEMRMP = 0x00, CFGR1 = 0x04 };

#define MEMRMP_MEM_MODE UINT32_C(0x7)
#define MEMRMP_FB_MODE  UINT32_C(0x100)
enum memory_mode { MODE_FLASH = 0, MODE_SYSTEM = 1, MODE_SRAM1 = 3 };

static const uint32_t mode_at[] = {
	[MODE_FLASH] = 0x08000000, [MODE_SYSTEM] = 0x1FFF0000, [MODE_SRAM1] = 0x20000000
};

static const struct reg_rule rules[] = {
	{ CFGR1, 0x7C000001, 0xFFFFFFFF },
};
static const struct reg_rules syscfg_rules = { rules, sizeof(rules) / sizeof(rules[0]) };

/* The other modes are FMC and QUADSPI, which these boards have not: nothing is there. */
static void
remap(struct peripheral *peripheral)
{
	uint32_t mode = register_file_value(peripheral, MEMRMP) & MEMRMP_MEM_MODE;
	bool is_memory = mode == MODE_FLASH || mode == MODE_SYSTEM || mode == MODE_SRAM1;

	if (peripheral->soc->flash)
		flash_l4g4_swap(peripheral->soc->flash,
				register_file_value(peripheral, MEMRMP) & MEMRMP_FB_MODE);
	if (is_memory)
		windows_show_at_zero(peripheral->soc, mode_at[mode]);
	else
		windows_hide(peripheral->soc, 0);
}

static enum bus_result
syscfg_write(struct peripheral *peripheral, uint32_t at, uint32_t value, uint32_t lanes)
{
	register_file_merge(peripheral, NULL, at, value, lanes);
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
	remap(peripheral);
}

static void
syscfg_reset(struct peripheral *peripheral, enum reset_depth depth)
{
	(void)depth;
	reg_rules_reset(&syscfg_rules, register_file_values(peripheral),
			REGISTER_FILE_WORDS);
	peripheral->due_ns = NEVER;
}

/* Table "Boot modes": the pin, or where there is nSWBOOT0 and it is 0, the option. */
static bool
boot0_is_high(const struct soc *soc, uint32_t optr)
{
	if (flash_l4g4_has_nswboot0(soc->flash) && !(optr & FLASH_OPTR_nSWBOOT0))
		return !(optr & FLASH_OPTR_nBOOT0);
	return soc->boot0_is_high;
}

/* BFB2 (RM0351 2.6.1, RM0440 2.6.2): the boot loader starts instead of the flash, and
 * goes on to bank 2, else to bank 1, whichever begins with a stack (AN2606, "Dual bank
 * boot"). It is not there to run, so its choice is made here. */
static uint32_t
bank_choose(const struct peripheral *flash)
{
	if (flash_l4g4_bank_is_bootable(flash, 1))
		return MODE_FLASH | MEMRMP_FB_MODE;
	return flash_l4g4_bank_is_bootable(flash, 0) ? MODE_FLASH : MODE_SYSTEM;
}

static void
syscfg_boot(struct peripheral *peripheral)
{
	struct soc *soc = peripheral->soc;
	uint32_t optr = flash_l4g4_optr(soc->flash), mode = MODE_FLASH;

	if (boot0_is_high(soc, optr))
		mode = optr & FLASH_OPTR_nBOOT1 ? MODE_SYSTEM : MODE_SRAM1;
	else if (optr & FLASH_OPTR_BFB2)
		mode = bank_choose(soc->flash);
	register_file_values(peripheral)[MEMRMP / 4] = mode;
	remap(peripheral);
}

static const struct boot_role syscfg_role = { .boot = syscfg_boot };

const struct peripheral_type syscfg_l4g4_type = {
	.name = "SYSCFG (L4, G4)",
	.size = sizeof(struct register_file),
	.read = register_file_read,
	.write = syscfg_write,
	.is_steady = true,
	.reset = syscfg_reset,
	.due = syscfg_due,
	.boot = &syscfg_role,
};
