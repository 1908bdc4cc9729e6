/* SPDX-License-Identifier: MIT */
/*
 * STM32G4, category 3. RM0440 Rev 8: memory map 2.2, flash organization 3.3.1,
 * FLASH_OPTR 3.7.8, debug support (DBGMCU_IDCODE, _CR, _APB1FZR1), device
 * electronic signature. Addresses agree with ST's stm32g473xx.h.
 */
#include "targets/chip/stm32/devices.h"

enum { OPTR_DBANK = 1 << 22 };

/* All are one die with two banks of 256 KiB; in dual-bank mode bank 2 begins at 0x08040000
 * on smaller parts too, with half of the size word in it (RM0440 3.3.1). Bank 1 reaches
 * further than its half: programs for the 128 KiB part are linked to 128 KiB in one piece, and
 * pages 32 to 63 are there and are erased like the first (community.st.com 827900, 812382). */
#define BANK(number_, base_, share_)                                           \
	{                                                                      \
		.base = (base_), .registers = 0x40022000, .number = (number_), \
		.share = (share_), .runs = {                                   \
			{ 128, KIB(2) }                                        \
		}                                                              \
	}

const struct device stm32g47_g48 = {
	.name = "STM32G471/473/474/483/484",
	.source = "RM0440 Rev 8",
	.dev_id = 0x469,
	.idcode_at = 0xe0042000,
	.flash_size_at = 0x1fff75e0,
	.unique_id_at = 0x1fff7590,
	.max_flash_kib = 512,
	.cores = { { "cm4", 0 } },
	.rams = {
		{ "SRAM1", 0x20000000, KIB(80), true },
		{ "SRAM2", 0x20014000, KIB(16), false },
		{ "CCM SRAM (as data)", 0x20018000, KIB(32), false },
		{ "CCM SRAM", 0x10000000, KIB(32), false },
	},
	.flash_interface = FLASH_INTERFACE_G4,
	.option_at = 0x40022020,
	.layouts = {
		{
			.option_mask = OPTR_DBANK,
			.option_value = OPTR_DBANK,
			.banks = { BANK(1, 0x08000000, 1), BANK(2, 0x08040000, 2) },
		},
		{
			.banks = { {
				.base = 0x08000000,
				.registers = 0x40022000,
				.number = 1,
				.share = 1,
				.runs = { { 128, KIB(4) } },
			} },
		},
	},
	.erased_value = 0xff,
	.program_align = 8,
	.debug_bits = {
		{ 0xe0042004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },
		{ 0xe0042008, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP" },
	},
};
