/* SPDX-License-Identifier: MIT */
/*
 * STM32L0. RM0367 Rev 8 (L0x3), RM0376 (L0x2), RM0377 (L0x1), RM0451 (L010): memory map, flash
 * and EEPROM, debug support, device electronic signature. Addresses agree with ST's
 * stm32l073xx.h and its like, EEPROM sizes with stm32-data, system memory with AN2606.
 *
 * Flash and EEPROM read 0 when erased. DBGMCU's clock is RCC_APB2ENR.DBGEN.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000 };

#define L0_COMMON                                                                         \
	.option_layout = OPTION_LAYOUT_L0, .ids = { ID_AP0_40015800 },                    \
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff8007c },                           \
	.unique_id_at = 0x1ff80050, .cores = ONE_CORE("cm0p", CORTEX_M0P, 0, 0x40003000), \
	.has_debug_clock = true,                                                          \
	.debug_bits = DEBUG_BITS_40015800(0x40021034, 1 << 22, 0x00000007,                \
					  "DBG_SLEEP, DBG_STOP, DBG_STANDBY")

#define L0_BANK(name_, number_, base_, share_, count_)                       \
	BANK(name_, &flash_interface_l0, number_, base_, CONTROLLER, share_, \
	     { (count_), 128 })
#define L0_EEPROM(base_, size_) \
	EEPROM("data EEPROM", base_, size_, &flash_interface_l0, CONTROLLER)
#define L0_OPTIONS                                                                 \
	OPTION_BYTES("option byte memory", 1, 0x1ff80000, 32, &flash_interface_l0, \
		     CONTROLLER)
#define L0_SRAM(kib_) RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS)
/* A part without a size of its own. */
#define L0_PART(name_, eeprom_base_, eeprom_)                                           \
	{                                                                               \
		.name = (name_), .memories = MEMORIES(L0_EEPROM(eeprom_base_, eeprom_)) \
	}

static const struct device devices[] = {
	{
		.name = "STM32L071/072/073/081/082/083/010xB",
		.source = "RM0367 Rev 8; ST's stm32l073xx.h",
		.dev_id = 0x447,
		.max_flash_kib = 192,
		.memories = MEMORIES(L0_SRAM(20), SYSTEM_MEMORY(0x1ff00000, 8), L0_OPTIONS),
		.variants =
			VARIANTS(PART_OF("STM32L071x8", 64, L0_EEPROM(0x08080c00, 3072)),
				 PART_OF("STM32L010xB", 128, L0_EEPROM(0x08080000, 512)),
				 { .name = "STM32L07xxx",
				   .when = { 128, 192, { { 0 } } },
				   .memories = MEMORIES(L0_EEPROM(0x08080000, 6144)) },
				 { .name = "STM32L08xxx",
				   .when = { 128, 192, { { 0 } } },
				   .memories = MEMORIES(L0_EEPROM(0x08080000, 6144)) }),
		/* RM0367, 3.3.1: two banks of half the flash each, one bank with 64 KiB. */
		.layouts = LAYOUTS(
			LAYOUT_OF("64 KiB", 64, L0_BANK("flash", 1, 0x08000000, 1, 512)),
			LAYOUT_OF("128 KiB", 128,
				  L0_BANK("flash bank 1", 1, 0x08000000, 2, 512),
				  L0_BANK("flash bank 2", 2, 0x08010000, 2, 512)),
			LAYOUT_ELSE("192 KiB",
				    L0_BANK("flash bank 1", 1, 0x08000000, 2, 768),
				    L0_BANK("flash bank 2", 2, 0x08018000, 2, 768))),
		L0_COMMON,
	},
	{
		.name = "STM32L051/052/053/062/063/010x8",
		.source = "RM0367 Rev 8; ST's stm32l053xx.h",
		.dev_id = 0x417,
		.max_flash_kib = 64,
		.memories = MEMORIES(L0_SRAM(8), L0_BANK("flash", 1, 0x08000000, 1, 512),
				     SYSTEM_MEMORY(0x1ff00000, 4), L0_OPTIONS),
		.variants = VARIANTS(L0_PART("STM32L05xxx", 0x08080000, 2048),
				     L0_PART("STM32L06xxx", 0x08080000, 2048),
				     L0_PART("STM32L010x8", 0x08080000, 256)),
		L0_COMMON,
	},
	{
		.name = "STM32L031/041/010x6",
		.source = "ST's stm32l031xx.h; RM0377",
		.dev_id = 0x425,
		.max_flash_kib = 32,
		.memories = MEMORIES(L0_SRAM(8), L0_BANK("flash", 1, 0x08000000, 1, 256),
				     SYSTEM_MEMORY(0x1ff00000, 4), L0_OPTIONS),
		.variants = VARIANTS(L0_PART("STM32L031", 0x08080000, 1024),
				     L0_PART("STM32L041", 0x08080000, 1024),
				     L0_PART("STM32L010x6", 0x08080000, 256)),
		L0_COMMON,
	},
	/* SRAM is 2 KiB: stlink's 8 is that of the L031. */
	{
		.name = "STM32L011/021/010x4",
		.source = "ST's stm32l011xx.h; RM0377",
		.dev_id = 0x457,
		.max_flash_kib = 16,
		.memories = MEMORIES(L0_SRAM(2), L0_BANK("flash", 1, 0x08000000, 1, 128),
				     SYSTEM_MEMORY(0x1ff00000, 4), L0_OPTIONS),
		.variants = VARIANTS(L0_PART("STM32L011", 0x08080000, 512),
				     L0_PART("STM32L021", 0x08080000, 512),
				     L0_PART("STM32L010x4", 0x08080000, 128)),
		L0_COMMON,
	},
};

static const struct vitals vitals = {
	.source = "RM0376; ST's stm32l072xx.h",
	FLAGS_OF_CSR(0x40021050),
	.standby = { 0x40007004, BIT(1), BIT(1) },
	.power_clock = { 0, 0x40021038, BIT(28), "RCC_APB1ENR.PWREN" },
	.rdp = &read_protection_l0,
	HARDWARE_WATCHDOG(WDG_SW, 0x1ff80004, 4),
};

const struct device_family stm32l0_family = { "STM32L0", devices, array_len(devices),
					      &vitals, NULL };
