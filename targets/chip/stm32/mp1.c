/* SPDX-License-Identifier: MIT */
/*
 * The Cortex-M4 of STM32MP15: RM0436: memory map, DBGMCU. Ports are openocd's
 * (stm32mp15x.cfg): the core behind port 2, DBGMCU at 0xe0081000 behind port 1; RAM agrees
 * with stm32-data, whose 256 KiB at 0x10000000 are SRAM1 and SRAM2. Early silicon says DEV_ID
 * 0x450 there, which is an H745's, and 0x500 in TARGETID (ES0438).
 *
 * There is no flash inside. The core is held in reset until the Cortex-A7 has loaded its
 * firmware.
 */
#include "targets/chip/stm32/rows.h"

static const struct device devices[] = {
	{
		.name = "STM32MP151/153/157",
		.source = "stm32-data, openocd's stm32mp15x.cfg; RM0436",
		.dev_id = 0x500,
		.ids = { ID_AP1_E0081000, ID_TARGETID },
		.size_word = { .kind = SIZE_FIXED },
		.unique_id_at = 0x5c005234,
		.cores = ONE_CORE("cm4", CORTEX_M4, 2, 0),
		.memories = MEMORIES(RAM("SRAM1", 0x10000000, 128, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x10020000, 128, 0),
				     RAM("SRAM3", 0x10040000, 64, 0),
				     RAM("SRAM4", 0x10050000, 64, 0),
				     RAM("RETRAM", 0x00000000, 64, 0)),
		/* Its clock is RCC_DBGCFGR.DBGCKEN. */
		.has_debug_clock = true,
		.debug_bits = {
			{ 2, 0x5000080c, 0x00000100, "the clock of the debug components" },
			{ 1, 0xe0081004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },
		},
	},
};

const struct device_family stm32mp1_family = { "STM32MP1", devices, array_len(devices),
					       NULL, NULL };
