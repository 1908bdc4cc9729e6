/* SPDX-License-Identifier: MIT */
/*
 * STM32U3. RM0487: memory map, flash organization, FLASH_OPTR, DBGMCU, device electronic
 * signature. Addresses agree with ST's stm32u385xx.h and stm32u3c5xx.h, banks with
 * stm32-data. U335, U345, U356 and U366 are announced; no source has their DEV_ID.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000, FLASH_OPTR = 0x40022040, OPTR_DUALBANK = 1 << 21 };

#define U3_COMMON                                                                   \
	.option_layout = OPTION_LAYOUT_U3, .ids = { ID_AP0_E0044000, ID_TARGETID }, \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x0bfa07a0 },                     \
	.unique_id_at = 0x0bfa0700, .package_at = 0x0bfa0500,                       \
	.cores = ONE_CORE("cm33", CORTEX_M33, 0, 0x40003000),                       \
	.debug_bits = DEBUG_BITS_E0044000(0)

#define U3_BANK(name_, number_, base_, share_, count_)                       \
	BANK(name_, &flash_interface_u3, number_, base_, CONTROLLER, share_, \
	     { (count_), KIB(4) })
#define U3_TWO_BANKS(half_)                                                          \
	U3_BANK("flash bank 1", 1, 0x08000000, 2, (half_) / 4),                      \
		U3_BANK("flash bank 2", 2, 0x08000000 + KIB(half_), 2, (half_) / 4), \
		FLASH_SECURE("flash bank 1", &flash_interface_u3, (half_) / 2, 4)
/* Two banks with the whole flash; DUALBANK counts on smaller parts. */
#define U3_LAYOUTS(kib_, name_, half_name_)                                             \
	LAYOUTS(LAYOUT_OF(name_, kib_, U3_TWO_BANKS((kib_) / 2)),                       \
		LAYOUT_BY(half_name_, (kib_) / 2, FLASH_OPTR, OPTR_DUALBANK,            \
			  OPTR_DUALBANK, U3_TWO_BANKS((kib_) / 4)),                     \
		LAYOUT_ELSE("one bank", U3_BANK("flash", 1, 0x08000000, 1, (kib_) / 4), \
			    FLASH_SECURE("flash", &flash_interface_u3, (kib_) / 4, 4)))
#define U3_ROMS                         \
	SYSTEM_MEMORY(0x0bf80000, 128), \
		OTP(0x0bfa0000, 512, &flash_interface_u3, CONTROLLER)

static const struct device devices[] = {
	{
		.name = "STM32U375/385",
		.source = "ST's stm32u385xx.h; RM0487",
		.dev_id = 0x454,
		.max_flash_kib = 1024,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 192, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20030000, 64, MEMORY_WRITE_FIRST),
				     U3_ROMS, EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = U3_LAYOUTS(1024, "1 MiB", "512 KiB, DUALBANK=1"),
		U3_COMMON,
	},
	{
		.name = "STM32U3B5/3C5",
		.source = "ST's stm32u3c5xx.h; RM0487",
		.dev_id = 0x42a,
		.max_flash_kib = 2048,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 192, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20030000, 64, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x20040000, 320, 0),
				     RAM_TZ("SRAM4", 0x20090000, 64, 0), U3_ROMS,
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = U3_LAYOUTS(2048, "2 MiB", "1 MiB, DUALBANK=1"),
		U3_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0487; ST's stm32u385xx.h",
	FLAGS_OF_CSR(0x40030d14),
	.standby = { 0x40030838, BIT(2), BIT(2) },
	.power_clock = { 0, 0x40030c94, BIT(2), "RCC_AHB1ENR2.PWREN" },
	.rdp = &read_protection_u5,
	.trustzone = { 0x40022040, BIT(31), BIT(31) },
	.banks_swap = { 0x40022040, BIT(20), BIT(20) },
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022040, 16),
};

const struct device_family stm32u3_family = { "STM32U3", devices, array_len(devices),
					      &vitals, NULL };
