/* SPDX-License-Identifier: MIT */
/*
 * STM32F4. RM0090 Rev 19 (F405 to F439): memory map 2.3, flash 3.3 and 3.4, debug support
 * 38, device electronic signature 39; RM0401 Rev 3 (F410), RM0368 (F401), RM0383 (F411),
 * RM0390 (F446), RM0386 (F469), RM0402 (F412), RM0430 (F413). Addresses agree with ST's
 * stm32f405xx.h and its like.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40023c00, FLASH_OPTCR = 0x40023c14, OPTCR_DB1M = 1 << 30 };

#define F4_COMMON                                                      \
	.option_layout = OPTION_LAYOUT_F4, .ids = { ID_AP0_E0042000 }, \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff7a22 },        \
	.unique_id_at = 0x1fff7a10, .package_at = 0x1fff7bf0,          \
	.cores = ONE_CORE("cm4", CORTEX_M4, 0, 0x40003000),            \
	.debug_bits = DEBUG_BITS_E0042000

#define F4_RUNS(kib_128_)               \
	{ 4, KIB(16) }, { 1, KIB(64) }, \
	{                               \
		(kib_128_), KIB(128)    \
	}
#define F4_ONE_BANK(kib_128_) \
	BANK("flash", &flash_interface_f4, 1, 0x08000000, CONTROLLER, 1, F4_RUNS(kib_128_))
/* The bytes that lock the blocks of the OTP memory follow it (RM0090 Rev 21, "One-time programmable
 * bytes"). */
#define F4_ROMS                                                                            \
	SYSTEM_MEMORY(0x1fff0000, 30),                                                     \
		OTP_WITH_LOCKS(0x1fff7800, 528, 32, &flash_interface_f4, CONTROLLER),      \
		OPTION_BYTES("option byte memory", 1, 0x1fffc000, 16, &flash_interface_f4, \
			     CONTROLLER)
#define F4_CCM RAM("CCM SRAM", 0x10000000, 64, 0)
/* Its clock is RCC_AHB1ENR.BKPSRAMEN. */
#define F4_BACKUP_RAM RAM("backup SRAM", 0x40024000, 4, MEMORY_NEEDS_SETUP)
#define F4_SRAM(kib_) RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS)

/* Two banks: always with 2 MiB, by OPTCR.DB1M with 1 MiB, never with less. Sectors of bank 2
 * are 12 to 23, which FLASH_CR.SNB has as 16 to 27 (RM0090 3.9.8). */
#define F4_BANK_1(kib_128_)                                                     \
	BANK("flash bank 1", &flash_interface_f4, 1, 0x08000000, CONTROLLER, 0, \
	     F4_RUNS(kib_128_))
#define F4_BANK_2(base_, kib_128_) \
	BANK_FROM(16, &flash_interface_f4, base_, CONTROLLER, F4_RUNS(kib_128_))
#define F4_LAYOUTS                                                                    \
	LAYOUTS(LAYOUT_OF("2 MiB", 2048, F4_BANK_1(7), F4_BANK_2(0x08100000, 7)),     \
		LAYOUT_BY("1 MiB, DB1M=1", 1024, FLASH_OPTCR, OPTCR_DB1M, OPTCR_DB1M, \
			  F4_BANK_1(3), F4_BANK_2(0x08080000, 3)),                    \
		LAYOUT_ELSE("one bank", F4_ONE_BANK(15)))
#define F4_OPTIONS_OF_BANK_2                                            \
	OPTION_BYTES("option byte memory of bank 2", 2, 0x1ffec000, 16, \
		     &flash_interface_f4, CONTROLLER)

static const struct device devices[] = {
	{
		.name = "STM32F410x8/410xB",
		.source = "RM0401 Rev 3; ST's stm32f410rx.h",
		.dev_id = 0x458,
		.max_flash_kib = 128,
		.memories = MEMORIES(F4_SRAM(32),
				     BANK("flash", &flash_interface_f4, 1, 0x08000000,
					  CONTROLLER, 1, { 4, KIB(16) }, { 1, KIB(64) }),
				     F4_ROMS),
		F4_COMMON,
	},
	{
		.name = "STM32F405/407/415/417",
		.source = "RM0090 Rev 19; ST's stm32f405xx.h",
		.dev_id = 0x413,
		.max_flash_kib = 1024,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 112, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x2001c000, 16, 0), F4_CCM, F4_BACKUP_RAM,
				     F4_ONE_BANK(7), F4_ROMS,
				     EXTERNAL("FSMC", 0x60000000, 1024)),
		F4_COMMON,
	},
	{
		.name = "STM32F427/429/437/439",
		.source = "RM0090 Rev 19; ST's stm32f427xx.h",
		.dev_id = 0x419,
		.max_flash_kib = 2048,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 112, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x2001c000, 16, 0),
				     RAM("SRAM3", 0x20020000, 64, 0), F4_CCM, F4_BACKUP_RAM,
				     F4_ROMS, F4_OPTIONS_OF_BANK_2,
				     EXTERNAL("FMC", 0x60000000, 1024),
				     EXTERNAL("FMC SDRAM", 0xc0000000, 512)),
		.layouts = F4_LAYOUTS,
		F4_COMMON,
	},
	/* SRAM is 320 KiB: stlink's 256 is that of the F42x. */
	{
		.name = "STM32F469/479",
		.source = "ST's stm32f469xx.h; RM0386",
		.dev_id = 0x434,
		.max_flash_kib = 2048,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 160, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20028000, 32, 0),
				     RAM("SRAM3", 0x20030000, 128, 0), F4_CCM,
				     F4_BACKUP_RAM, F4_ROMS, F4_OPTIONS_OF_BANK_2,
				     EXTERNAL("FMC", 0x60000000, 768),
				     EXTERNAL("QUADSPI", 0x90000000, 256),
				     EXTERNAL("FMC SDRAM", 0xc0000000, 512)),
		.layouts = F4_LAYOUTS,
		.nor_controllers = NOR_CONTROLLERS(
			QUADSPI_F4("RM0386; DS11189", 4, "PA7/10 PF10/9", "PB6/10 PB10/9",
				   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10",
				   "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9")),
		F4_COMMON,
	},
	{
		.name = "STM32F401xB/401xC",
		.source = "ST's stm32f401xc.h; RM0368",
		.dev_id = 0x423,
		.max_flash_kib = 256,
		.memories = MEMORIES(F4_SRAM(64), F4_ONE_BANK(1), F4_ROMS),
		F4_COMMON,
	},
	{
		.name = "STM32F401xD/401xE",
		.source = "ST's stm32f401xe.h; RM0368",
		.dev_id = 0x433,
		.max_flash_kib = 512,
		.memories = MEMORIES(F4_SRAM(96), F4_ONE_BANK(3), F4_ROMS),
		F4_COMMON,
	},
	{
		.name = "STM32F411xC/411xE",
		.source = "ST's stm32f411xe.h; RM0383",
		.dev_id = 0x431,
		.max_flash_kib = 512,
		.memories = MEMORIES(F4_SRAM(128), F4_ONE_BANK(3), F4_ROMS),
		F4_COMMON,
	},
	{
		.name = "STM32F446xC/446xE",
		.source = "ST's stm32f446xx.h; RM0390",
		.dev_id = 0x421,
		.max_flash_kib = 512,
		.memories =
			MEMORIES(RAM("SRAM1", 0x20000000, 112, MEMORY_FOR_LOADERS),
				 RAM("SRAM2", 0x2001c000, 16, 0), F4_BACKUP_RAM,
				 F4_ONE_BANK(3), F4_ROMS, EXTERNAL("FMC", 0x60000000, 768),
				 EXTERNAL("QUADSPI", 0x90000000, 256),
				 EXTERNAL("FMC SDRAM", 0xc0000000, 512)),
		.nor_controllers = NOR_CONTROLLERS(
			QUADSPI_F4("RM0390; DS10693", 4, "PB2/9 PD3/9", "PB6/10 PG6/10",
				   "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10",
				   "PE2/9 PF7/9", "PA1/9 PD13/9 PF6/9")),
		F4_COMMON,
	},
	/* 1 MiB: the F412xG has it, though openocd's table ends at 512 KiB. */
	{
		.name = "STM32F412xE/412xG",
		.source = "ST's stm32f412zx.h; RM0402",
		.dev_id = 0x441,
		.max_flash_kib = 1024,
		.memories = MEMORIES(F4_SRAM(256), F4_ONE_BANK(7), F4_ROMS,
				     EXTERNAL("FSMC", 0x60000000, 256),
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		.nor_controllers = NOR_CONTROLLERS(QUADSPI_F4(
			"RM0402; DS11139", 2, "PB1/9 PB2/9 PD3/9", "PB6/10 PG6/10",
			"PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PC8/9 PE2/9 PF7/9",
			"PA1/9 PD13/9 PF6/9")),
		F4_COMMON,
	},
	{
		.name = "STM32F413/423",
		.source = "ST's stm32f413xx.h; RM0430",
		.dev_id = 0x463,
		.max_flash_kib = 1536,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 256, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20040000, 64, 0), F4_ONE_BANK(11),
				     F4_ROMS, EXTERNAL("FSMC", 0x60000000, 256),
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		.nor_controllers = NOR_CONTROLLERS(QUADSPI_F4(
			"RM0430; DS11581", 2, "PB1/9 PB2/9 PD3/9", "PB6/10 PG6/10",
			"PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PC8/9 PE2/9 PF7/9",
			"PA1/9 PD13/9 PF6/9")),
		F4_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0401 Rev 3; stm32f410rx.h",
	FLAGS_OF_CSR_WITH_BOR(0x40023874),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x40023840, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_f4,
	HARDWARE_WATCHDOG(WDG_SW, 0x40023c14, 5),
};

const struct device_family stm32f4_family = { "STM32F4", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
