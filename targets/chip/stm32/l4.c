/* SPDX-License-Identifier: MIT */
/*
 * STM32L4 and L4+. RM0351 (L47x to L4A6), RM0394 (L41x to L46x), RM0432 (L4+): memory
 * map, flash organization and FLASH_OPTR, debug support, device electronic signature.
 * Addresses agree with ST's stm32l476xx.h, stm32l431xx.h, stm32l4r5xx.h and their like;
 * layouts by option bits with openocd's stm32l4x.c.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000, FLASH_OPTR = 0x40022020 };
/* FLASH_OPTR. DUALBANK of L4 and DB1M of L4+ (DB512K on L4P5/L4Q5) are the same bit: two banks
 * on parts that have less than the whole flash. */
enum { OPTR_DUALBANK = 1 << 21, OPTR_DBANK = 1 << 22 };

#define L4_COMMON                                                      \
	.option_layout = OPTION_LAYOUT_L4, .ids = { ID_AP0_E0042000 }, \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff75e0 },        \
	.unique_id_at = 0x1fff7590, .package_at = 0x1fff7500,          \
	.cores = ONE_CORE("cm4", CORTEX_M4, 0, 0x40003000),            \
	.debug_bits = DEBUG_BITS_E0042000

#define L4_BANK(name_, number_, base_, share_, count_)                       \
	BANK(name_, &flash_interface_l4, number_, base_, CONTROLLER, share_, \
	     { (count_), KIB(2) })
#define L4_OPTIONS(name_, number_, base_) \
	OPTION_BYTES(name_, number_, base_, 40, &flash_interface_l4, CONTROLLER)
#define L4_ROMS                                                         \
	SYSTEM_MEMORY(0x1fff0000, 28),                                  \
		OTP(0x1fff7000, 1024, &flash_interface_l4, CONTROLLER), \
		L4_OPTIONS("option byte memory", 1, 0x1fff7800)
/* FLASH_OPTR.SRAM2_RST 0: SRAM2 is erased by a system reset; SRAM2_PE 0: it has parity. */
enum { SRAM2_FLAGS = MEMORY_LOST_BY_RESET | MEMORY_WRITE_FIRST };
/* SRAM2 is at 0x10000000, and but for L47x and L48x behind SRAM1 as well. */
#define L4_RAMS(kib_1_, after_1_, kib_2_)                      \
	RAM("SRAM1", 0x20000000, kib_1_, MEMORY_FOR_LOADERS),  \
		RAM("SRAM2", 0x10000000, kib_2_, SRAM2_FLAGS), \
		RAM_AGAIN("SRAM2 (behind SRAM1)", "SRAM2", after_1_, kib_2_, SRAM2_FLAGS)

/* With 1 MiB there are two banks; DUALBANK counts on smaller parts, and leaves no gap between
 * the banks. */
#define L4_TWO_BANKS(half_, base_2_)                            \
	L4_BANK("flash bank 1", 1, 0x08000000, 2, (half_) / 2), \
		L4_BANK("flash bank 2", 2, base_2_, 2, (half_) / 2)
#define L4_LAYOUTS                                                               \
	LAYOUTS(LAYOUT_OF("1 MiB", 1024, L4_TWO_BANKS(512, 0x08080000)),         \
		LAYOUT_BY("512 KiB, DUALBANK=1", 512, FLASH_OPTR, OPTR_DUALBANK, \
			  OPTR_DUALBANK, L4_TWO_BANKS(256, 0x08040000)),         \
		LAYOUT_BY("256 KiB, DUALBANK=1", 256, FLASH_OPTR, OPTR_DUALBANK, \
			  OPTR_DUALBANK, L4_TWO_BANKS(128, 0x08020000)),         \
		LAYOUT_ELSE("one bank", L4_BANK("flash", 1, 0x08000000, 1, 512)))

/* L4+: pages of 4 KiB in two banks, of 8 KiB in one. */
#define L4P_BANK(name_, number_, base_, share_, count_, kib_)                \
	BANK(name_, &flash_interface_l4, number_, base_, CONTROLLER, share_, \
	     { (count_), KIB(kib_) })
#define L4P_TWO_BANKS(half_, base_2_)                               \
	L4P_BANK("flash bank 1", 1, 0x08000000, 2, (half_) / 4, 4), \
		L4P_BANK("flash bank 2", 2, base_2_, 2, (half_) / 4, 4)
#define L4P_LAYOUTS(kib_, name_, half_name_, base_2_, half_base_2_)                \
	LAYOUTS(LAYOUT_BY(name_, kib_, FLASH_OPTR, OPTR_DBANK, OPTR_DBANK,         \
			  L4P_TWO_BANKS((kib_) / 2, base_2_)),                     \
		LAYOUT_BY(half_name_, (kib_) / 2, FLASH_OPTR, OPTR_DUALBANK,       \
			  OPTR_DUALBANK, L4P_TWO_BANKS((kib_) / 4, half_base_2_)), \
		LAYOUT_ELSE("one bank",                                            \
			    L4P_BANK("flash", 1, 0x08000000, 1, (kib_) / 8, 8)))
#define L4P_ROMS                                                        \
	SYSTEM_MEMORY(0x1fff0000, 28),                                  \
		OTP(0x1fff7000, 1024, &flash_interface_l4, CONTROLLER), \
		L4_OPTIONS("option byte memory", 1, 0x1ff00000),        \
		L4_OPTIONS("option byte memory of bank 2", 2, 0x1ff01000)

static const struct device devices[] = {
	{
		.name = "STM32L471/475/476/485/486",
		.source = "RM0351 Rev 9; ST's stm32l476xx.h",
		.dev_id = 0x415,
		.max_flash_kib = 1024,
		.memories =
			MEMORIES(RAM("SRAM1", 0x20000000, 96, MEMORY_FOR_LOADERS),
				 RAM("SRAM2", 0x10000000, 32, SRAM2_FLAGS), L4_ROMS,
				 L4_OPTIONS("option byte memory of bank 2", 2, 0x1ffff800),
				 EXTERNAL("FMC", 0x60000000, 768),
				 EXTERNAL("QUADSPI", 0x90000000, 256)),
		.layouts = L4_LAYOUTS,
		.nor_controllers = NOR_CONTROLLERS(
			QUADSPI_L4("RM0351 Rev 9; DS10198", 2, "PB10/10 PE10/10",
				   "PB11/10 PE11/10", "PB1/10 PE12/10", "PB0/10 PE13/10",
				   "PA7/10 PE14/10", "PA6/10 PE15/10")),
		L4_COMMON,
	},
	{
		.name = "STM32L496/4A6",
		.source = "RM0351 Rev 9; ST's stm32l496xx.h",
		.dev_id = 0x461,
		.max_flash_kib = 1024,
		.memories =
			MEMORIES(L4_RAMS(256, 0x20040000, 64), L4_ROMS,
				 L4_OPTIONS("option byte memory of bank 2", 2, 0x1ffff800),
				 EXTERNAL("FMC", 0x60000000, 768),
				 EXTERNAL("QUADSPI", 0x90000000, 256)),
		.layouts = L4_LAYOUTS,
		.nor_controllers = NOR_CONTROLLERS(QUADSPI_L4(
			"RM0351 Rev 9; DS11585", 2, "PA3/10 PB10/10 PE10/10 PF10/3",
			"PA2/10 PB11/10 PE11/10", "PB1/10 PE12/10 PF8/10",
			"PB0/10 PE13/10 PF9/10", "PA7/10 PE14/10 PF7/10",
			"PA6/10 PE15/10 PF6/10")),
		L4_COMMON,
	},
	{
		.name = "STM32L431/432/433/442/443",
		.source = "ST's stm32l431xx.h; RM0394",
		.dev_id = 0x435,
		.max_flash_kib = 256,
		.memories = MEMORIES(L4_RAMS(48, 0x2000c000, 16),
				     L4_BANK("flash", 1, 0x08000000, 1, 128), L4_ROMS,
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		L4_COMMON,
	},
	{
		.name = "STM32L451/452/462",
		.source = "ST's stm32l451xx.h; RM0394",
		.dev_id = 0x462,
		.max_flash_kib = 512,
		.memories = MEMORIES(L4_RAMS(128, 0x20020000, 32),
				     L4_BANK("flash", 1, 0x08000000, 1, 256), L4_ROMS,
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		L4_COMMON,
	},
	{
		.name = "STM32L412/422",
		.source = "ST's stm32l412xx.h; RM0394",
		.dev_id = 0x464,
		.max_flash_kib = 128,
		.memories = MEMORIES(L4_RAMS(32, 0x20008000, 8),
				     L4_BANK("flash", 1, 0x08000000, 1, 64), L4_ROMS,
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		L4_COMMON,
	},
	{
		.name = "STM32L4R5/4R7/4R9/4S5/4S7/4S9",
		.source = "ST's stm32l4r5xx.h; RM0432",
		.dev_id = 0x470,
		.max_flash_kib = 2048,
		.memories = MEMORIES(L4_RAMS(192, 0x20030000, 64),
				     RAM("SRAM3", 0x20040000, 384, 0), L4P_ROMS,
				     EXTERNAL("FMC", 0x60000000, 256),
				     EXTERNAL("OCTOSPI2", 0x70000000, 256),
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = L4P_LAYOUTS(2048, "2 MiB, DBANK=1", "1 MiB, DB1M=1", 0x08100000,
				       0x08080000),
		L4_COMMON,
	},
	/* SRAM is 320 KiB: stlink's 640 is that of the L4R5. */
	{
		.name = "STM32L4P5/4Q5",
		.source = "ST's stm32l4p5xx.h; RM0432",
		.dev_id = 0x471,
		.max_flash_kib = 1024,
		.memories = MEMORIES(L4_RAMS(128, 0x20020000, 64),
				     RAM("SRAM3", 0x20030000, 128, 0), L4P_ROMS,
				     EXTERNAL("FMC", 0x60000000, 256),
				     EXTERNAL("OCTOSPI2", 0x70000000, 256),
				     EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = L4P_LAYOUTS(1024, "1 MiB, DBANK=1", "512 KiB, DB512K=1",
				       0x08080000, 0x08040000),
		L4_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0351 Rev 9; stm32l476xx.h",
	FLAGS_OF_CSR(0x40021094),
	.standby = { 0x40007010, BIT(8), BIT(8) },
	.power_clock = { 0, 0x40021058, BIT(28), "RCC_APB1ENR1.PWREN" },
	.rdp = &read_protection_g4,
	.fast_clock = {
		/* RCC_CFGR: SYSCLK is MSI, HPRE divides by 1 */
		{ CLOCK_WRITE(0x40021008, 0xff, 0, 0) },
		/* FLASH_ACR.LATENCY: enough in both ranges of VCORE */
		{ CLOCK_WRITE(0x40022000, 0xf, 0, 3) },
		/* RCC_CR: MSIRANGE, from 4 to 24 MHz, by MSIRGSEL */
		{ CLOCK_WRITE(0x40021000, 0xfb, 0x63, 0x9b) },
	},
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022020, 16),
};

const struct device_family stm32l4_family = { "STM32L4", devices, array_len(devices),
					      &vitals, &trace_unit_e0042004 };
