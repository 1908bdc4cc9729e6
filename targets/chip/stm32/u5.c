/* SPDX-License-Identifier: MIT */
/*
 * STM32U5. RM0456 Rev 6: memory map, flash organization (7.3.1), FLASH_OPTR 7.9.13,
 * DBGMCU, device electronic signature. Addresses agree with ST's stm32u575xx.h,
 * stm32u535xx.h, stm32u599xx.h and stm32u5f9xx.h.
 *
 * Errata and reports have chips that do not wake up from Stop while DBG_STOP is set; the
 * bit is needed all the same, or the connection is lost in the first Stop.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000, FLASH_OPTR = 0x40022040, OPTR_DUALBANK = 1 << 21 };

#define U5_COMMON                                                                   \
	.option_layout = OPTION_LAYOUT_U5, .ids = { ID_AP0_E0044000, ID_TARGETID }, \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x0bfa07a0 },                     \
	.unique_id_at = 0x0bfa0700, .package_at = 0x0bfa0500,                       \
	.cores = ONE_CORE("cm33", CORTEX_M33, 0, 0x40003000),                       \
	.debug_bits = DEBUG_BITS_E0044000(0)

#define U5_BANK(name_, number_, base_, share_, count_)                       \
	BANK(name_, &flash_interface_u5, number_, base_, CONTROLLER, share_, \
	     { (count_), KIB(8) })
/* Two banks of `half_` KiB each. */
#define U5_TWO_BANKS(half_)                                                          \
	U5_BANK("flash bank 1", 1, 0x08000000, 2, (half_) / 8),                      \
		U5_BANK("flash bank 2", 2, 0x08000000 + KIB(half_), 2, (half_) / 8), \
		FLASH_SECURE("flash bank 1", &flash_interface_u5, (half_) / 4, 8)
#define U5_BY_DUALBANK(name_, kib_)                                      \
	LAYOUT_BY(name_, kib_, FLASH_OPTR, OPTR_DUALBANK, OPTR_DUALBANK, \
		  U5_TWO_BANKS((kib_) / 2))
#define U5_ONE_BANK(kib_)                                                       \
	LAYOUT_ELSE("one bank", U5_BANK("flash", 1, 0x08000000, 1, (kib_) / 8), \
		    FLASH_SECURE("flash", &flash_interface_u5, (kib_) / 8, 8))
#define U5_ROMS(kib_)                    \
	SYSTEM_MEMORY(0x0bf90000, kib_), \
		OTP(0x0bfa0000, 512, &flash_interface_u5, CONTROLLER)
/* Its clock is RCC_AHB1ENR.BKPSRAMEN. */
#define U5_BACKUP_RAM RAM_TZ("backup SRAM", 0x40036400, 2, MEMORY_NEEDS_SETUP)
#define U5_SRAM4      RAM_TZ("SRAM4", 0x28000000, 16, 0)

static const struct device devices[] = {
	/* FLASH_OPTR.SRAM2_ECC, SRAM3_ECC, BKPRAM_ECC 0: with ECC. */
	{
		.name = "STM32U575/585",
		.source = "RM0456 Rev 6; ST's stm32u575xx.h",
		.dev_id = 0x482,
		.max_flash_kib = 2048,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 192, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20030000, 64, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x20040000, 512, MEMORY_WRITE_FIRST),
				     U5_SRAM4, U5_BACKUP_RAM, U5_ROMS(64),
				     EXTERNAL("FMC", 0x60000000, 256),
				     EXTERNAL("OCTOSPI2", 0x70000000, 256),
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = LAYOUTS(LAYOUT_OF("2 MiB", 2048, U5_TWO_BANKS(1024)),
				   U5_BY_DUALBANK("1 MiB, DUALBANK=1", 1024),
				   U5_ONE_BANK(2048)),
		.nor_controllers = NOR_CONTROLLERS(
			OCTOSPI_U5("OCTOSPI1", "RM0456 Rev 6; DS13737", 0x420d1400,
				   0x90000000, 4, 4, "PA3/10 PB10/10 PE10/10 PF10/3",
				   "PA2/10 PA4/3 PB11/10 PC11/5 PE11/10",
				   "PB1/10 PE12/10 PF8/10", "PB0/10 PE13/10 PF9/10",
				   "PA7/10 PE14/10 PF7/10", "PA6/10 PE15/10 PF6/10"),
			OCTOSPI_U5("OCTOSPI2", "RM0456 Rev 6; DS13737", 0x420d2400,
				   0x70000000, 8, 4, "PF4/5 PH6/5 PI6/5",
				   "PA0/10 PA12/6 PD3/10 PF6/5 PG12/5 PI5/5", "PF0/5 PI3/6",
				   "PF1/5 PI2/6", "PF2/5 PI1/6", "PF3/5 PH8/5")),
		U5_COMMON,
	},
	{
		.name = "STM32U535/545",
		.source = "RM0456 Rev 6; ST's stm32u535xx.h",
		.dev_id = 0x455,
		.max_flash_kib = 512,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 192, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20030000, 64, MEMORY_WRITE_FIRST),
				     U5_SRAM4, U5_BACKUP_RAM, U5_ROMS(32),
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = LAYOUTS(LAYOUT_OF("512 KiB", 512, U5_TWO_BANKS(256)),
				   U5_BY_DUALBANK("256 KiB, DUALBANK=1", 256),
				   U5_BY_DUALBANK("128 KiB, DUALBANK=1", 128),
				   U5_ONE_BANK(512)),
		U5_COMMON,
	},
	{
		.name = "STM32U595/599/5A5/5A9",
		.source = "RM0456 Rev 6; ST's stm32u599xx.h",
		.dev_id = 0x481,
		.max_flash_kib = 4096,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 768, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x200c0000, 64, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x200d0000, 832, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM5", 0x201a0000, 832, 0), U5_SRAM4,
				     U5_BACKUP_RAM, U5_ROMS(64),
				     EXTERNAL("FMC", 0x60000000, 256),
				     EXTERNAL("OCTOSPI2", 0x70000000, 256),
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = LAYOUTS(LAYOUT_OF("4 MiB", 4096, U5_TWO_BANKS(2048)),
				   U5_BY_DUALBANK("2 MiB, DUALBANK=1", 2048),
				   U5_ONE_BANK(4096)),
		U5_COMMON,
	},
	{
		.name = "STM32U5F7/5F9/5G7/5G9",
		.source = "RM0456 Rev 6; ST's stm32u5f9xx.h",
		.dev_id = 0x476,
		.max_flash_kib = 4096,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 768, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x200c0000, 64, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x200d0000, 832, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM5", 0x201a0000, 832, 0),
				     RAM_TZ("SRAM6", 0x20270000, 512, 0), U5_SRAM4,
				     U5_BACKUP_RAM, U5_ROMS(64),
				     EXTERNAL("FMC", 0x60000000, 256),
				     EXTERNAL("OCTOSPI2", 0x70000000, 256),
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = LAYOUTS(LAYOUT_OF("4 MiB", 4096, U5_TWO_BANKS(2048)),
				   U5_BY_DUALBANK("2 MiB, DUALBANK=1", 2048),
				   U5_ONE_BANK(4096)),
		U5_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0456 Rev 6; stm32u575xx.h",
	FLAGS_OF_CSR(0x46020cf4),
	.standby = { 0x46020838, BIT(2), BIT(2) },
	.power_clock = { 0, 0x46020c94, BIT(2), "RCC_AHB3ENR.PWREN" },
	.rdp = &read_protection_u5,
	.trustzone = { 0x40022040, BIT(31), BIT(31) },
	.banks_swap = { 0x40022040, BIT(20), BIT(20) },
	/* Range 4 of VCORE, as after a reset, has 25 MHz at most, at which ST's own code gives SRAM
	 * a wait state (RAMCFG); range 3 has 55 MHz without one (RM0456 Rev 6, 7.3.3, 10.10.4). */
	.fast_clock = {
		/* RCC_CFGR1: SYSCLK is MSIS; RCC_CFGR2: and HPRE divides by 1 */
		{ CLOCK_WRITE(0x46020c1c, 0xf, 0, 0) },
		{ CLOCK_WRITE(0x46020c20, 0xf, 0, 0) },
		/* RCC_AHB3ENR.PWREN */
		{ CLOCK_WRITE(0x46020c94, BIT(2), 0, BIT(2)) },
		/* PWR_VOSR: BOOSTEN, VOS; VOSRDY */
		{ CLOCK_WRITE(0x4602080c, 0x00070000, 0, BIT(16)),
		  .ready = BIT(15),
		  .is_gated = true },
		/* FLASH_ACR.LATENCY */
		{ CLOCK_WRITE(0x40022000, 0xf, 0, 2) },
		/* RCC_ICSCR1: MSISRANGE, from 4 to 48 MHz, by MSIRGSEL */
		{ CLOCK_WRITE(0x46020c08, 0xf0800000, 0x40000000, 0x00800000) },
	},
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022040, 16),
};

const struct device_family stm32u5_family = { "STM32U5", devices, array_len(devices),
					      &vitals, &trace_unit_e0044004 };
