/* SPDX-License-Identifier: MIT */
/*
 * STM32F1. RM0008 Rev 21 (RM0041 Rev 6 for the value line): memory map 3.3, debug
 * (DBGMCU_IDCODE 31.6.1, DBGMCU_CR), device electronic signature 30. Flash pages,
 * controller, option bytes and system memory: PM0075 Rev 2, PM0068 Rev 2 for XL
 * density, PM0063 Rev 2 for the value line. RAM of each part: table 2 of its data
 * sheet (DS5319 Rev 18 for the STM32F103x8/xB; DocID15274 Rev 9 has 64 KiB for all of
 * the connectivity line). Addresses agree with ST's stm32f103xg.h and its like.
 *
 * An STM32F101 reads the same as an F102 or F103 of its size, so their rows fit
 * together; chip.h says what follows.
 */
#include "targets/chip/stm32/families.h"
#include "targets/chip/trace_unit.h"
#include "targets/chip/vitals.h"

enum { CONTROLLER_1 = 0x40022000 };
/* FLASH_KEYR2 to FLASH_AR2 lie 0x40 above those of bank 1 (PM0068, register map). */
enum { CONTROLLER_2 = 0x40022040 };
enum { SIZE_WORD = 0x1ffff7e0, FSMC_KIB = 1024 * 1024 };

#define F1_COMMON                                                                          \
	.option_layout = OPTION_LAYOUT_F1, .ids = { ID_AP0_E0042000 },                     \
	.size_word = { .kind = SIZE_IN_KIB, .at = SIZE_WORD }, .unique_id_at = 0x1ffff7e8, \
	.cores = { { .name = "cm3", .kind = CORTEX_M3, .watchdog_at = 0x40003000 } },      \
	.debug_bits = { { 0, 0xe0042004, 0x00000307,                                       \
			  "DBG_SLEEP, DBG_STOP, DBG_STANDBY, DBG_IWDG_STOP, "              \
			  "DBG_WWDG_STOP" } }

#define FLASH(name_, number_, base_, registers_, share_, count, size_)       \
	{                                                                    \
		.name = (name_), .kind = MEMORY_FLASH, .base = (base_),      \
		.interface = &flash_interface_f1, .registers = (registers_), \
		.number = (number_), .share = (share_), .runs = {            \
			{ (count), (size_) }                                 \
		}                                                            \
	}
#define ONE_BANK(count, size_) FLASH("flash", 1, 0x08000000, CONTROLLER_1, 1, count, size_)

#define SYSTEM_MEMORY(base_, kib)                                                 \
	{                                                                         \
		.name = "system memory (boot loader)", .kind = MEMORY_SYSTEM_ROM, \
		.base = (base_), .size = KIB(kib)                                 \
	}
#define OPTION_BYTES                                                              \
	{                                                                         \
		.name = "option byte memory", .kind = MEMORY_OPTION_BYTES,        \
		.base = 0x1ffff800, .size = 16, .interface = &flash_interface_f1, \
		.registers = CONTROLLER_1                                         \
	}
#define FSMC                                                                              \
	{                                                                                 \
		.name = "external memory (FSMC)", .region = WINDOW_OF("FSMC"),            \
		.kind = MEMORY_EXTERNAL, .flags = MEMORY_NEEDS_SETUP, .base = 0x60000000, \
		.size = KIB(FSMC_KIB)                                                     \
	}

#define SRAM(kib)                                                                \
	{                                                                        \
		.name = "SRAM", .kind = MEMORY_RAM, .flags = MEMORY_FOR_LOADERS, \
		.base = 0x20000000, .size = KIB(kib)                             \
	}
/* A part with that much flash, and that much RAM. */
#define PART(name_, flash_kib, ram_kib)                                           \
	{                                                                         \
		.name = (name_), .when = { (flash_kib), (flash_kib), { { 0 } } }, \
		.memories = MEMORIES(SRAM(ram_kib))                               \
	}

/* Bank 1 has 512 KiB in both sizes. */
#define XL_BANKS(share_1, share_2, count_2)                                                \
	MEMORIES(FLASH("flash bank 1", 1, 0x08000000, CONTROLLER_1, share_1, 256, KIB(2)), \
		 FLASH("flash bank 2", 2, 0x08080000, CONTROLLER_2, share_2, count_2,      \
		       KIB(2)))

static const struct device devices[] = {
	{
		.name = "STM32F103x4/103x6/102x4/102x6/101x4/101x6",
		.source = "RM0008 Rev 21, PM0075 Rev 2",
		.dev_id = 0x412,
		.max_flash_kib = 32,
		.memories = MEMORIES(ONE_BANK(32, KIB(1)), SYSTEM_MEMORY(0x1ffff000, 2),
				     OPTION_BYTES),
		.variants =
			VARIANTS(PART("STM32F101x4", 16, 4), PART("STM32F102x4", 16, 4),
				 PART("STM32F103x4", 16, 6), PART("STM32F101x6", 32, 6),
				 PART("STM32F102x6", 32, 6), PART("STM32F103x6", 32, 10)),
		F1_COMMON,
	},
	{
		.name = "STM32F103x8/103xB/102x8/102xB/101x8/101xB",
		.source = "RM0008 Rev 21, PM0075 Rev 2",
		.dev_id = 0x410,
		.max_flash_kib = 128,
		.memories = MEMORIES(ONE_BANK(128, KIB(1)), SYSTEM_MEMORY(0x1ffff000, 2),
				     OPTION_BYTES),
		.variants = VARIANTS(
			PART("STM32F101x8", 64, 10), PART("STM32F102x8", 64, 10),
			PART("STM32F103x8", 64, 20), PART("STM32F101xB", 128, 16),
			PART("STM32F102xB", 128, 16), PART("STM32F103xB", 128, 20)),
		F1_COMMON,
	},
	{
		.name = "STM32F103xC/103xD/103xE/101xC/101xD/101xE",
		.source = "RM0008 Rev 21, PM0075 Rev 2",
		.dev_id = 0x414,
		.max_flash_kib = 512,
		.memories = MEMORIES(ONE_BANK(256, KIB(2)), SYSTEM_MEMORY(0x1ffff000, 2),
				     OPTION_BYTES, FSMC),
		/* DS5792, table 2: 64 KiB beside 256 KiB of flash in WLCSP packages only. */
		.variants = VARIANTS(
			PART("STM32F101xC", 256, 32), PART("STM32F103xC", 256, 48),
			PART("STM32F103RCY", 256, 64), PART("STM32F101xD", 384, 48),
			PART("STM32F103xD", 384, 64), PART("STM32F101xE", 512, 48),
			PART("STM32F103xE", 512, 64)),
		F1_COMMON,
	},
	{
		.name = "STM32F103xF/103xG/101xF/101xG",
		.source = "RM0008 Rev 21, PM0068 Rev 2",
		.dev_id = 0x430,
		.max_flash_kib = 1024,
		.memories = MEMORIES(SYSTEM_MEMORY(0x1fffe000, 6), OPTION_BYTES, FSMC),
		.variants = VARIANTS(
			PART("STM32F101xF", 768, 80), PART("STM32F103xF", 768, 96),
			PART("STM32F101xG", 1024, 80), PART("STM32F103xG", 1024, 96)),
		.layouts = LAYOUTS({ .name = "768 KiB",
				     .when = { 768, 768, { { 0 } } },
				     .memories = XL_BANKS(0, 0, 128) },
				   { .name = "1 MiB", .memories = XL_BANKS(2, 2, 256) }),
		F1_COMMON,
	},
	{
		.name = "STM32F105x8/105xB/105xC/107xB/107xC",
		.source = "RM0008 Rev 21, PM0075 Rev 2",
		.dev_id = 0x418,
		.max_flash_kib = 256,
		.memories = MEMORIES(SRAM(64), ONE_BANK(128, KIB(2)),
				     SYSTEM_MEMORY(0x1fffb000, 18), OPTION_BYTES),
		F1_COMMON,
	},
	{
		.name = "STM32F100x4/100x6/100x8/100xB",
		.source = "RM0041 Rev 6, PM0063 Rev 2",
		.dev_id = 0x420,
		.max_flash_kib = 128,
		.memories = MEMORIES(ONE_BANK(128, KIB(1)), SYSTEM_MEMORY(0x1ffff000, 2),
				     OPTION_BYTES),
		.variants =
			VARIANTS(PART("STM32F100x4", 16, 4), PART("STM32F100x6", 32, 4),
				 PART("STM32F100x8", 64, 8), PART("STM32F100xB", 128, 8)),
		F1_COMMON,
	},
	{
		.name = "STM32F100xC/100xD/100xE",
		.source = "RM0041 Rev 6, PM0063 Rev 2",
		.dev_id = 0x428,
		.max_flash_kib = 512,
		.memories = MEMORIES(ONE_BANK(256, KIB(2)), SYSTEM_MEMORY(0x1ffff000, 2),
				     OPTION_BYTES, FSMC),
		.variants =
			VARIANTS(PART("STM32F100xC", 256, 24), PART("STM32F100xD", 384, 32),
				 PART("STM32F100xE", 512, 32)),
		F1_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0008 Rev 21, PM0075; stm32f103xb.h",
	FLAGS_OF_CSR(0x40021024),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x4002101c, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_f1,
	.hsi_off = { 0x40021000, BIT(0), 0 },
	HARDWARE_WATCHDOG(WDG_SW, 0x1ffff800, 16),
};

const struct device_family stm32f1_family = { "STM32F1", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
