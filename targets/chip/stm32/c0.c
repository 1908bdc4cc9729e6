/* SPDX-License-Identifier: MIT */
/*
 * STM32C0. RM0490: memory map, flash, debug support, device electronic signature. Addresses
 * agree with ST's stm32c031xx.h and its like, system memory with stlink's chip files.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000 };

/* DBGMCU's clock is RCC_APBENR1.DBGEN. */
#define C0_COMMON                                                                      \
	.option_layout = OPTION_LAYOUT_C0, .ids = { ID_AP0_40015800 },                 \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff75a0 },                        \
	.unique_id_at = 0x1fff7550, .package_at = 0x1fff7500,                          \
	.cores = ONE_CORE("cm0p", CORTEX_M0P, 0, 0x40003000), .has_debug_clock = true, \
	.debug_bits = DEBUG_BITS_40015800(0x4002103c, 1 << 27, 0x00000006,             \
					  "DBG_STOP, DBG_STANDBY")

#define C0_FLASH(count_)                                                 \
	BANK("flash", &flash_interface_c0, 1, 0x08000000, CONTROLLER, 1, \
	     { (count_), KIB(2) })
#define C0_ROMS                                                         \
	SYSTEM_MEMORY(0x1fff0000, 6),                                   \
		OTP(0x1fff7000, 1024, &flash_interface_c0, CONTROLLER), \
		OPTION_BYTES("option byte memory", 1, 0x1fff7800, 128,  \
			     &flash_interface_c0, CONTROLLER)
#define C0_SRAM(kib_) RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS | MEMORY_WRITE_FIRST)

static const struct device devices[] = {
	{
		.name = "STM32C011",
		.source = "ST's stm32c011xx.h; RM0490",
		.dev_id = 0x443,
		.max_flash_kib = 32,
		.memories = MEMORIES(C0_SRAM(6), C0_FLASH(16), C0_ROMS),
		C0_COMMON,
	},
	{
		.name = "STM32C031",
		.source = "ST's stm32c031xx.h; RM0490",
		.dev_id = 0x453,
		.max_flash_kib = 32,
		.memories = MEMORIES(C0_SRAM(12), C0_FLASH(16), C0_ROMS),
		C0_COMMON,
	},
	{
		.name = "STM32C051",
		.source = "ST's stm32c051xx.h; RM0490",
		.dev_id = 0x44c,
		.max_flash_kib = 64,
		.memories = MEMORIES(C0_SRAM(12), C0_FLASH(32), C0_ROMS),
		C0_COMMON,
	},
	{
		.name = "STM32C071",
		.source = "ST's stm32c071xx.h; RM0490",
		.dev_id = 0x493,
		.max_flash_kib = 128,
		.memories = MEMORIES(C0_SRAM(24), C0_FLASH(64), C0_ROMS),
		C0_COMMON,
	},
	/* No register tells a C091 from a C092, which has 6 KiB less. */
	{
		.name = "STM32C091/092",
		.source = "ST's stm32c092xx.h; RM0490",
		.dev_id = 0x44d,
		.max_flash_kib = 256,
		.memories = MEMORIES(C0_FLASH(128), C0_ROMS),
		.variants = VARIANTS(
			{ .name = "STM32C091", .memories = MEMORIES(C0_SRAM(36)) },
			{ .name = "STM32C092", .memories = MEMORIES(C0_SRAM(30)) }),
		C0_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0490; ST's stm32c031xx.h",
	FLAGS_OF_CSR(0x40021060),
	.standby = { 0x40007010, BIT(8), BIT(8) },
	.power_clock = { 0, 0x4002103c, BIT(28), "RCC_APBENR1.PWREN" },
	.rdp = &read_protection_g4,
	.boot_lock = { 0x40022080, BIT(16), BIT(16) },
	.boot0_is_swclk = { 0x40022020, BIT(24), 0 }, /* FLASH_OPTR.nBOOT_SEL; PA14-BOOT0 */
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022020, 16),
};

const struct device_family stm32c0_family = { "STM32C0", devices, array_len(devices),
					      &vitals, NULL };
