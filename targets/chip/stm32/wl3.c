/* SPDX-License-Identifier: MIT */
/*
 * STM32WL3. RM0511: addresses agree with ST's stm32wl3x.h; the die number is CubeMX's. No
 * open debugger knows it, and where a debugger reads the number was not seen: the ROM table is
 * where its sibling WB0 has it. The flash controller has the registers of WB0's; its commands
 * were not compared.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40001000 };

static const struct device devices[] = {
	{
		.name = "STM32WL30/31/33",
		.source = "ST's stm32wl3x.h; RM0511",
		.dev_id = 0x027,
		.ids = { ID_AP0_ROM_TABLE },
		.size_word = { SIZE_LAST_WORD, 0x40001014, 0x1ffff, { 0 } },
		.max_flash_kib = 256,
		.unique_id_at = 0x10001ef0, /* 64 bits */
		.cores = ONE_CORE("cm0p", CORTEX_M0P, 0, 0x40003000),
		.memories = MEMORIES(RAM("SRAM0", 0x20000000, 16, MEMORY_FOR_LOADERS),
				     RAM("SRAM1", 0x20004000, 16, 0),
				     BANK("flash", &flash_interface_wb0, 1, 0x10040000,
					  CONTROLLER, 1, { 128, KIB(2) }),
				     OTP(0x10001800, 1024, &flash_interface_wb0,
					 CONTROLLER)),
		/* RCC_APB0ENR.DBGEN clocks DBGMCU. */
		.has_debug_clock = true,
		.debug_bits = {
			{ 0, 0x48400054, 0x00008000, "the clock of DBGMCU" },
			{ 0, 0x40008000, 0x00000003, "DBG_SLEEP, DBG_STOP" },
			{ 0, 0x40008004, 0x00004000, "DBG_IWDG_STOP" },
		},
	},
};

const struct device_family stm32wl3_family = { "STM32WL3", devices, array_len(devices),
					       NULL, NULL };
