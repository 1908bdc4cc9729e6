/* SPDX-License-Identifier: MIT */
/*
 * STM32H7R and H7S. RM0477 Rev 8: memory map, flash, DBGMCU. Addresses agree with ST's
 * stm32h7s7xx.h; ports with openocd's stm32h7rx.cfg. A bench reads 0 at 0x5c001000 in some
 * states, and 0x14850041 in TARGETID.
 *
 * Most programs are in external flash; the 64 KiB inside are for its boot loader.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x52002000 };

static const struct device devices[] = {
	{
		.name = "STM32H7R3/7R7/7S3/7S7",
		.source = "RM0477 Rev 8; ST's stm32h7s7xx.h",
		.dev_id = 0x485,
		.ids = { ID_AP1_5C001000, ID_TARGETID },
		.size_word = { .kind = SIZE_FIXED },
		.max_flash_kib = 64,
		.unique_id_at = 0x08fff800,
		.package_at = 0x08fff80c,
		.cores = ONE_CORE("cm7", CORTEX_M7, 1, 0x58004800),
		/* Option bytes give 128 KiB more to ITCM from AXI SRAM1, and to DTCM from AXI
		 * SRAM3. */
		.memories = MEMORIES(
			RAM("DTCM RAM", 0x20000000, 64, MEMORY_FOR_LOADERS),
			RAM("ITCM RAM", 0x00000000, 64, 0),
			RAM("AXI SRAM1", 0x24000000, 128, MEMORY_NEEDS_SETUP),
			RAM("AXI SRAM2", 0x24020000, 128, 0),
			RAM("AXI SRAM3", 0x24040000, 128, MEMORY_NEEDS_SETUP),
			RAM("AXI SRAM4", 0x24060000, 72, MEMORY_NEEDS_SETUP),
			RAM("AHB SRAM1", 0x30000000, 16, MEMORY_NEEDS_SETUP),
			RAM("AHB SRAM2", 0x30004000, 16, MEMORY_NEEDS_SETUP),
			RAM("backup SRAM", 0x38800000, 4, MEMORY_NEEDS_SETUP),
			BANK("flash", &flash_interface_h7rs, 1, 0x08000000, CONTROLLER, 1,
			     { 8, KIB(8) }),
			OTP(0x08fff000, 1024, &flash_interface_h7rs, CONTROLLER),
			SYSTEM_MEMORY(0x1ff00000, 128), EXTERNAL("FMC", 0x60000000, 256),
			EXTERNAL("XSPI2", 0x70000000, 256),
			EXTERNAL("XSPI1", 0x90000000, 256),
			EXTERNAL("FMC SDRAM", 0xc0000000, 512)),
		.debug_bits = {
			{ 1, 0x5c001004, 0x00200007,
			  "DBG_SLEEP, DBG_STOP, DBG_STANDBY, DBGCKEN" },
			{ 1, 0x5c00103c, 0x00000800, "WWDG (APB1FZR)" },
			{ 1, 0x5c001054, 0x00040000, "IWDG (APB4FZR)" },
		},
	},
};

/* Read protection is NVSTATE and DEBUG_AUTH in the option bytes of the boot ROM, not RDP. */
static const struct vitals vitals = {
	.source = "RM0477; ST's stm32h7s3xx.h",
	.flags_at = 0x58024530,
	.watchdog = BIT(26) | BIT(28),
	.software = BIT(24),
	.power = BIT(21) | BIT(23),
	.low_power = BIT(30),
	.pin = BIT(22),
	.standby = { 0x58024810, BIT(9), BIT(9) },
};

const struct device_family stm32h7rs_family = { "STM32H7RS", devices, array_len(devices),
						&vitals, NULL };
