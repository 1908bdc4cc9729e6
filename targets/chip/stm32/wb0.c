/* SPDX-License-Identifier: MIT */
/*
 * STM32WB0. RM0530 (WB09) and its like: memory map, flash controller. Addresses agree with
 * ST's stm32wb09.h, stm32wb07.h and stm32wb05.h, RAM of each part with stm32-data.
 *
 * There is no DBGMCU. Black Magic has seen part number 0x01E in the ROM table of every WB0;
 * CubeMX's die numbers 0x028 (WB05) and 0x032 (WB09) are in no register that a debugger
 * reads first, so the size word (FLASH_SIZE, the number of the last word) tells the parts apart.
 * Deep stop takes the debug port away unless PWRC_DBGR.DEEPSTOP2 is set.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40001000 };

/* The first 24 bytes of SRAM0 belong to the boot ROM. */
#define WB0_SRAM(kib_) RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS)

static const struct device devices[] = {
	{
		.name = "STM32WB05/06/07/09",
		.source = "ST's stm32wb09.h; RM0530",
		.dev_id = 0x01e,
		.ids = { ID_AP0_ROM_TABLE },
		.size_word = { SIZE_LAST_WORD, 0x40001014, 0x1ffff, { 0 } },
		.max_flash_kib = 512,
		.unique_id_at = 0x10001ef0, /* 64 bits */
		.package_at = 0x10001eec,
		.cores = ONE_CORE("cm0p", CORTEX_M0P, 0, 0x40003000),
		.memories =
			MEMORIES(BANK("flash", &flash_interface_wb0, 1, 0x10040000,
				      CONTROLLER, 1, { 256, KIB(2) }),
				 SYSTEM_MEMORY(0x10000000, 6),
				 OTP(0x10001800, 1024, &flash_interface_wb0, CONTROLLER)),
		.variants = VARIANTS(PART_OF("STM32WB05", 192, WB0_SRAM(24)),
				     PART_OF("STM32WB06", 256, WB0_SRAM(32)),
				     PART_OF("STM32WB07", 256, WB0_SRAM(64)),
				     PART_OF("STM32WB09", 512, WB0_SRAM(64))),
		.debug_bits = { { 0, 0x48500084, 0x00000001, "PWRC_DBGR.DEEPSTOP2" } },
	},
};

const struct device_family stm32wb0_family = { "STM32WB0", devices, array_len(devices),
					       NULL, NULL };
