/* SPDX-License-Identifier: MIT */
/*
 * STM32WL. RM0453 (WL5x), RM0461 (WLEx): memory map, flash, DBGMCU, device electronic
 * signature. Addresses agree with ST's stm32wl55xx.h.
 *
 * The Cortex-M0+ is behind port 1, by openocd and by RM0453; probe-rs has it at 0, where the
 * Cortex-M4 is. A WLE has one core alone, and port 1 has none of it.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x58004000 };
enum { PWR_CR4 = 0x5800040c, CR4_C2BOOT = 1 << 15 };

#define WL_SRAM(kib_1_, base_2_, kib_2_)                      \
	RAM("SRAM1", 0x20000000, kib_1_, MEMORY_FOR_LOADERS), \
		RAM("SRAM2", base_2_, kib_2_, MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST)

static const struct device devices[] = {
	{
		.name = "STM32WL54/55/E4/E5",
		.source = "ST's stm32wl55xx.h; RM0453",
		.dev_id = 0x497,
		.option_layout = OPTION_LAYOUT_WL,
		.ids = { ID_AP0_E0042000, ID_TARGETID },
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff75e0 },
		.max_flash_kib = 256,
		.unique_id_at = 0x1fff7590,
		.package_at = 0x1fff7500,
		.cores = { { .name = "cm4",
			     .kind = CORTEX_M4,
			     .ap = 0,
			     .watchdog_at = 0x40003000 },
			   { .name = "cm0p",
			     .kind = CORTEX_M0P,
			     .ap = 1,
			     .watchdog_at = 0x40003000,
			     .gate = { .name = "PWR_CR4.C2BOOT",
				       .opened_by = { { PWR_CR4, CR4_C2BOOT, CR4_C2BOOT } },
				       .opens = { 0, PWR_CR4, CR4_C2BOOT, "C2BOOT" } } } },
		.memories = MEMORIES(
			FLASH_BEFORE_SFSA(&flash_interface_wb, CONTROLLER, 128, 2, 0x7f,
					  1 << 7),
			SYSTEM_MEMORY(0x1fff0000, 28),
			OTP(0x1fff7000, 1024, &flash_interface_wb, CONTROLLER),
			OPTION_BYTES("option byte memory", 1, 0x1fff7800, 128,
				     &flash_interface_wb, CONTROLLER)),
		.variants = VARIANTS(PART_OF("STM32WLExx8", 64, WL_SRAM(10, 0x20002800, 10)),
				     PART_OF("STM32WLExxB", 128, WL_SRAM(24, 0x20006000, 24)),
				     PART_OF("STM32WLExxC", 256, WL_SRAM(32, 0x20008000, 32)),
				     PART_OF("STM32WL5xxC", 256,
					     WL_SRAM(32, 0x20008000, 32))),
		.debug_bits = {
			{ 0, 0xe0042004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },
			{ 0, 0xe004203c, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP" },
			{ 0, 0xe0042040, 0x00001000, "DBG_IWDG_STOP of the Cortex-M0+" },
		},
	},
};

/* C1SBF is that of the first core. */
static const struct vitals vitals = {
	.source = "RM0453; ST's stm32wl55xx.h",
	FLAGS_OF_CSR(0x58000094),
	.standby = { 0x58000488, BIT(8), BIT(8) },
	.rdp = &read_protection_wb,
	HARDWARE_WATCHDOG(IWDG_SW, 0x58004020, 16),
};

const struct device_family stm32wl_family = { "STM32WL", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
