/* SPDX-License-Identifier: MIT */
/*
 * STM32H5. RM0481 (H52x to H57x), RM0492 (H503): memory map, flash organization, DBGMCU,
 * device electronic signature. Addresses agree with ST's stm32h563xx.h and its like, banks
 * with stm32-data.
 *
 * The core is behind port 1. Port 0, a debug APB, has DBGMCU at 0xe0044000; the core has it at
 * 0x44024000.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000 };

#define H5_COMMON                                                 \
	.option_layout = OPTION_LAYOUT_H5,                        \
	.ids = { ID_AP0_E0044000, ID_AP1_44024000, ID_TARGETID }, \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x08fff80c },   \
	.unique_id_at = 0x08fff800, .package_at = 0x08fff80e,     \
	.cores = ONE_CORE("cm33", CORTEX_M33, 1, 0x40003000),     \
	.debug_bits = DEBUG_BITS_E0044000(0)

#define H5_BANK(interface_, number_, base_, count_)                             \
	BANK("flash bank " #number_, interface_, number_, base_, CONTROLLER, 2, \
	     { (count_), KIB(8) })
/* Always two banks, without a gap between them. */
#define H5_TWO_BANKS_OF(interface_, half_)               \
	H5_BANK(interface_, 1, 0x08000000, (half_) / 8), \
		H5_BANK(interface_, 2, 0x08000000 + KIB(half_), (half_) / 8)
#define H5_TWO_BANKS(half_) H5_TWO_BANKS_OF(&flash_interface_h5, half_)
#define H5_SECURE(kib_)     FLASH_SECURE("flash bank 1", &flash_interface_h5, (kib_) / 8, 8)
#define H5E_TWO_BANKS(half_)                          \
	H5_TWO_BANKS_OF(&flash_interface_h5e, half_), \
		FLASH_SECURE("flash bank 1", &flash_interface_h5e, (half_) / 4, 8)
#define H5_ROMS(kib_)                    \
	SYSTEM_MEMORY(0x0bf80000, kib_), \
		OTP(0x08fff000, 2048, &flash_interface_h5_otp, CONTROLLER)
#define H5_EXTERNAL EXTERNAL("FMC", 0x60000000, 256), EXTERNAL("OCTOSPI1", 0x90000000, 256)
/* Its clock is RCC_AHB1ENR.BKPRAMEN. SRAM2 has ECC by an option bit, and SRAM1 never. */
#define H5_BACKUP_RAM(kib_) RAM("backup SRAM", 0x40036400, kib_, MEMORY_NEEDS_SETUP)

static const struct device devices[] = {
	{
		.name = "STM32H562/563/573",
		.source = "ST's stm32h563xx.h; RM0481",
		.dev_id = 0x484,
		.max_flash_kib = 2048,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 256, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20040000, 64, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x20050000, 320, MEMORY_WRITE_FIRST),
				     H5_BACKUP_RAM(4), H5_ROMS(64), H5_EXTERNAL,
				     EXTERNAL("FMC SDRAM", 0xc0000000, 512)),
		.layouts = LAYOUTS(
			LAYOUT_OF("1 MiB", 1024, H5_TWO_BANKS(512), H5_SECURE(1024)),
			LAYOUT_ELSE("2 MiB", H5_TWO_BANKS(1024), H5_SECURE(2048))),
		H5_COMMON,
	},
	{
		.name = "STM32H503",
		.source = "ST's stm32h503xx.h; RM0492",
		.dev_id = 0x474,
		.max_flash_kib = 128,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 16, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20004000, 16, MEMORY_WRITE_FIRST),
				     H5_BACKUP_RAM(2), H5_ROMS(32),
				     H5_TWO_BANKS_OF(&flash_interface_h503, 64)),
		H5_COMMON,
	},
	{
		.name = "STM32H523/533",
		.source = "ST's stm32h523xx.h; RM0481",
		.dev_id = 0x478,
		.max_flash_kib = 512,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 128, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20020000, 80, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x20034000, 64, MEMORY_WRITE_FIRST),
				     H5_BACKUP_RAM(2), H5_ROMS(64), H5_EXTERNAL),
		.layouts = LAYOUTS(
			LAYOUT_OF("256 KiB", 256, H5_TWO_BANKS(128), H5_SECURE(256)),
			LAYOUT_ELSE("512 KiB", H5_TWO_BANKS(256), H5_SECURE(512))),
		H5_COMMON,
	},
	/* Sectors of 8 KiB are those of the family; no second source says so of these two. */
	{
		.name = "STM32H543/553",
		.source = "ST's stm32h553xx.h",
		.dev_id = 0x47c,
		.max_flash_kib = 1024,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 128, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20020000, 80, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x20034000, 96, MEMORY_WRITE_FIRST),
				     H5_BACKUP_RAM(2), H5_ROMS(64), H5_EXTERNAL),
		.layouts = LAYOUTS(
			LAYOUT_OF("512 KiB", 512, H5_TWO_BANKS(256), H5_SECURE(512)),
			LAYOUT_ELSE("1 MiB", H5_TWO_BANKS(512), H5_SECURE(1024))),
		H5_COMMON,
	},
	{
		.name = "STM32H5E4/5E5/5F4/5F5",
		.source = "ST's stm32h5f5xx.h",
		.dev_id = 0x47a,
		.max_flash_kib = 4096,
		.memories = MEMORIES(RAM_TZ("SRAM1", 0x20000000, 256, MEMORY_FOR_LOADERS),
				     RAM_TZ("SRAM2", 0x20040000, 128, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM3", 0x20060000, 384, MEMORY_WRITE_FIRST),
				     RAM_TZ("SRAM4", 0x200c0000, 384, 0),
				     RAM_TZ("SRAM5", 0x20120000, 384, 0), H5_BACKUP_RAM(4),
				     H5_ROMS(64), H5_EXTERNAL,
				     EXTERNAL("FMC SDRAM", 0xc0000000, 512)),
		.layouts = LAYOUTS(LAYOUT_OF("2 MiB", 2048, H5E_TWO_BANKS(1024)),
				   LAYOUT_ELSE("4 MiB", H5E_TWO_BANKS(2048))),
		H5_COMMON,
	},
};

/* What opens the chip is its product state, and there is no RDP. */
static const struct vitals vitals = {
	.source = "RM0481; ST's stm32h563xx.h",
	FLAGS_OF_CSR(0x44020cf4),
	.standby = { 0x44020804, BIT(6), BIT(6) },
	.product_state = &product_state_h5,
	.trustzone = { 0x40022070, 0xff000000, 0xb4000000 },
	.banks_swap = { 0x40022050, BIT(31), BIT(31) },
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022050, 3),
};

const struct device_family stm32h5_family = { "STM32H5", devices, array_len(devices),
					      &vitals, &trace_unit_44024004 };
