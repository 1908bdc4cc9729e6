/* SPDX-License-Identifier: MIT */
/*
 * STM32N6. RM0486 Rev 2: memory map, DBGMCU. Addresses agree with ST's stm32n657xx.h, ports
 * with openocd's stm32n6x.cfg. The core, behind port 1, is reached once the boot ROM opens
 * the port; DBGMCU is behind port 0, at 0x44001000 by openocd and at 0x80001000 by probe-rs.
 *
 * There is no flash inside: programs come from external memory by the boot ROM.
 */
#include "targets/chip/stm32/rows.h"

static const struct device devices[] = {
	{
		.name = "STM32N645/647/655/657",
		.source = "RM0486 Rev 2; ST's stm32n657xx.h",
		.dev_id = 0x486,
		.ids = { ID_AP0_44001000, ID_TARGETID },
		.size_word = { .kind = SIZE_FIXED },
		.unique_id_at = 0x46009014,
		.cores = ONE_CORE("cm55", CORTEX_M55, 1, 0x46004800),
		.memories = MEMORIES(
			RAM_TZ("FLEXRAM", 0x24000000, 400, MEMORY_FOR_LOADERS),
			RAM_TZ("AXISRAM1", 0x24064000, 624, 0),
			RAM_TZ("AXISRAM2", 0x24100000, 1024, 0),
			RAM_TZ("AXISRAM3", 0x24200000, 448, MEMORY_NEEDS_SETUP),
			RAM_TZ("AXISRAM4", 0x24270000, 448, MEMORY_NEEDS_SETUP),
			RAM_TZ("AXISRAM5", 0x242e0000, 448, MEMORY_NEEDS_SETUP),
			RAM_TZ("AXISRAM6", 0x24350000, 448, MEMORY_NEEDS_SETUP),
			RAM("cache RAM of the NPU", 0x243c0000, 256, MEMORY_NEEDS_SETUP),
			RAM("VENCRAM", 0x24400000, 128, MEMORY_NEEDS_SETUP),
			RAM("AHBSRAM1", 0x28000000, 16, MEMORY_NEEDS_SETUP),
			RAM("AHBSRAM2", 0x28004000, 16, MEMORY_NEEDS_SETUP),
			RAM("backup SRAM", 0x2c000000, 8, MEMORY_NEEDS_SETUP),
			EXTERNAL("FMC", 0x60000000, 256),
			EXTERNAL("XSPI2", 0x70000000, 256),
			EXTERNAL("XSPI3", 0x80000000, 256),
			EXTERNAL("XSPI1", 0x90000000, 256),
			EXTERNAL("FMC SDRAM", 0xc0000000, 512)),
		/* RCC_MISCENR.DBGEN clocks DBGMCU. */
		.has_debug_clock = true,
		.debug_bits = {
			{ 1, 0x46028248, 0x00000001, "the clock of DBGMCU" },
			{ 0, 0x44001004, 0x00100007,
			  "DBG_SLEEP, DBG_STOP, DBG_STANDBY, DBGCLKEN" },
			{ 0, 0x44001010, 0x00000800, "WWDG (APB1LFZ1)" },
			{ 0, 0x4400101c, 0x00040000, "IWDG (APB4FZ1)" },
		},
	},
};

const struct device_family stm32n6_family = { "STM32N6", devices, array_len(devices), NULL,
					      NULL };
