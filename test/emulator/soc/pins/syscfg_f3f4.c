/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of STM32F3 (RM0316 Rev 8, 12.1) and F4 (RM0401 Rev 3, 7.2), and with it what
 * stands at address 0: after reset as the BOOT0 pin says, then as the memory mode of the
 * first register says.
 */
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/soc_internal.h"

enum { MEMRMP = 0x00 };

#define MEMRMP_MEM_MODE UINT32_C(0x3)
enum memory_mode { MODE_FLASH = 0, MODE_SYSTEM = 1, MODE_SRAM = 3 };

static void
remap(struct peripheral *peripheral)
{
	const struct syscfg_kind *kind = peripheral->place->parameters;

	switch (register_file_value(peripheral, MEMRMP) & MEMRMP_MEM_MODE) {
	case MODE_SYSTEM:
		windows_show_at_zero(peripheral->soc, kind->system_at);
		break;
	case MODE_SRAM:
		windows_show_at_zero(peripheral->soc, kind->sram_at);
		break;
	default: /* 2 is reserved; that it shows the flash: assumption */
		windows_show_at_zero(peripheral->soc, kind->flash_at);
		break;
	}
}

/* The core that wrote may be running from what moves away: see `due`. */
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
	reg_rules_reset(NULL, register_file_values(peripheral), REGISTER_FILE_WORDS);
	peripheral->due_ns = NEVER;
}

/* RM0401 2.4, RM0316 3.5, "Boot configuration": BOOT1, the pin of the F4 and the option
 * bit of the F3, is low: assumption. */
static void
syscfg_boot(struct peripheral *peripheral)
{
	register_file_values(peripheral)[MEMRMP / 4] =
		peripheral->soc->boot0_is_high ? MODE_SYSTEM : MODE_FLASH;
	remap(peripheral);
}

static const struct boot_role syscfg_role = { .boot = syscfg_boot };

const struct peripheral_type syscfg_f3f4_type = {
	.name = "SYSCFG (F3, F4)",
	.size = sizeof(struct register_file),
	.read = register_file_read,
	.write = syscfg_write,
	.is_steady = true,
	.reset = syscfg_reset,
	.due = syscfg_due,
	.boot = &syscfg_role,
};
