/* SPDX-License-Identifier: MIT */
/*
 * STM32F103 of medium density, the die with DEV_ID 0x410. Addresses: stm32f103xb.h
 * (ST's CMSIS device header), RM0008 Rev 21, 3.3 "Memory map"; clock gates: RM0008
 * 7.3.6 to 7.3.8.
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/flash/f1.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/timing.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum memory_index { SRAM, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[SRAM] = { "SRAM", KIB(20), false },
	[FLASH] = { "flash", KIB(128), true },
	[INFORMATION] = { "information block", KIB(4), true },
};

/* System memory with the ids at its end, then the option bytes; what is behind them reads
 * as erased (the dump in the thread named in flash/f1_options.c). The boot loader is
 * a stand-in. */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(20), SRAM, 0 },
	{ 0x08000000, KIB(128), FLASH, 0 },
	{ 0x1FFFF000, KIB(4), INFORMATION, 0 },
};

/* RM0008 27.6.1: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x00, 0x000000C0, 0x00000360 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* RM0008 31.16.3: DBGMCU_CR.DBG_IWDG_STOP. That code which runs without a debugger reads 0
 * from DBGMCU (ES0340, "Debug registers cannot be read by user software") is left out. */
static const struct dbgmcu_layout dbgmcu = { 0x08, 0x04, 8, true, 1 << 5, NULL, { 0, 0 } };
static const struct iwdg_kind iwdg = { F1_LSI_HZ, false };

/* Cortex-M3 TRM r1p1 (DDI 0337E), "Debug": the ROM table; parts of medium density have
 * no ETM. ST's table has ST's JEP106 code 0x20 and the DEV_ID as part number. */
static const uint32_t rom_entries[] = {
	0xFFF0F003, /* SCS  0xE000E000 */
	0xFFF02003, /* DWT  0xE0001000 */
	0xFFF03003, /* FPB  0xE0002000 */
	0xFFF01003, /* ITM  0xE0000000 */
	0xFFF41003, /* TPIU 0xE0040000 */
	0xFFF42002, /* ETM, not present */
	0,
};
static const struct coresight_ids rom_ids = { .pid = 0x00000A0410,
					      .component_class = 1,
					      .entries = rom_entries,
					      .entries_len = LEN(rom_entries) };
/* The clones below: GigaDevice's JEP106 code is 0x51 behind seven continuations (JEP106BH), part
 * 0x76F (Black Magic Debug, its designers and its GD32F1); the others leave the table as the
 * core comes from Arm, part 0x4C3 (Cortex-M3 TRM r2p1, DDI 0337I, table 8-1). */
static const struct coresight_ids gd32_rom_ids = { .pid = 0x07000D176F,
						   .component_class = 1,
						   .entries = rom_entries,
						   .entries_len = LEN(rom_entries) };
static const struct coresight_ids arm_rom_ids = { .pid = 0x04000BB4C3,
						  .component_class = 1,
						  .entries = rom_entries,
						  .entries_len = LEN(rom_entries) };
static const struct coresight_ids tpiu_ids = { .pid = 0x04001BB923,
					       .component_class = 9,
					       .devtype = 0x11,
					       .devid = 0xCA1,
					       .has_formatter = true };

/* Enable registers of RCC. */
enum { ALWAYS = 0, AHBENR = 0x14, APB2ENR = 0x18, APB1ENR = 0x1C };

#define FILE_AT(name, at, enr, bit)                                          \
	{                                                                    \
		&register_file_type, name, at, 0x400, { enr, bit }, -1, NULL \
	}
#define USART_AT(name, at, enr, bit)                                           \
	{                                                                      \
		&register_file_type, name, at, 0x400, { enr, bit }, -1, &usart \
	}
#define PORT_AT(name, at, bit)                                             \
	{                                                                  \
		&gpio_f1_type, name, at, 0x400, { APB2ENR, bit }, -1, NULL \
	}

/* AHBENR.FLITFEN is about sleep mode: the flash registers always have their clock
 * (7.3.6). */
#define PLACES(rom_ids_)                                                                        \
	{                                                                                       \
		{                                                                               \
			&flash_f1_type, "FLASH", 0x40022000, 0x400,                             \
			{ ALWAYS, 0 },  4,       &flash_f1                                      \
		},                                                                              \
			{ &rcc_type, "RCC", 0x40021000, 0x400, { ALWAYS, 0 }, 5, &rcc_f1 },     \
			{ &pwr_f1f3f4_type, "PWR", 0x40007000, 0x400,                           \
			  { APB1ENR, 28 },  -1,    &pwr_f1 },                                   \
			{ &afio_f1_type, "AFIO", 0x40010000, 0x400, { APB2ENR, 0 }, -1, NULL }, \
			{ &iwdg_type, "IWDG", 0x40003000, 0x400, { ALWAYS, 0 }, -1, &iwdg },    \
			{ &dbgmcu_type,  "DBGMCU", 0xE0042000, 0x400,                           \
			  { ALWAYS, 0 }, -1,       &dbgmcu },                                   \
			{ &rom_table_type, "ROM table", 0xE00FF000, 0x1000,                     \
			  { ALWAYS, 0 },   -1,          &(rom_ids_) },                          \
			{ &swo_type,     "TPIU", 0xE0040000, 0x1000,                            \
			  { ALWAYS, 0 }, -1,     &tpiu_ids },                                   \
			PORT_AT("GPIOA", 0x40010800, 2), PORT_AT("GPIOB", 0x40010C00, 3),       \
			PORT_AT("GPIOC", 0x40011000, 4), PORT_AT("GPIOD", 0x40011400, 5),       \
			PORT_AT("GPIOE", 0x40011800, 6),                                        \
			FILE_AT("TIM2", 0x40000000, APB1ENR, 0),                                \
			FILE_AT("TIM3", 0x40000400, APB1ENR, 1),                                \
			FILE_AT("TIM4", 0x40000800, APB1ENR, 2),                                \
			FILE_AT("RTC", 0x40002800, ALWAYS, 0),                                  \
			WWDG_AT("WWDG", 0x40002C00, APB1ENR, 11),                               \
			FILE_AT("SPI2", 0x40003800, APB1ENR, 14),                               \
			USART_AT("USART2", 0x40004400, APB1ENR, 17),                            \
			USART_AT("USART3", 0x40004800, APB1ENR, 18),                            \
			FILE_AT("I2C1", 0x40005400, APB1ENR, 21),                               \
			FILE_AT("I2C2", 0x40005800, APB1ENR, 22),                               \
			FILE_AT("USB", 0x40005C00, APB1ENR, 23),                                \
			FILE_AT("USB/CAN SRAM", 0x40006000, APB1ENR, 23),                       \
			FILE_AT("CAN1", 0x40006400, APB1ENR, 25),                               \
			FILE_AT("BKP", 0x40006C00, APB1ENR, 27),                                \
			FILE_AT("EXTI", 0x40010400, ALWAYS, 0),                                 \
			FILE_AT("ADC1", 0x40012400, APB2ENR, 9),                                \
			FILE_AT("ADC2", 0x40012800, APB2ENR, 10),                               \
			FILE_AT("TIM1", 0x40012C00, APB2ENR, 11),                               \
			FILE_AT("SPI1", 0x40013000, APB2ENR, 12),                               \
			USART_AT("USART1", 0x40013800, APB2ENR, 14),                            \
			FILE_AT("DMA1", 0x40020000, AHBENR, 0),                                 \
			FILE_AT("CRC", 0x40023000, AHBENR, 6),                                  \
	}
static const struct chip_place places[] = PLACES(rom_ids);
static const struct chip_place gd32_places[] = PLACES(gd32_rom_ids);
static const struct chip_place clone_places[] = PLACES(arm_rom_ids);

/* Cortex-M3 with 6 + 2 FPB and 4 DWT comparators (RM0008 31.1), 43 interrupt lines (10.1), 16
 * levels of priority; 20 KiB of SRAM and 128 KiB of flash. */
#define MEDIUM_DENSITY(cpuid_, ap_, places_)                                            \
	.cores = { { .kind = CPU_CORTEX_M3,                                             \
		     .fpu = CPU_FPU_NONE,                                               \
		     .cpuid = (cpuid_),                                                 \
		     .priority_bits = 4,                                                \
		     .irqs = 43,                                                        \
		     .fpb_revision = 1,                                                 \
		     .fpb_code = 6,                                                     \
		     .fpb_literal = 2,                                                  \
		     .dwt_comparators = 4 } },                                          \
	.cores_len = 1,                                                                 \
	.ports = { { .idr = (ap_), .base = 0xE00FF003, .csw_fixed = 0x01000040 } },     \
	.port_core = { 0 }, .dev_id = 0x6410,                                           \
	.uid = { 0xFFFFFF37, 0x31383836, 0x43095836 }, .memories = memories,            \
	.memories_len = LEN(memories), .windows = windows, .windows_len = LEN(windows), \
	.places = (places_), .places_len = LEN(places_), .flash_memory = FLASH,         \
	.information_memory = INFORMATION, .power_on_reset_ns = F1_POWER_ON_RESET_NS,   \
	.lowest_volts = 1.88 /* VPOR/PDR, falling, DS5319 */

/* Cortex-M3 r1p1, SW-DP and AHB-AP of that revision (RM0008 31.8.3). The part as it
 * is sold today, revision Y, 1, 2 or X: REV_ID 0x2003; the reserved bits 15:12 of
 * DBGMCU_IDCODE read 6, so that OpenOCD says "device id = 0x20036410" of it. UID: as in the
 * dump named in flash/f1_options.c. */
const struct chip stm32f103cb = {
	.name = "STM32F103CB",
	.source = "RM0008 Rev 21, PM0075 Rev 2, DS5319",
	MEDIUM_DENSITY(0x411FC231, 0x14770011, places),
	.dpidr = 0x1BA01477,
	.rev_id = 0x2003,
	.flash_kib = 128,
	.ram_kib = 20,
};

/* What Blue Pills are sold with instead. Their flash controller and clocks are the STM32's
 * here: assumption (both manuals describe the same registers). A GD32F103: Cortex-M3 r2p1, IDCODE
 * 0x13030410, the RAM's size above the flash's (Black Magic Debug, GD32F1; OpenOCD, flash
 * driver stm32f1x, revision 0x1303). */
const struct chip gd32f103cb = {
	.name = "GD32F103CB",
	.source = "GD32F10x User Manual Rev 2.6; Black Magic Debug, GD32F1",
	MEDIUM_DENSITY(0x412FC231, 0x14770011, gd32_places),
	.dpidr = 0x1BA01477,
	.rev_id = 0x1303,
	.flash_kib = 128,
	.ram_kib = 20,
};
/* An APM32F103 copies the IDCODE; its SW-DP and AHB-AP are those of Cortex-M3 r2p1 (OpenOCD,
 * target stm32f1x: "0x2ba01477" of clones; Black Magic Debug issue 1200). */
const struct chip apm32f103cb = {
	.name = "APM32F103CB",
	.source = "APM32F103xB User Manual; Black Magic Debug issue 1200",
	MEDIUM_DENSITY(0x412FC231, 0x24770011, clone_places),
	.dpidr = 0x2BA01477,
	.rev_id = 0x2003,
	.flash_kib = 128,
};
/* A CKS32F103 of which the size word reads 0 (stlink issue 756: "flash: 0"). */
const struct chip cks32f103c8 = {
	.name = "CKS32F103C8",
	.source = "stlink issue 756; Black Magic Debug, STM32F1",
	MEDIUM_DENSITY(0x412FC231, 0x24770011, clone_places),
	.dpidr = 0x2BA01477,
	.rev_id = 0x2003,
	.flash_kib = 0,
};
