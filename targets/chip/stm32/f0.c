/* SPDX-License-Identifier: MIT */
/*
 * STM32F0. RM0091 Rev 9 (F0x1, F0x2, F0x8) and RM0360 (F030, F070): memory map, flash, debug
 * support (32.4.1, 32.9.3), device electronic signature. Addresses agree with ST's
 * stm32f051x8.h and its like, system memory with AN2606.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000 };

/* DBGMCU has no DBG_SLEEP here; its clock is RCC_APB2ENR.DBGMCUEN. */
#define F0_COMMON                                                                       \
	.option_layout = OPTION_LAYOUT_F0, .ids = { ID_AP0_40015800 },                  \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ffff7cc },                         \
	.unique_id_at = 0x1ffff7ac, .cores = ONE_CORE("cm0", CORTEX_M0, 0, 0x40003000), \
	.has_debug_clock = true,                                                        \
	.debug_bits = DEBUG_BITS_40015800(0x40021018, 1 << 22, 0x00000006,              \
					  "DBG_STOP, DBG_STANDBY")

#define F0_FLASH(count_, kib_)                                           \
	BANK("flash", &flash_interface_f3, 1, 0x08000000, CONTROLLER, 1, \
	     { (count_), KIB(kib_) })
#define F0_OPTIONS                                                                 \
	OPTION_BYTES("option byte memory", 1, 0x1ffff800, 16, &flash_interface_f3, \
		     CONTROLLER)
/* Option bit RAM_PARITY_CHECK 0: with parity. */
#define F0_SRAM(kib_) RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS | MEMORY_WRITE_FIRST)

static const struct device devices[] = {
	{
		.name = "STM32F051x4/051x6/051x8/058x8/030x8",
		.source = "RM0091 Rev 9; ST's stm32f051x8.h",
		.dev_id = 0x440,
		.max_flash_kib = 64,
		.memories = MEMORIES(F0_SRAM(8), F0_FLASH(64, 1),
				     SYSTEM_MEMORY(0x1fffec00, 3), F0_OPTIONS),
		F0_COMMON,
	},
	{
		.name = "STM32F031x4/031x6/038x6/030x4/030x6",
		.source = "RM0091 Rev 9; ST's stm32f031x6.h",
		.dev_id = 0x444,
		.max_flash_kib = 32,
		.memories = MEMORIES(F0_SRAM(4), F0_FLASH(32, 1),
				     SYSTEM_MEMORY(0x1fffec00, 3), F0_OPTIONS),
		F0_COMMON,
	},
	{
		.name = "STM32F042x4/042x6/048x6/070x6",
		.source = "RM0091 Rev 9; ST's stm32f042x6.h",
		.dev_id = 0x445,
		.max_flash_kib = 32,
		/* stlink has 3 KiB at 0x1fffec00, which is that of the F05x. */
		.memories = MEMORIES(F0_SRAM(6), F0_FLASH(32, 1),
				     SYSTEM_MEMORY(0x1fffc400, 13), F0_OPTIONS),
		F0_COMMON,
	},
	{
		.name = "STM32F071x8/071xB/072x8/072xB/078xB/070xB",
		.source = "RM0091 Rev 9; ST's stm32f072xb.h",
		.dev_id = 0x448,
		.max_flash_kib = 128,
		.memories = MEMORIES(F0_SRAM(16), F0_FLASH(64, 2),
				     SYSTEM_MEMORY(0x1fffc800, 12), F0_OPTIONS),
		F0_COMMON,
	},
	{
		.name = "STM32F091xB/091xC/098xC/030xC",
		.source = "RM0091 Rev 9; ST's stm32f091xc.h",
		.dev_id = 0x442,
		.max_flash_kib = 256,
		.memories = MEMORIES(F0_SRAM(32), F0_FLASH(128, 2),
				     SYSTEM_MEMORY(0x1fffd800, 8), F0_OPTIONS),
		F0_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0091 Rev 10; stm32f072xb.h",
	FLAGS_OF_CSR(0x40021024),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x4002101c, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_f3,
	.hsi_off = { 0x40021000, BIT(0), 0 },
	HARDWARE_WATCHDOG(WDG_SW, 0x1ffff800, 16),
};

const struct device_family stm32f0_family = { "STM32F0", devices, array_len(devices),
					      &vitals, NULL };
