/* SPDX-License-Identifier: MIT */
/*
 * STM32F7. RM0385 (F74x, F75x), RM0410 (F76x, F77x), RM0431 (F72x, F73x): memory map, flash
 * organization, debug support, device electronic signature. Addresses agree with ST's
 * stm32f746xx.h, stm32f767xx.h and stm32f722xx.h.
 *
 * Flash is programmed at 0x08000000 (AXI); it is read at 0x00200000 (ITCM) as well, where the core
 * begins unless BOOT_ADD0 says otherwise.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40023c00, FLASH_OPTCR = 0x40023c14, OPTCR_NDBANK = 1 << 29 };

#define F7_COMMON                                                                   \
	.option_layout = OPTION_LAYOUT_F7, .ids = { ID_AP0_E0042000, ID_TARGETID }, \
	.cores = ONE_CORE("cm7", CORTEX_M7, 0, 0x40003000),                         \
	.debug_bits = DEBUG_BITS_E0042000

#define F7_BANK(name_, interface_, share_, ...) \
	BANK(name_, interface_, 1, 0x08000000, CONTROLLER, share_, __VA_ARGS__)
#define F7_BANK_2(base_, ...) \
	BANK_FROM(16, &flash_interface_f76_dual, base_, CONTROLLER, __VA_ARGS__)
/* All of the flash, as the core fetches it past its caches. */
#define F7_ITCM(of_, interface_, ...)                                                \
	{                                                                            \
		.name = "flash (ITCM)", .kind = MEMORY_FLASH, .alias_of = (of_),     \
		.base = 0x00200000, .interface = (interface_), .share = 1, .runs = { \
			__VA_ARGS__                                                  \
		}                                                                    \
	}
#define F7_BACKUP_RAM RAM("backup SRAM", 0x40024000, 4, MEMORY_NEEDS_SETUP)
#define F7_ROMS                                                                          \
	SYSTEM_MEMORY(0x1ff00000, 59), OPTION_BYTES("option byte memory", 1, 0x1fff0000, \
						    32, &flash_interface_f7, CONTROLLER)
/* 16 blocks, and behind them the bytes that lock them. */
#define F7_OTP(base_, block_) \
	OTP_WITH_LOCKS(base_, 16 * ((block_) + 1), block_, &flash_interface_f7, CONTROLLER)
#define F7_FMC                                                                  \
	EXTERNAL("FMC", 0x60000000, 768), EXTERNAL("QUADSPI", 0x90000000, 256), \
		EXTERNAL("FMC SDRAM", 0xc0000000, 512)

#define F7_SMALL_RUNS(kib_128_)         \
	{ 4, KIB(16) }, { 1, KIB(64) }, \
	{                               \
		(kib_128_), KIB(128)    \
	}
#define F7_LARGE_RUNS(kib_256_)          \
	{ 4, KIB(32) }, { 1, KIB(128) }, \
	{                                \
		(kib_256_), KIB(256)     \
	}

static const struct device devices[] = {
	{
		.name = "STM32F745/746/750/756",
		.source = "ST's stm32f746xx.h; RM0385",
		.dev_id = 0x449,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff0f442 },
		.max_flash_kib = 1024,
		.unique_id_at = 0x1ff0f420,
		.package_at = 0x1ff0f7e0,
		.memories =
			MEMORIES(RAM("DTCM RAM", 0x20000000, 64, MEMORY_FOR_LOADERS),
				 RAM("ITCM RAM", 0x00000000, 16, 0),
				 RAM("SRAM1", 0x20010000, 240, 0),
				 RAM("SRAM2", 0x2004c000, 16, 0), F7_BACKUP_RAM,
				 F7_BANK("flash", &flash_interface_f7, 1, F7_LARGE_RUNS(3)),
				 F7_ITCM("flash", &flash_interface_f7, F7_LARGE_RUNS(3)),
				 F7_ROMS, F7_OTP(0x1ff0f000, 64), F7_FMC),
		.nor_controllers = NOR_CONTROLLERS(QUADSPI_F4(
			"RM0385; DS10916", 5, "PB2/9", "PB6/10", "PC9/9 PD11/9 PF8/10",
			"PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9")),
		F7_COMMON,
	},
	/* nDBANK 0 makes two banks; FLASH_CR.SNB has sectors of bank 2 from 16 on. */
	{
		.name = "STM32F765/767/768/769/777/778/779",
		.source = "ST's stm32f767xx.h; RM0410",
		.dev_id = 0x451,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff0f442 },
		.max_flash_kib = 2048,
		.unique_id_at = 0x1ff0f420,
		.package_at = 0x1ff0f7e0,
		.memories = MEMORIES(RAM("DTCM RAM", 0x20000000, 128, MEMORY_FOR_LOADERS),
				     RAM("ITCM RAM", 0x00000000, 16, 0),
				     RAM("SRAM1", 0x20020000, 368, 0),
				     RAM("SRAM2", 0x2007c000, 16, 0), F7_BACKUP_RAM,
				     F7_ROMS, F7_OTP(0x1ff0f000, 64), F7_FMC),
		.layouts = LAYOUTS(
			LAYOUT_BY("2 MiB, nDBANK=0", 2048, FLASH_OPTCR, OPTCR_NDBANK, 0,
				  F7_BANK("flash bank 1", &flash_interface_f76_dual, 0,
					  F7_SMALL_RUNS(7)),
				  F7_BANK_2(0x08100000, F7_SMALL_RUNS(7)),
				  F7_ITCM("flash bank 1", &flash_interface_f76_dual,
					  F7_LARGE_RUNS(7))),
			LAYOUT_BY("1 MiB, nDBANK=0", 1024, FLASH_OPTCR, OPTCR_NDBANK, 0,
				  F7_BANK("flash bank 1", &flash_interface_f76_dual, 0,
					  F7_SMALL_RUNS(3)),
				  F7_BANK_2(0x08080000, F7_SMALL_RUNS(3)),
				  F7_ITCM("flash bank 1", &flash_interface_f76_dual,
					  F7_LARGE_RUNS(3))),
			LAYOUT_ELSE(
				"one bank",
				F7_BANK("flash", &flash_interface_f76, 1, F7_LARGE_RUNS(7)),
				F7_ITCM("flash", &flash_interface_f76, F7_LARGE_RUNS(7)))),
		.nor_controllers = NOR_CONTROLLERS(
			QUADSPI_F4("RM0410; DS11532", 5, "PB2/9 PF10/9", "PB6/10 PB10/9",
				   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10",
				   "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9")),
		F7_COMMON,
	},
	{
		.name = "STM32F722/723/730/732/733",
		.source = "ST's stm32f722xx.h; RM0431",
		.dev_id = 0x452,
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff07a22 },
		.max_flash_kib = 512,
		.unique_id_at = 0x1ff07a10,
		.package_at = 0x1ff07bf0,
		.memories = MEMORIES(
			RAM("DTCM RAM", 0x20000000, 64, MEMORY_FOR_LOADERS),
			RAM("ITCM RAM", 0x00000000, 16, 0),
			RAM("SRAM1", 0x20010000, 176, 0), RAM("SRAM2", 0x2003c000, 16, 0),
			F7_BACKUP_RAM,
			F7_BANK("flash", &flash_interface_f72, 1, F7_SMALL_RUNS(3)),
			F7_ITCM("flash", &flash_interface_f72, F7_SMALL_RUNS(3)),
			SYSTEM_MEMORY(0x1ff00000, 30), F7_OTP(0x1ff07800, 32),
			OPTION_BYTES("option byte memory", 1, 0x1fff0000, 32,
				     &flash_interface_f7, CONTROLLER),
			F7_FMC),
		.nor_controllers = NOR_CONTROLLERS(QUADSPI_F4(
			"RM0431; DS11853", 5, "PB2/9", "PB6/10", "PC9/9 PD11/9 PF8/10",
			"PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9")),
		F7_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0385 Rev 8; stm32f746xx.h",
	FLAGS_OF_CSR_WITH_BOR(0x40023874),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x40023840, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_f4,
	HARDWARE_WATCHDOG(IWDG_SW, 0x40023c14, 5),
};

const struct device_family stm32f7_family = { "STM32F7", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
