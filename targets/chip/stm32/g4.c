/* SPDX-License-Identifier: MIT */
/*
 * STM32G4. RM0440 Rev 8: memory map 2.2, flash organization 3.3.1,
 * FLASH_OPTR 3.7.8, debug support (DBGMCU_IDCODE 47.6.1, _CR, _APB1FZR1), device
 * electronic signature 48. Addresses agree with ST's stm32g473xx.h, stm32g431xx.h and
 * stm32g491xx.h. CubeMX has the G411 on two of the dies.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000, FLASH_OPTR = 0x40022020, OPTR_DBANK = 1 << 22 };

/* Category 3 is one die with two banks of 256 KiB; in dual-bank mode bank 2 begins at 0x08040000
 * on smaller parts too, with half of the size word in it (RM0440 3.3.1). Bank 1 reaches
 * further than its half: programs for the 128 KiB part are linked to 128 KiB in one piece, and
 * pages 32 to 63 are there and are erased like the first (community.st.com 827900, 812382). */
#define FLASH(name_, number_, base_, share_, size_)                        \
	{                                                                  \
		.name = (name_), .kind = MEMORY_FLASH, .base = (base_),    \
		.interface = &flash_interface_g4, .registers = CONTROLLER, \
		.number = (number_), .share = (share_), .runs = {          \
			{ 128, (size_) }                                   \
		}                                                          \
	}
#define G4_OPTIONS(name_, number_, base_) \
	OPTION_BYTES(name_, number_, base_, 48, &flash_interface_g4, CONTROLLER)
/* FLASH_OPTR.CCMSRAM_RST 0: erased by a system reset; SRAM_PE 0: with parity. */
#define G4_CCM(kib_, alias_)                                                          \
	RAM("CCM SRAM", 0x10000000, kib_, MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST), \
		RAM_AGAIN("CCM SRAM (as data)", "CCM SRAM", alias_, kib_,             \
			  MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST)
/* Categories 2 and 4 have one bank with pages of 2 KiB. */
#define G4_ONE_BANK(count_)                                              \
	BANK("flash", &flash_interface_g4, 1, 0x08000000, CONTROLLER, 1, \
	     { (count_), KIB(2) })
#define G4_ROMS                                                         \
	SYSTEM_MEMORY(0x1fff0000, 28),                                  \
		OTP(0x1fff7000, 1024, &flash_interface_g4, CONTROLLER), \
		G4_OPTIONS("option byte memory", 1, 0x1fff7800)
#define G4_COMMON                                                      \
	.option_layout = OPTION_LAYOUT_G4, .ids = { ID_AP0_E0042000 }, \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff75e0 },        \
	.unique_id_at = 0x1fff7590, .package_at = 0x1fff7500,          \
	.cores = ONE_CORE("cm4", CORTEX_M4, 0, 0x40003000),            \
	.debug_bits = DEBUG_BITS_E0042000

static const struct device devices[] = {
	{
		.name = "STM32G471/473/474/483/484",
		.source = "RM0440 Rev 8",
		.dev_id = 0x469,
		.option_layout = OPTION_LAYOUT_G4,
		.ids = { ID_AP0_E0042000 },
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff75e0 },
		.max_flash_kib = 512,
		.unique_id_at = 0x1fff7590,
		.package_at = 0x1fff7500,
		.cores = { { .name = "cm4", .kind = CORTEX_M4, .watchdog_at = 0x40003000 } },
		.memories = MEMORIES(
			{ .name = "SRAM1",
			  .kind = MEMORY_RAM,
			  .flags = MEMORY_FOR_LOADERS,
			  .base = 0x20000000,
			  .size = KIB(80) },
			{ .name = "SRAM2",
			  .kind = MEMORY_RAM,
			  .base = 0x20014000,
			  .size = KIB(16) },
			/* FLASH_OPTR.CCMSRAM_RST 0: erased by a system reset; SRAM_PE 0: with
			 * parity. */
			{ .name = "CCM SRAM (as data)",
			  .kind = MEMORY_RAM,
			  .flags = MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST,
			  .alias_of = "CCM SRAM",
			  .base = 0x20018000,
			  .size = KIB(32) },
			{ .name = "CCM SRAM",
			  .kind = MEMORY_RAM,
			  .flags = MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST,
			  .base = 0x10000000,
			  .size = KIB(32) },
			{ .name = "system memory (boot loader)",
			  .kind = MEMORY_SYSTEM_ROM,
			  .base = 0x1fff0000,
			  .size = KIB(28) },
			{ .name = "OTP memory",
			  .kind = MEMORY_OTP,
			  .base = 0x1fff7000,
			  .size = KIB(1),
			  .interface = &flash_interface_g4,
			  .registers = CONTROLLER },
			G4_OPTIONS("option byte memory", 1, 0x1fff7800),
			G4_OPTIONS("option byte memory of bank 2", 2, 0x1ffff800),
			{ .name = "external memory (FMC)",
			  .region = WINDOW_OF("FMC"),
			  .kind = MEMORY_EXTERNAL,
			  .flags = MEMORY_NEEDS_SETUP,
			  .base = 0x60000000,
			  .size = KIB(768 * 1024) },
			{ .name = "external memory (QUADSPI)",
			  .region = WINDOW_OF("QUADSPI"),
			  .kind = MEMORY_EXTERNAL,
			  .flags = MEMORY_NEEDS_SETUP,
			  .base = 0x90000000,
			  .size = KIB(256 * 1024) }),
		.layouts = LAYOUTS(
			{ .name = "DBANK=1",
			  .when = { 0, 0, { { FLASH_OPTR, OPTR_DBANK, OPTR_DBANK } } },
			  .memories = MEMORIES(
				  FLASH("flash bank 1", 1, 0x08000000, 1, KIB(2)),
				  FLASH("flash bank 2", 2, 0x08040000, 2, KIB(2))) },
			{ .name = "DBANK=0",
			  .memories = MEMORIES(FLASH("flash", 1, 0x08000000, 1, KIB(4))) }),
		.nor_controllers = NOR_CONTROLLERS(QUADSPI_L4(
			"RM0440 Rev 8; DS12288", 4, "PA3/10 PB10/10 PE10/10 PF10/10",
			"PA2/10 PB11/10 PE11/10", "PB1/10 PE12/10 PF8/10",
			"PB0/10 PE13/10 PF9/10", "PA7/10 PE14/10 PF7/10",
			"PA6/10 PE15/10 PF6/10")),
		.debug_bits = {
			{ 0, 0xe0042004, 0x00000007, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },
			{ 0, 0xe0042008, 0x00001800, "DBG_WWDG_STOP, DBG_IWDG_STOP" },
		},
	},
	{
		.name = "STM32G431/441/411xB",
		.source = "RM0440 Rev 8; ST's stm32g431xx.h",
		.dev_id = 0x468,
		.max_flash_kib = 128,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 16, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20004000, 6, 0), G4_CCM(10, 0x20005800),
				     G4_ONE_BANK(64), G4_ROMS),
		G4_COMMON,
	},
	{
		.name = "STM32G491/4A1/411xC",
		.source = "RM0440 Rev 8; ST's stm32g491xx.h",
		.dev_id = 0x479,
		.max_flash_kib = 512,
		.memories = MEMORIES(RAM("SRAM1", 0x20000000, 80, MEMORY_FOR_LOADERS),
				     RAM("SRAM2", 0x20014000, 16, 0), G4_CCM(16, 0x20018000),
				     G4_ONE_BANK(256), G4_ROMS,
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		G4_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0440 Rev 8; stm32g473xx.h",
	FLAGS_OF_CSR(0x40021094),
	.standby = { 0x40007010, BIT(8), BIT(8) },
	.power_clock = { 0, 0x40021058, BIT(28), "RCC_APB1ENR1.PWREN" },
	.rdp = &read_protection_g4,
	.boot_lock = { 0x40022070, BIT(16), BIT(16) },
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022020, 16),
};

const struct device_family stm32g4_family = { "STM32G4", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
