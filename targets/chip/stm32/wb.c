/* SPDX-License-Identifier: MIT */
/*
 * STM32WB. RM0434 Rev 10 (WB55, WB35), RM0471 (WB50, WB30), RM0473 (WB15), RM0478 (WB10):
 * memory map, flash, DBGMCU, device electronic signature. Addresses agree with ST's
 * stm32wb55xx.h, stm32wb35xx.h and stm32wb15xx.h.
 *
 * The Cortex-M0+ runs ST's radio firmware and is closed on production parts. Flash from
 * FLASH_SFR.SFSA on is secure: a debugger reads zeros, and erasing it is refused.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x58004000 };
enum { PWR_CR4 = 0x5800040c, CR4_C2BOOT = 1 << 15 };

#define WB_COMMON                                                                    \
	.option_layout = OPTION_LAYOUT_WB, .ids = { ID_AP0_E0042000, ID_TARGETID },  \
	.size_word = { SIZE_IN_KIB, 0x1fff75e0, 0x7ff, { 0 } },                      \
	.unique_id_at = 0x1fff7590, .package_at = 0x1fff7500,                        \
	.cores = { { .name = "cm4",                                                  \
		     .kind = CORTEX_M4,                                              \
		     .ap = 0,                                                        \
		     .watchdog_at = 0x40003000 },                                    \
		   { .name = "cm0p",                                                 \
		     .kind = CORTEX_M0P,                                             \
		     .ap = 1,                                                        \
		     .watchdog_at = 0x40003000,                                      \
		     .gate = { .name = "PWR_CR4.C2BOOT",                             \
			       .opened_by = { { PWR_CR4, CR4_C2BOOT, CR4_C2BOOT } }, \
			       .opens = { 0, PWR_CR4, CR4_C2BOOT, "C2BOOT" } } } },  \
	.debug_bits = {                                                              \
		{ 0, 0xe0042004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },   \
		{ 0, 0xe004203c, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP" },       \
		{ 0, 0xe0042040, 0x00001000, "DBG_IWDG_STOP of the Cortex-M0+" },    \
	}

#define WB_FLASH(count_, kib_) \
	FLASH_BEFORE_SFSA(&flash_interface_wb, CONTROLLER, count_, kib_, 0xff, 1 << 8)
#define WB_ROMS                                                         \
	SYSTEM_MEMORY(0x1fff0000, 28),                                  \
		OTP(0x1fff7000, 1024, &flash_interface_wb, CONTROLLER), \
		OPTION_BYTES("option byte memory", 1, 0x1fff8000, 128,  \
			     &flash_interface_wb, CONTROLLER)
#define WB_SRAM1(kib_) RAM("SRAM1", 0x20000000, kib_, MEMORY_FOR_LOADERS)
/* The radio's core has the parts of SRAM2 that option bytes make secure. */
#define WB_SRAM2(kib_b_)                                                          \
	RAM("SRAM2a", 0x20030000, 32, MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST), \
		RAM("SRAM2b", 0x20038000, kib_b_,                                 \
		    MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST),                   \
		RAM_AGAIN("SRAM2a (as code)", "SRAM2a", 0x10000000, 32,           \
			  MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST),             \
		RAM_AGAIN("SRAM2b (as code)", "SRAM2b", 0x10008000, kib_b_,       \
			  MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST)

static const struct device devices[] = {
	{
		.name = "STM32WB30/35/50/55",
		.source = "RM0434 Rev 10; ST's stm32wb55xx.h",
		.dev_id = 0x495,
		.max_flash_kib = 1024,
		.memories = MEMORIES(WB_SRAM2(32), WB_FLASH(256, 4), WB_ROMS,
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		/* By stm32-data; a WB50 and a WB30 read the same as larger parts. */
		.variants = VARIANTS(PART_OF("STM32WB35xC", 256, WB_SRAM1(32)),
				     PART_OF("STM32WB55xC", 256, WB_SRAM1(64)),
				     PART_OF("STM32WB30xE", 512, WB_SRAM1(32)),
				     PART_OF("STM32WB35xE", 512, WB_SRAM1(32)),
				     PART_OF("STM32WB55xE", 512, WB_SRAM1(192)),
				     PART_OF("STM32WB55xY", 640, WB_SRAM1(192)),
				     PART_OF("STM32WB50xG", 1024, WB_SRAM1(64)),
				     PART_OF("STM32WB55xG", 1024, WB_SRAM1(192))),
		WB_COMMON,
	},
	{
		.name = "STM32WB10/15",
		.source = "ST's stm32wb15xx.h; RM0473",
		.dev_id = 0x494,
		.max_flash_kib = 320,
		.memories = MEMORIES(WB_SRAM1(12), WB_SRAM2(4), WB_FLASH(160, 2), WB_ROMS),
		WB_COMMON,
	},
	/* Only openocd has this id. CubeMX and stm32-data put every WB30 and WB35 on die 0x495, so
	 * the row has the least of them. */
	{
		.name = "STM32WB3x",
		.source = "ST's stm32wb35xx.h, DEV_ID by openocd's stm32l4x.c",
		.dev_id = 0x496,
		.max_flash_kib = 512,
		.memories = MEMORIES(WB_SRAM1(32), WB_SRAM2(32), WB_FLASH(128, 4), WB_ROMS,
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		WB_COMMON,
	},
};

/* C1SBF is that of the first core. */
static const struct vitals vitals = {
	.source = "RM0434; ST's stm32wb55xx.h",
	FLAGS_OF_CSR(0x58000094),
	.standby = { 0x58000488, BIT(8), BIT(8) },
	.rdp = &read_protection_wb,
	HARDWARE_WATCHDOG(IWDG_SW, 0x58004020, 16),
};

const struct device_family stm32wb_family = { "STM32WB", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
