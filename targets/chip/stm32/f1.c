/* SPDX-License-Identifier: MIT */
/*
 * STM32F1. RM0008 Rev 21 (RM0041 Rev 6 for the value line): memory map, debug
 * (DBGMCU_IDCODE, DBGMCU_CR), device electronic signature. Flash pages and
 * controller: PM0075 Rev 2, PM0068 Rev 2 for XL density, PM0063 Rev 2 for the
 * value line. Addresses agree with ST's stm32f103xg.h and its like. Where parts
 * of one DEV_ID differ in RAM, the first row is what the smallest has, which
 * loaders may use; the second is what larger ones add.
 */
#include "targets/chip/stm32/devices.h"

#define F1_COMMON                                                                         \
	.idcode_at = 0xe0042000, .flash_size_at = 0x1ffff7e0, .unique_id_at = 0x1ffff7e8, \
	.cores = { { "cm3", 0 } }, .flash_interface = FLASH_INTERFACE_F1,                 \
	.erased_value = 0xff, .program_align = 2,                                         \
	.debug_bits = { { 0xe0042004, 0x00000307,                                         \
			  "DBG_SLEEP, DBG_STOP, DBG_STANDBY, DBG_IWDG_STOP, "             \
			  "DBG_WWDG_STOP" } }

#define RAM(small_kib, all_kib)                                              \
	.rams = { { "SRAM", 0x20000000, KIB(small_kib), true },              \
		  { "SRAM of the larger parts", 0x20000000 + KIB(small_kib), \
		    KIB((all_kib) - (small_kib)), false } }

#define BANK(number_, base_, registers_, share_, count, size)                    \
	{                                                                        \
		.base = (base_), .registers = (registers_), .number = (number_), \
		.share = (share_), .runs = {                                     \
			{ (count), (size) }                                      \
		}                                                                \
	}
#define BANK_1(share_, count, size) BANK(1, 0x08000000, 0x40022000, share_, count, size)
/* FLASH_KEYR2 to FLASH_AR2 lie 0x40 above those of bank 1 (PM0068, register map). */
#define BANK_2(share_, count, size) BANK(2, 0x08080000, 0x40022040, share_, count, size)

#define ONE_BANK(count, size) .layouts = { { .banks = { BANK_1(1, count, size) } } }

const struct device stm32f1_low = {
	.name = "STM32F103x4/103x6/102x4/102x6/101x4/101x6",
	.source = "RM0008 Rev 21, PM0075 Rev 2",
	.dev_id = 0x412,
	.max_flash_kib = 32,
	RAM(4, 10),
	ONE_BANK(32, KIB(1)),
	F1_COMMON,
};

const struct device stm32f1_medium = {
	.name = "STM32F103x8/103xB/102x8/102xB/101x8/101xB",
	.source = "RM0008 Rev 21, PM0075 Rev 2",
	.dev_id = 0x410,
	.max_flash_kib = 128,
	RAM(10, 20),
	ONE_BANK(128, KIB(1)),
	F1_COMMON,
};

const struct device stm32f1_high = {
	.name = "STM32F103xC/103xD/103xE/101xC/101xD/101xE",
	.source = "RM0008 Rev 21, PM0075 Rev 2",
	.dev_id = 0x414,
	.max_flash_kib = 512,
	RAM(32, 64),
	ONE_BANK(256, KIB(2)),
	F1_COMMON,
};

/* Bank 1 has 512 KiB in both sizes, so it is the size word that selects the layout. */
const struct device stm32f1_xl = {
	.name = "STM32F103xF/103xG/101xF/101xG",
	.source = "RM0008 Rev 21, PM0068 Rev 2",
	.dev_id = 0x430,
	.max_flash_kib = 1024,
	RAM(80, 96),
	.option_at = 0x1ffff7e0,
	.layouts = {
		{
			.option_mask = 0xffff,
			.option_value = 768,
			.banks = { BANK_1(1, 256, KIB(2)), BANK_2(3, 128, KIB(2)) },
		},
		{ .banks = { BANK_1(2, 256, KIB(2)), BANK_2(2, 256, KIB(2)) } },
	},
	F1_COMMON,
};

const struct device stm32f1_connectivity = {
	.name = "STM32F105x8/105xB/105xC/107xB/107xC",
	.source = "RM0008 Rev 21, PM0075 Rev 2",
	.dev_id = 0x418,
	.max_flash_kib = 256,
	RAM(20, 64),
	ONE_BANK(128, KIB(2)),
	F1_COMMON,
};

const struct device stm32f1_value_medium = {
	.name = "STM32F100x4/100x6/100x8/100xB",
	.source = "RM0041 Rev 6, PM0063 Rev 2",
	.dev_id = 0x420,
	.max_flash_kib = 128,
	RAM(4, 8),
	ONE_BANK(128, KIB(1)),
	F1_COMMON,
};

const struct device stm32f1_value_high = {
	.name = "STM32F100xC/100xD/100xE",
	.source = "RM0041 Rev 6, PM0063 Rev 2",
	.dev_id = 0x428,
	.max_flash_kib = 512,
	RAM(24, 32),
	ONE_BANK(256, KIB(2)),
	F1_COMMON,
};
