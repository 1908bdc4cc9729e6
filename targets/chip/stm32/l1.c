/* SPDX-License-Identifier: MIT */
/*
 * STM32L1. RM0038: memory map, flash and EEPROM (categories 1 to 5), debug support, device
 * electronic signature 31. Addresses agree with ST's stm32l152xb.h, stm32l152xba.h,
 * stm32l152xc.h, stm32l152xd.h and stm32l152xe.h; RAM and EEPROM of each part with stm32-data.
 *
 * Flash and EEPROM read 0 when erased. The size word of category 2 has eight bits, that of
 * category 4 is a code.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40023c00 };

#define L1_COMMON                                                      \
	.option_layout = OPTION_LAYOUT_L1, .ids = { ID_AP0_E0042000 }, \
	.cores = ONE_CORE("cm3", CORTEX_M3, 0, 0x40003000),            \
	.debug_bits = DEBUG_BITS_E0042000

#define L1_BANK(name_, number_, base_, share_, count_)                       \
	BANK(name_, &flash_interface_l1, number_, base_, CONTROLLER, share_, \
	     { (count_), 256 })
#define L1_ROMS(eeprom_kib_)                                                               \
	EEPROM("data EEPROM", 0x08080000, KIB(eeprom_kib_), &flash_interface_l1,           \
	       CONTROLLER),                                                                \
		SYSTEM_MEMORY(0x1ff00000, (eeprom_kib_) > 4 ? 8 : 4),                      \
		OPTION_BYTES("option byte memory", 1, 0x1ff80000, 32, &flash_interface_l1, \
			     CONTROLLER)
#define L1_SRAM(kib_) RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS)
/* 12 KiB in all with 384 KiB of flash. */
#define L1_EEPROM_REST \
	EEPROM("data EEPROM, the rest", 0x08082000, KIB(4), &flash_interface_l1, CONTROLLER)
#define L1_FSMC EXTERNAL("FSMC", 0x60000000, 256)

static const struct device devices[] = {
	{
		.name = "STM32L100x6/100x8/100xB/151x6/151x8/151xB/152x6/152x8/152xB",
		.source = "ST's stm32l152xb.h; RM0038",
		.dev_id = 0x416,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff8004c },
		.max_flash_kib = 128,
		.unique_id_at = 0x1ff80050,
		.memories = MEMORIES(L1_BANK("flash", 1, 0x08000000, 1, 512), L1_ROMS(4)),
		.variants = VARIANTS(PART_OF("STM32L100x6", 32, L1_SRAM(4)),
				     PART_OF("STM32L151x6", 32, L1_SRAM(10)),
				     PART_OF("STM32L152x6", 32, L1_SRAM(10)),
				     PART_OF("STM32L100x8", 64, L1_SRAM(8)),
				     PART_OF("STM32L151x8", 64, L1_SRAM(10)),
				     PART_OF("STM32L152x8", 64, L1_SRAM(10)),
				     PART_OF("STM32L100xB", 128, L1_SRAM(10)),
				     PART_OF("STM32L151xB", 128, L1_SRAM(16)),
				     PART_OF("STM32L152xB", 128, L1_SRAM(16))),
		L1_COMMON,
	},
	{
		.name = "STM32L100x6xxA/100x8xxA/100xBxxA/151x6xxA/151x8xxA/151xBxxA/"
			"152x6xxA/152x8xxA/152xBxxA",
		.source = "ST's stm32l152xba.h; RM0038",
		.dev_id = 0x429,
		.size_word = { SIZE_IN_KIB, 0x1ff8004c, 0xff, { 0 } },
		.max_flash_kib = 128,
		.unique_id_at = 0x1ff80050,
		.memories = MEMORIES(L1_BANK("flash", 1, 0x08000000, 1, 512), L1_ROMS(4)),
		.variants = VARIANTS(PART_OF("STM32L100x6xxA", 32, L1_SRAM(4)),
				     PART_OF("STM32L151x6xxA", 32, L1_SRAM(16)),
				     PART_OF("STM32L152x6xxA", 32, L1_SRAM(16)),
				     PART_OF("STM32L100x8xxA", 64, L1_SRAM(8)),
				     PART_OF("STM32L151x8xxA", 64, L1_SRAM(32)),
				     PART_OF("STM32L152x8xxA", 64, L1_SRAM(32)),
				     PART_OF("STM32L100xBxxA", 128, L1_SRAM(16)),
				     PART_OF("STM32L151xBxxA", 128, L1_SRAM(32)),
				     PART_OF("STM32L152xBxxA", 128, L1_SRAM(32))),
		L1_COMMON,
	},
	{
		.name = "STM32L100xC/151xC/152xC/162xC",
		.source = "ST's stm32l152xc.h; RM0038",
		.dev_id = 0x427,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff800cc },
		.max_flash_kib = 256,
		.unique_id_at = 0x1ff800d0,
		.memories = MEMORIES(L1_BANK("flash", 1, 0x08000000, 1, 1024), L1_ROMS(8)),
		.variants = VARIANTS(
			{ .name = "STM32L100xC", .memories = MEMORIES(L1_SRAM(16)) },
			{ .name = "STM32L151xC", .memories = MEMORIES(L1_SRAM(32)) },
			{ .name = "STM32L152xC", .memories = MEMORIES(L1_SRAM(32)) },
			{ .name = "STM32L162xC", .memories = MEMORIES(L1_SRAM(32)) }),
		L1_COMMON,
	},
	{
		.name = "STM32L151xD/152xD/162xD/151xCxxA/152xCxxA/162xCxxA",
		.source = "ST's stm32l152xd.h; RM0038",
		.dev_id = 0x436,
		.size_word = { SIZE_IN_CODES, 0x1ff800cc, 0, { 384, 256 } },
		.max_flash_kib = 384,
		.unique_id_at = 0x1ff800d0,
		.memories = MEMORIES(L1_ROMS(8), L1_FSMC),
		.variants =
			VARIANTS(PART_OF("STM32L151xCxxA", 256, L1_SRAM(32)),
				 PART_OF("STM32L152xCxxA", 256, L1_SRAM(32)),
				 PART_OF("STM32L162xCxxA", 256, L1_SRAM(32)),
				 PART_OF("STM32L151xD", 384, L1_SRAM(48), L1_EEPROM_REST),
				 PART_OF("STM32L152xD", 384, L1_SRAM(48), L1_EEPROM_REST),
				 PART_OF("STM32L162xD", 384, L1_SRAM(48), L1_EEPROM_REST)),
		/* Pages are erased by address, so the border between the banks counts for
		 * reading while writing alone. */
		.layouts = LAYOUTS(
			LAYOUT_OF("256 KiB", 256, L1_BANK("flash", 1, 0x08000000, 1, 1024)),
			LAYOUT_ELSE("384 KiB",
				    L1_BANK("flash bank 1", 1, 0x08000000, 2, 768),
				    L1_BANK("flash bank 2", 2, 0x08030000, 2, 768))),
		L1_COMMON,
	},
	{
		.name = "STM32L151xE/152xE/162xE/151xDxxX/152xDxxX/162xDxxX",
		.source = "ST's stm32l152xe.h; RM0038",
		.dev_id = 0x437,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff800cc },
		.max_flash_kib = 512,
		.unique_id_at = 0x1ff800d0,
		.memories = MEMORIES(L1_SRAM(80), L1_ROMS(16), L1_FSMC),
		/* stm32-data puts bank 2 of 384 KiB at 0x08030000, openocd at 0x08040000; the
		 * flash is in one piece either way. */
		.layouts = LAYOUTS(
			LAYOUT_OF("384 KiB", 384,
				  L1_BANK("flash bank 1", 1, 0x08000000, 0, 1024),
				  L1_BANK("flash bank 2", 2, 0x08040000, 0, 512)),
			LAYOUT_ELSE("512 KiB",
				    L1_BANK("flash bank 1", 1, 0x08000000, 2, 1024),
				    L1_BANK("flash bank 2", 2, 0x08040000, 2, 1024))),
		L1_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0038; ST's stm32l152xe.h",
	FLAGS_OF_CSR(0x40023834),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x40023824, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_l1,
	HARDWARE_WATCHDOG(IWDG_SW, 0x1ff80004, 4),
};

const struct device_family stm32l1_family = { "STM32L1", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
