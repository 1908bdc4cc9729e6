/* SPDX-License-Identifier: MIT */
/*
 * STM32F303xB/C, the die with DEV_ID 0x422. Addresses: stm32f303xc.h (ST's CMSIS device
 * header), RM0316 Rev 8, 3.2 "Memory organization"; clock gates: RM0316 9.4.6 to 9.4.8.
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m4.h"
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

enum memory_index { SRAM, CCMSRAM, FLASH, INFORMATION };

/* The CB has 32 KiB of SRAM and 8 of CCM SRAM (DS9118, table 2). */
static const struct chip_memory memories[] = {
	[SRAM] = { "SRAM", KIB(32), false },
	[CCMSRAM] = { "CCM SRAM", KIB(8), false },
	[FLASH] = { "flash", KIB(128), true },
	[INFORMATION] = { "information block", KIB(10), true },
};

/* System memory with the ids at its end, then the option bytes. */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(32), SRAM, 0 },
	{ 0x10000000, KIB(8), CCMSRAM, 0 },
	{ 0x08000000, KIB(128), FLASH, 0 },
	{ 0x1FFFD800, KIB(10), INFORMATION, 0 },
};

/* RM0316 11.4: reset values; PA13/14/15 and PB3/4 are the debug port. */
static const struct gpio_reset port_a = { 0xA8000000, 0x0C000000, 0x64000000, true };
static const struct gpio_reset port_b = { 0x00000280, 0x000000C0, 0x00000100, false };
static const struct gpio_reset port_other = { 0, 0, 0, false };

/* RM0316 29.8.8: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x1C, 0x000000C0, 0 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* RM0316 33.16: IDCODE to APB2_FZ; DBGMCU_APB1_FZ.DBG_IWDG_STOP. */
static const struct dbgmcu_layout dbgmcu = { 0x10, 0x08, 12, true, 1 << 5, NULL, { 0, 0 } };
static const struct iwdg_kind iwdg = { F3_LSI_HZ, true };
static const struct syscfg_kind syscfg = { .flash_at = 0x08000000,
					   .system_at = 0x1FFFD800,
					   .sram_at = 0x20000000 };

static const struct coresight_ids rom_ids = CORTEX_M4_ROM_IDS(0x0422);

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
#define PORT_AT(name, at, bit, reset)                                   \
	{                                                               \
		&gpio_type, name, at, 0x400, { AHBENR, bit }, -1, reset \
	}

static const struct chip_place places[] = {
	{ &flash_f3_type, "FLASH", 0x40022000, 0x400, { ALWAYS, 0 }, 4, &flash_f3 },
	{ &rcc_type, "RCC", 0x40021000, 0x400, { ALWAYS, 0 }, 5, &rcc_f3 },
	{ &pwr_f1f3f4_type, "PWR", 0x40007000, 0x400, { APB1ENR, 28 }, -1, &pwr_f3 },
	{ &syscfg_f3f4_type, "SYSCFG", 0x40010000, 0x400, { APB2ENR, 0 }, -1, &syscfg },
	{ &iwdg_type, "IWDG", 0x40003000, 0x400, { ALWAYS, 0 }, -1, &iwdg },
	{ &dbgmcu_type, "DBGMCU", 0xE0042000, 0x400, { ALWAYS, 0 }, -1, &dbgmcu },
	CORTEX_M4_PLACES(&rom_ids),
	PORT_AT("GPIOA", 0x48000000, 17, &port_a),
	PORT_AT("GPIOB", 0x48000400, 18, &port_b),
	PORT_AT("GPIOC", 0x48000800, 19, &port_other),
	PORT_AT("GPIOD", 0x48000C00, 20, &port_other),
	PORT_AT("GPIOE", 0x48001000, 21, &port_other),
	PORT_AT("GPIOF", 0x48001400, 22, &port_other),
	FILE_AT("TIM2", 0x40000000, APB1ENR, 0),
	FILE_AT("TIM3", 0x40000400, APB1ENR, 1),
	FILE_AT("TIM4", 0x40000800, APB1ENR, 2),
	FILE_AT("TIM6", 0x40001000, APB1ENR, 4),
	FILE_AT("TIM7", 0x40001400, APB1ENR, 5),
	FILE_AT("RTC", 0x40002800, ALWAYS, 0),
	WWDG_AT("WWDG", 0x40002C00, APB1ENR, 11),
	FILE_AT("SPI2", 0x40003800, APB1ENR, 14),
	FILE_AT("SPI3", 0x40003C00, APB1ENR, 15),
	USART_AT("USART2", 0x40004400, APB1ENR, 17),
	USART_AT("USART3", 0x40004800, APB1ENR, 18),
	FILE_AT("I2C1", 0x40005400, APB1ENR, 21),
	FILE_AT("I2C2", 0x40005800, APB1ENR, 22),
	FILE_AT("USB", 0x40005C00, APB1ENR, 23),
	FILE_AT("USB/CAN SRAM", 0x40006000, APB1ENR, 23),
	FILE_AT("CAN", 0x40006400, APB1ENR, 25),
	FILE_AT("DAC1", 0x40007400, APB1ENR, 29),
	FILE_AT("EXTI", 0x40010400, ALWAYS, 0),
	FILE_AT("TIM1", 0x40012C00, APB2ENR, 11),
	FILE_AT("SPI1", 0x40013000, APB2ENR, 12),
	FILE_AT("TIM8", 0x40013400, APB2ENR, 13),
	USART_AT("USART1", 0x40013800, APB2ENR, 14),
	FILE_AT("TIM15", 0x40014000, APB2ENR, 16),
	FILE_AT("TIM16", 0x40014400, APB2ENR, 17),
	FILE_AT("TIM17", 0x40014800, APB2ENR, 18),
	FILE_AT("DMA1", 0x40020000, AHBENR, 0),
	FILE_AT("DMA2", 0x40020400, AHBENR, 1),
	FILE_AT("CRC", 0x40023000, AHBENR, 6),
	FILE_AT("TSC", 0x40024000, AHBENR, 24),
	FILE_AT("ADC1/2", 0x50000000, AHBENR, 28),
	FILE_AT("ADC3/4", 0x50000400, AHBENR, 29),
};

/* Cortex-M4 r0p1 with 6 + 2 FPB and 4 DWT comparators (RM0316 33.1), 82 interrupt lines
 * (stm32f303xc.h: the last is the FPU's, 81), 16 levels of priority. REV_ID 0x1003; the
 * reserved bits 15:12 of DBGMCU_IDCODE read 6, as in the STM32F103: assumption. UID: made
 * up. */
const struct chip stm32f303cb = {
	.name = "STM32F303CB",
	.source = "RM0316 Rev 8, DS9118",
	.cores = { CORTEX_M4_CORE(82) },
	.cores_len = 1,
	.ports = { CORTEX_M4_PORT },
	.port_core = { 0 },
	.dpidr = CORTEX_M4_DPIDR,
	.dev_id = 0x6422,
	.rev_id = 0x1003,
	.flash_kib = 128,
	.uid = { 0x0030003A, 0x34365112, 0x20373839 },
	.memories = memories,
	.memories_len = LEN(memories),
	.windows = windows,
	.windows_len = LEN(windows),
	.places = places,
	.places_len = LEN(places),
	.flash_memory = FLASH,
	.information_memory = INFORMATION,
	.secured = { 0, 0, 0x40002850, 16 * 4 }, /* RM0316 4.3.1, 27.6.19: RTC_BKPxR */
	.power_on_reset_ns = F3_POWER_ON_RESET_NS,
	.lowest_volts = 1.88, /* VPOR/PDR, falling, DS9118 */
};
