/* SPDX-License-Identifier: MIT */
/*
 * SYSCFG of STM32F3 (RM0316 Rev 8, 12.1) and F4 (RM0401 Rev 3, 7.2), and with it what
 * stands at address 0: after reset as the BOOT0 pin says, then as the memory mode of the
 * first register says.
 */
#include "test/emulator/soc/soc_internal.h"

enum { MEMRMP = 0x00, WORDS = 256 };

#define MEMRMP_MEM_MODE UINT32_C(0x3)
enum memory_mode { MODE_FLASH = 0, MODE_SYSTEM = 1, MODE_SRAM = 3 };

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

static void
remap(struct syscfg *syscfg)
{
	const struct syscfg_kind *kind = syscfg->base.place->parameters;

	switch (syscfg->values[MEMRMP / 4] & MEMRMP_MEM_MODE) {
	case MODE_SYSTEM:
		windows_show_at_zero(syscfg->base.soc, kind->system_at);
		break;
	case MODE_SRAM:
		windows_show_at_zero(syscfg->base.soc, kind->sram_at);
		break;
	default: /* 2 is reserved; that it shows the flash: assumption */
		windows_show_at_zero(syscfg->base.soc, kind->flash_at);
		break;
	}
}

/* The core that wrote may be running from what moves away: see `due`. */
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
	reg_rules_reset(NULL, syscfg_of(peripheral)->values, WORDS);
	peripheral->due_ns = NEVER;
}

/* RM0401 2.4, RM0316 3.5, "Boot configuration": BOOT1, the pin of the F4 and the option
 * bit of the F3, is low: assumption. */
static void
syscfg_boot(struct peripheral *peripheral)
{
	struct syscfg *syscfg = syscfg_of(peripheral);

	syscfg->values[MEMRMP / 4] =
		peripheral->soc->boot0_is_high ? MODE_SYSTEM : MODE_FLASH;
	remap(syscfg);
}

static const struct boot_role syscfg_role = { .boot = syscfg_boot };

const struct peripheral_type syscfg_f3f4_type = {
	.name = "SYSCFG (F3, F4)",
	.size = sizeof(struct syscfg),
	.read = syscfg_read,
	.write = syscfg_write,
	.reset = syscfg_reset,
	.due = syscfg_due,
	.boot = &syscfg_role,
};
