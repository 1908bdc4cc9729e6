/* SPDX-License-Identifier: MIT */
/*
 * STM32F3. RM0316 Rev 8 (F303, F358, F398, F328), RM0364 (F334), RM0365 (F302), RM0366 (F301),
 * RM0313 (F373, F378): memory map, flash, debug support, device electronic signature.
 * Addresses agree with ST's stm32f303xc.h and its like; RAM of each part is that of its
 * data sheet's table 2, and agrees with stm32-data.
 *
 * An F302 reads the same as the F303 of its size, which has CCM SRAM beside; chip.h says what
 * follows.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000 };

#define F3_COMMON                                                                       \
	.option_layout = OPTION_LAYOUT_F3, .ids = { ID_AP0_E0042000 },                  \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ffff7cc },                         \
	.unique_id_at = 0x1ffff7ac, .cores = ONE_CORE("cm4", CORTEX_M4, 0, 0x40003000), \
	.debug_bits = DEBUG_BITS_E0042000

#define F3_FLASH(count_)                                                 \
	BANK("flash", &flash_interface_f3, 1, 0x08000000, CONTROLLER, 1, \
	     { (count_), KIB(2) })
/* stlink has 0x1ffff000 for F302/F303xB/xC and F373; RM0316 and AN2606 have 0x1fffd800 for
 * all of the family. */
#define F3_ROMS                                                                         \
	SYSTEM_MEMORY(0x1fffd800, 8), OPTION_BYTES("option byte memory", 1, 0x1ffff800, \
						   16, &flash_interface_f3, CONTROLLER)
/* Option bit SRAM_PE 0: with parity, the first 16 KiB of SRAM and all of CCM SRAM. */
#define F3_SRAM(kib_) RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS | MEMORY_WRITE_FIRST)
#define F3_CCM(kib_)  RAM("CCM SRAM", 0x10000000, kib_, MEMORY_WRITE_FIRST)

static const struct device devices[] = {
	{
		.name = "STM32F303xB/303xC/302xB/302xC/358xC",
		.source = "RM0316 Rev 8; ST's stm32f303xc.h",
		.dev_id = 0x422,
		.max_flash_kib = 256,
		.memories = MEMORIES(F3_FLASH(128), F3_ROMS),
		.variants = VARIANTS(PART_OF("STM32F302xB", 128, F3_SRAM(32)),
				     PART_OF("STM32F303xB", 128, F3_SRAM(32), F3_CCM(8)),
				     PART_OF("STM32F302xC", 256, F3_SRAM(40)),
				     PART_OF("STM32F303xC", 256, F3_SRAM(40), F3_CCM(8)),
				     PART_OF("STM32F358xC", 256, F3_SRAM(40), F3_CCM(8))),
		F3_COMMON,
	},
	{
		.name = "STM32F303xD/303xE/302xD/302xE/398xE",
		.source = "RM0316 Rev 8; ST's stm32f303xe.h",
		.dev_id = 0x446,
		.max_flash_kib = 512,
		.memories = MEMORIES(F3_SRAM(64), F3_FLASH(256), F3_ROMS,
				     EXTERNAL("FMC", 0x60000000, 768)),
		.variants = VARIANTS({ .name = "STM32F302xD",
				       .when = { 384, 384, { { 0 } } },
				       .memories = NO_MEMORIES },
				     PART_OF("STM32F303xD", 384, F3_CCM(16)),
				     { .name = "STM32F302xE",
				       .when = { 512, 512, { { 0 } } },
				       .memories = NO_MEMORIES },
				     PART_OF("STM32F303xE", 512, F3_CCM(16)),
				     PART_OF("STM32F398xE", 512, F3_CCM(16))),
		F3_COMMON,
	},
	{
		.name = "STM32F303x6/303x8/328x8/334x4/334x6/334x8",
		.source = "RM0316 Rev 8; ST's stm32f303x8.h",
		.dev_id = 0x438,
		.max_flash_kib = 64,
		.memories = MEMORIES(F3_SRAM(12), F3_CCM(4), F3_FLASH(32), F3_ROMS),
		F3_COMMON,
	},
	/* 16 KiB of SRAM: stlink's 40 is that of the F303xC. */
	{
		.name = "STM32F301x6/301x8/302x6/302x8/318x8",
		.source = "ST's stm32f301x8.h; RM0366",
		.dev_id = 0x439,
		.max_flash_kib = 64,
		.memories = MEMORIES(F3_SRAM(16), F3_FLASH(32), F3_ROMS),
		F3_COMMON,
	},
	{
		.name = "STM32F373x8/373xB/373xC/378xC",
		.source = "ST's stm32f373xc.h; RM0313",
		.dev_id = 0x432,
		.max_flash_kib = 256,
		.memories = MEMORIES(F3_FLASH(128), F3_ROMS),
		.variants = VARIANTS(PART_OF("STM32F373x8", 64, F3_SRAM(16)),
				     PART_OF("STM32F373xB", 128, F3_SRAM(24)),
				     PART_OF("STM32F373xC", 256, F3_SRAM(32)),
				     PART_OF("STM32F378xC", 256, F3_SRAM(32))),
		F3_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0316 Rev 8; stm32f303xc.h",
	FLAGS_OF_CSR(0x40021024),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x4002101c, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_f3,
	.hsi_off = { 0x40021000, BIT(0), 0 },
	HARDWARE_WATCHDOG(WDG_SW, 0x1ffff800, 16),
};

const struct device_family stm32f3_family = { "STM32F3", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
