/* SPDX-License-Identifier: MIT */
/*
 * STM32L5. RM0438: memory map, flash organization, FLASH_OPTR, DBGMCU, device electronic
 * signature. Addresses agree with ST's stm32l562xx.h, layouts by option bits with openocd's
 * stm32l4x.c. Pages are of 2 KiB in two banks and of 4 KiB in one.
 *
 * RM0438 has DEV_ID in TARGETID without the shift that other parts have; id_place.c takes
 * both.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000, FLASH_OPTR = 0x40022040 };
enum { OPTR_DB256K = 1 << 21, OPTR_DBANK = 1 << 22 };

#define L5_BANK(name_, number_, base_, share_, count_, kib_)                 \
	BANK(name_, &flash_interface_l5, number_, base_, CONTROLLER, share_, \
	     { (count_), KIB(kib_) })
#define L5_TWO_BANKS(half_)                                                             \
	L5_BANK("flash bank 1", 1, 0x08000000, 2, (half_) / 2, 2),                      \
		L5_BANK("flash bank 2", 2, 0x08000000 + KIB(half_), 2, (half_) / 2, 2), \
		FLASH_SECURE("flash bank 1", &flash_interface_l5, (half_), 2)

static const struct device devices[] = {
	{
		.name = "STM32L552/562",
		.source = "ST's stm32l562xx.h; RM0438",
		.dev_id = 0x472,
		.option_layout = OPTION_LAYOUT_L5,
		.ids = { ID_AP0_E0044000, ID_TARGETID },
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x0bfa05e0 },
		.max_flash_kib = 512,
		.unique_id_at = 0x0bfa0590,
		.package_at = 0x0bfa0500,
		.cores = ONE_CORE("cm33", CORTEX_M33, 0, 0x40003000),
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 192, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20030000, 64,
					    MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST),
				     SYSTEM_MEMORY(0x0bf90000, 32),
				     OTP(0x0bfa0000, 512, &flash_interface_l5, CONTROLLER),
				     EXTERNAL("FMC", 0x60000000, 256),
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = LAYOUTS(
			LAYOUT_BY("512 KiB, DBANK=1", 512, FLASH_OPTR, OPTR_DBANK,
				  OPTR_DBANK, L5_TWO_BANKS(256)),
			LAYOUT_BY("256 KiB, DB256K=1", 256, FLASH_OPTR, OPTR_DB256K,
				  OPTR_DB256K, L5_TWO_BANKS(128)),
			LAYOUT_ELSE("one bank", L5_BANK("flash", 1, 0x08000000, 1, 128, 4),
				    FLASH_SECURE("flash", &flash_interface_l5, 128, 4))),
		.debug_bits = DEBUG_BITS_E0044000(0),
	},
};

static const struct vitals vitals = {
	.source = "RM0438; ST's stm32l552xx.h",
	FLAGS_OF_CSR(0x40021094),
	.standby = { 0x40007010, BIT(8), BIT(8) },
	.power_clock = { 0, 0x40021058, BIT(28), "RCC_APB1ENR1.PWREN" },
	.rdp = &read_protection_u5,
	.trustzone = { 0x40022040, BIT(31), BIT(31) },
	.banks_swap = { 0x40022040, BIT(20), BIT(20) },
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022040, 16),
};

const struct device_family stm32l5_family = { "STM32L5", devices, array_len(devices),
					      &vitals, &trace_unit_e0044004 };
