/* SPDX-License-Identifier: MIT */
/*
 * STM32F2. RM0033: memory map 2.3, flash (PM0059), debug support, device electronic
 * signature. Addresses agree with ST's stm32f205xx.h.
 *
 * DEV_ID 0x411 is that of early F4 silicon too (revision A), which has a Cortex-M4 and says
 * 0x413 in its ROM table.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40023c00 };

#define F2_SRAM1(kib_) RAM("SRAM1", 0x20000000, kib_, MEMORY_FOR_LOADERS)

static const struct device devices[] = {
	{
		.name = "STM32F205/207/215/217",
		.source = "ST's stm32f205xx.h; RM0033",
		.dev_id = 0x411,
		.option_layout = OPTION_LAYOUT_F2,
		.ids = { ID_AP0_E0042000 },
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff7a22 },
		.max_flash_kib = 1024,
		.unique_id_at = 0x1fff7a10,
		.cores = ONE_CORE("cm3", CORTEX_M3, 0, 0x40003000),
		.memories = MEMORIES(RAM("SRAM2", 0x2001c000, 16, 0),
				     RAM("backup SRAM", 0x40024000, 4, MEMORY_NEEDS_SETUP),
				     BANK("flash", &flash_interface_f4, 1, 0x08000000,
					  CONTROLLER, 1, { 4, KIB(16) }, { 1, KIB(64) },
					  { 7, KIB(128) }),
				     SYSTEM_MEMORY(0x1fff0000, 30),
				     OTP_WITH_LOCKS(0x1fff7800, 528, 32,
						    &flash_interface_f4, CONTROLLER),
				     OPTION_BYTES("option byte memory", 1, 0x1fffc000, 16,
						  &flash_interface_f4, CONTROLLER),
				     EXTERNAL("FSMC", 0x60000000, 1024)),
		/* Data sheets, table 2: SRAM1 is smaller in the small F205. */
		.variants = VARIANTS(PART_OF("STM32F205xB", 128, F2_SRAM1(48)),
				     PART_OF("STM32F205xC", 256, F2_SRAM1(80)),
				     PART_OF("STM32F207xC", 256, F2_SRAM1(112)),
				     { .name = "STM32F20xxx",
				       .when = { 512, 1024, { { 0 } } },
				       .memories = MEMORIES(F2_SRAM1(112)) },
				     { .name = "STM32F21xxx",
				       .when = { 512, 1024, { { 0 } } },
				       .memories = MEMORIES(F2_SRAM1(112)) }),
		.debug_bits = DEBUG_BITS_E0042000,
	},
};

static const struct vitals vitals = {
	.source = "RM0033 Rev 9; stm32f207xx.h",
	FLAGS_OF_CSR_WITH_BOR(0x40023874),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x40023840, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_f4,
};

const struct device_family stm32f2_family = { "STM32F2", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
