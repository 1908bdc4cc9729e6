/* SPDX-License-Identifier: MIT */
/*
 * STM32WBA. RM0493 (WBA5), RM0515 (WBA6) and WBA2's: memory map, flash, DBGMCU, device
 * electronic signature. Addresses agree with ST's stm32wba55xx.h, stm32wba65xx.h and
 * stm32wba25xx.h, RAM of the smaller parts with stm32-data. The core and DBGMCU are behind
 * port 1.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000, FLASH_OPTR = 0x40022040, OPTR_DUAL_BANK = 1 << 21 };

#define WBA_COMMON                                                                   \
	.option_layout = OPTION_LAYOUT_WBA, .ids = { ID_AP1_E0044000, ID_TARGETID }, \
	.cores = ONE_CORE("cm33", CORTEX_M33, 1, 0x40003000)

#define WBA_FLASH(interface_, count_, kib_)                                               \
	BANK("flash", interface_, 1, 0x08000000, CONTROLLER, 1, { (count_), KIB(kib_) }), \
		FLASH_SECURE("flash", interface_, count_, kib_)
#define WBA_BANK(number_, base_, count_)                                                 \
	BANK("flash bank " #number_, &flash_interface_u5, number_, base_, CONTROLLER, 2, \
	     { (count_), KIB(8) })
#define WBA_TWO_BANKS(half_)                                       \
	WBA_BANK(1, 0x08000000, (half_) / 8),                      \
		WBA_BANK(2, 0x08000000 + KIB(half_), (half_) / 8), \
		FLASH_SECURE("flash bank 1", &flash_interface_u5, (half_) / 4, 8)
#define WBA_BY_DUAL_BANK(name_, kib_)                                      \
	LAYOUT_BY(name_, kib_, FLASH_OPTR, OPTR_DUAL_BANK, OPTR_DUAL_BANK, \
		  WBA_TWO_BANKS((kib_) / 2))
/* SRAM2 stays where the largest part has it. */
#define WBA_SRAM1(kib_) RAM_TZ("SRAM1", 0x20000000, kib_, MEMORY_FOR_LOADERS)

static const struct device devices[] = {
	{
		.name = "STM32WBA50/52/54/55/5M",
		.source = "ST's stm32wba55xx.h; RM0493",
		.dev_id = 0x492,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x0bf907a0 },
		.max_flash_kib = 1024,
		.unique_id_at = 0x0bf90700,
		.package_at = 0x0bf90500,
		.memories = MEMORIES(RAM_TZ("SRAM2", 0x20010000, 64, MEMORY_WRITE_FIRST),
				     WBA_FLASH(&flash_interface_u5, 128, 8),
				     SYSTEM_MEMORY(0x0bf88000, 32),
				     OTP(0x0bf90000, 512, &flash_interface_u5, CONTROLLER)),
		.variants = VARIANTS(PART_OF("STM32WBA5xxE", 512, WBA_SRAM1(32)),
				     PART_OF("STM32WBA5xxG", 1024, WBA_SRAM1(64))),
		.debug_bits = DEBUG_BITS_E0044000(1),
		WBA_COMMON,
	},
	{
		.name = "STM32WBA62/63/64/65",
		.source = "ST's stm32wba65xx.h; RM0515",
		.dev_id = 0x4b0,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x0bfa07a0 },
		.max_flash_kib = 2048,
		.unique_id_at = 0x0bfa0700,
		.package_at = 0x0bfa0500,
		.memories = MEMORIES(RAM_TZ("SRAM2", 0x20070000, 64, MEMORY_WRITE_FIRST),
				     SYSTEM_MEMORY(0x0bf90000, 64),
				     OTP(0x0bfa0000, 512, &flash_interface_u5, CONTROLLER)),
		.variants = VARIANTS(PART_OF("STM32WBA6xxG", 1024, WBA_SRAM1(192)),
				     PART_OF("STM32WBA6xxI", 2048, WBA_SRAM1(448))),
		.layouts = LAYOUTS(WBA_BY_DUAL_BANK("2 MiB, DUAL_BANK=1", 2048),
				   WBA_BY_DUAL_BANK("1 MiB, DUAL_BANK=1", 1024),
				   LAYOUT_ELSE("one bank",
					       WBA_FLASH(&flash_interface_u5, 256, 8))),
		.debug_bits = DEBUG_BITS_E0044000(1),
		WBA_COMMON,
	},
	/* There is a DBG_SLEEP, and no WWDG. */
	{
		.name = "STM32WBA20/23/25",
		.source = "ST's stm32wba25xx.h",
		.dev_id = 0x4b2,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x0bf8d7a0 },
		.max_flash_kib = 512,
		.unique_id_at = 0x0bf8d700,
		.package_at = 0x0bf8d500,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 64, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20010000, 32, MEMORY_WRITE_FIRST),
				     WBA_FLASH(&flash_interface_wba2, 128, 4),
				     SYSTEM_MEMORY(0x0bf85000, 32),
				     OTP(0x0bf8d000, 512, &flash_interface_wba2, CONTROLLER)),
		.debug_bits = {
			{ 1, 0xe0044004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },
			{ 1, 0xe0044008, 0x00001000, "DBG_IWDG_STOP" },
		},
		WBA_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0493; ST's stm32wba55xx.h",
	FLAGS_OF_CSR(0x46020cf4),
	.standby = { 0x46020838, BIT(2), BIT(2) },
	.power_clock = { 0, 0x46020c94, BIT(2), "RCC_AHB4ENR.PWREN" },
	.rdp = &read_protection_u5,
	.trustzone = { 0x40022040, BIT(31), BIT(31) },
	/* Of WBA6. */
	.banks_swap = { 0x40022040, BIT(20), BIT(20) },
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022040, 16),
};

const struct device_family stm32wba_family = { "STM32WBA", devices, array_len(devices),
					       &vitals, NULL };
