/* SPDX-License-Identifier: MIT */
/*
 * STM32G0. RM0444 (G0x1) and RM0454 (G0x0): memory map, flash organization, FLASH_OPTR, debug
 * support, device electronic signature. Addresses agree with ST's stm32g071xx.h and its like,
 * system memory with AN2606.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x40022000, FLASH_OPTR = 0x40022020, OPTR_DUAL_BANK = 1 << 21 };

/* DBGMCU's clock is RCC_APBENR1.DBGEN. Bits above those of the largest part are reserved in
 * the size word. */
#define G0_COMMON(size_mask_)                                                          \
	.option_layout = OPTION_LAYOUT_G0, .ids = { ID_AP0_40015800 },                 \
	.size_word = { SIZE_IN_KIB, 0x1fff75e0, (size_mask_), { 0 } },                 \
	.unique_id_at = 0x1fff7590, .package_at = 0x1fff7500,                          \
	.cores = ONE_CORE("cm0p", CORTEX_M0P, 0, 0x40003000), .has_debug_clock = true, \
	.debug_bits = DEBUG_BITS_40015800(0x4002103c, 1 << 27, 0x00000006,             \
					  "DBG_STOP, DBG_STANDBY")

#define G0_FLASH(count_)                                                 \
	BANK("flash", &flash_interface_g0, 1, 0x08000000, CONTROLLER, 1, \
	     { (count_), KIB(2) })
#define G0_ROMS(kib_, interface_)                                                         \
	SYSTEM_MEMORY(0x1fff0000, kib_), OTP(0x1fff7000, 1024, (interface_), CONTROLLER), \
		OPTION_BYTES("option byte memory", 1, 0x1fff7800, 128, (interface_),      \
			     CONTROLLER)
/* FLASH_OPTR.RAM_PARITY_CHECK 0 takes the last part of it for parity. */
#define G0_SRAM(kib_)                   RAM("SRAM", 0x20000000, kib_, MEMORY_FOR_LOADERS | MEMORY_WRITE_FIRST)
#define G0_SRAM_FOR_PARITY(base_, kib_) RAM("SRAM, or its parity", base_, kib_, 0)

#define G0B_BANK(name_, number_, base_, share_, count_)                       \
	BANK(name_, &flash_interface_g0b, number_, base_, CONTROLLER, share_, \
	     { (count_), KIB(2) })
#define G0B_BY_DUAL_BANK(name_, kib_)                                    \
	LAYOUT_BY(                                                       \
		name_, kib_, FLASH_OPTR, OPTR_DUAL_BANK, OPTR_DUAL_BANK, \
		G0B_BANK("flash bank 1", 1, 0x08000000, 2, (kib_) / 4),  \
		G0B_BANK("flash bank 2", 2, 0x08000000 + KIB((kib_) / 2), 2, (kib_) / 4))

static const struct device devices[] = {
	{
		.name = "STM32G030/031/041",
		.source = "ST's stm32g031xx.h; RM0444",
		.dev_id = 0x466,
		.max_flash_kib = 64,
		.memories =
			MEMORIES(G0_SRAM(8), G0_FLASH(32), G0_ROMS(8, &flash_interface_g0)),
		G0_COMMON(0x7f),
	},
	{
		.name = "STM32G050/051/061",
		.source = "ST's stm32g051xx.h; RM0444",
		.dev_id = 0x456,
		.max_flash_kib = 64,
		.memories = MEMORIES(G0_SRAM(16), G0_SRAM_FOR_PARITY(0x20004000, 2),
				     G0_FLASH(32), G0_ROMS(8, &flash_interface_g0)),
		G0_COMMON(0x7f),
	},
	{
		.name = "STM32G070/071/081",
		.source = "ST's stm32g071xx.h; RM0444",
		.dev_id = 0x460,
		.max_flash_kib = 128,
		.memories = MEMORIES(G0_SRAM(32), G0_SRAM_FOR_PARITY(0x20008000, 4),
				     G0_FLASH(64), G0_ROMS(28, &flash_interface_g0)),
		G0_COMMON(0xff),
	},
	{
		.name = "STM32G0B0/0B1/0C1",
		.source = "ST's stm32g0b1xx.h; RM0444",
		.dev_id = 0x467,
		.max_flash_kib = 512,
		.memories = MEMORIES(G0_SRAM(128), G0_SRAM_FOR_PARITY(0x20020000, 16),
				     G0_ROMS(28, &flash_interface_g0b)),
		.layouts = LAYOUTS(
			G0B_BY_DUAL_BANK("512 KiB, DUAL_BANK=1", 512),
			G0B_BY_DUAL_BANK("256 KiB, DUAL_BANK=1", 256),
			G0B_BY_DUAL_BANK("128 KiB, DUAL_BANK=1", 128),
			LAYOUT_ELSE("one bank", G0B_BANK("flash", 1, 0x08000000, 1, 256))),
		G0_COMMON(0x3ff),
	},
};

static const struct vitals vitals = {
	.source = "RM0444; ST's stm32g0b1xx.h",
	FLAGS_OF_CSR(0x40021060),
	.standby = { 0x40007010, BIT(8), BIT(8) },
	.power_clock = { 0, 0x4002103c, BIT(28), "RCC_APBENR1.PWREN" },
	.rdp = &read_protection_g4,
	/* FLASH_OPTR.DUAL_BANK, nSWAP_BANK; with one bank there is nothing to be swapped. */
	.banks_swap = { 0x40022020, BIT(21) | BIT(20), BIT(21) },
	.boot_lock = { 0x40022080, BIT(16), BIT(16) },
	.boot0_is_swclk = { 0x40022020, BIT(24), 0 }, /* FLASH_OPTR.nBOOT_SEL; PA14-BOOT0 */
	HARDWARE_WATCHDOG(IWDG_SW, 0x40022020, 16),
};

const struct device_family stm32g0_family = { "STM32G0", devices, array_len(devices),
					      &vitals, NULL };
