/* SPDX-License-Identifier: MIT */
/*
 * STM32U0. RM0503: memory map, flash, debug support, device electronic signature. Addresses
 * agree with ST's stm32u031xx.h and stm32u083xx.h.
 *
 * The clock of DBGMCU is RCC_DBGCFGR.DBGEN by the headers; Black Magic and ST's pack set
 * RCC_APBENR1 bit 27, which is reserved in the headers.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000 };

#define U0_COMMON                                                                      \
	.option_layout = OPTION_LAYOUT_U0, .ids = { ID_AP0_40015800 },                 \
	.cores = ONE_CORE("cm0p", CORTEX_M0P, 0, 0x40003000), .has_debug_clock = true, \
	.debug_bits = DEBUG_BITS_40015800(0x40021050, 1 << 0, 0x00000006,              \
					  "DBG_STOP, DBG_STANDBY")

#define U0_FLASH(count_)                                                 \
	BANK("flash", &flash_interface_u0, 1, 0x08000000, CONTROLLER, 1, \
	     { (count_), KIB(2) })
#define U0_ROMS                        \
	SYSTEM_MEMORY(0x1fff0000, 26), \
		OTP(0x1fff6800, 1024, &flash_interface_u0, CONTROLLER)

static const struct device devices[] = {
	{
		.name = "STM32U031",
		.source = "ST's stm32u031xx.h; RM0503",
		.dev_id = 0x459,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff3ea0 },
		.max_flash_kib = 64,
		.unique_id_at = 0x1fff3e50,
		.package_at = 0x1fff3d00,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 8, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20002000, 4, MEMORY_WRITE_FIRST),
				     U0_FLASH(32), U0_ROMS),
		U0_COMMON,
	},
	{
		.name = "STM32U073/083",
		.source = "ST's stm32u083xx.h; RM0503",
		.dev_id = 0x489,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff6ea0 },
		.max_flash_kib = 256,
		.unique_id_at = 0x1fff6e50,
		.package_at = 0x1fff6d00,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 32, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20008000, 8, MEMORY_WRITE_FIRST),
				     U0_FLASH(128), U0_ROMS),
		U0_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0503; ST's stm32u083xx.h",
	FLAGS_OF_CSR(0x40021094),
	.standby = { 0x40007010, BIT(8), BIT(8) },
	.power_clock = { 0, 0x40021058, BIT(28), "RCC_APBENR1.PWREN" },
	.rdp = &read_protection_g4,
	.boot_lock = { 0x40022080, BIT(16), BIT(16) },
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022020, 16),
};

const struct device_family stm32u0_family = { "STM32U0", devices, array_len(devices),
					      &vitals, NULL };
