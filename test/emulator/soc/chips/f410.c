/* SPDX-License-Identifier: MIT */
/*
 * STM32F410, the die with DEV_ID 0x458. Addresses: stm32f410rx.h (ST's CMSIS device
 * header), RM0401 Rev 3, 2.2 "Memory map"; clock gates: RM0401 5.3.8 to 5.3.10.
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m4.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/timing.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum memory_index { SRAM, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[SRAM] = { "SRAM", KIB(32), false },
	[FLASH] = { "flash", KIB(128), true },
	[INFORMATION] = { "information block", KIB(64), true },
};

/* The flash controller shows the main memory itself. System memory, OTP and ids are in the
 * first stretch, the option bytes in the second; reserved bytes there read as erased here:
 * assumption. */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(32), SRAM, 0 },
	{ 0x1FFF0000, KIB(32), INFORMATION, 0 },
	{ 0x1FFFC000, KIB(4), INFORMATION, KIB(48) },
};

/* RM0401 6.4 and STM32F410.svd: reset values; PA13/14/15 and PB3/4 are the debug port. */
static const struct gpio_reset port_a = { 0xA8000000, 0x00000000, 0x64000000, true };
static const struct gpio_reset port_b = { 0x00000280, 0x000000C0, 0x00000100, false };
static const struct gpio_reset port_other = { 0, 0, 0, false };

/* RM0401 24.6.1: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x00, 0x000000C0, 0x00000360 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* RM0401 28.6: IDCODE to APB2_FZ; DBGMCU_APB1_FZ.DBG_IWDG_STOP. */
static const struct dbgmcu_layout dbgmcu = { 0x10, 0x08, 12, true, 1 << 5, NULL, { 0, 0 } };
static const struct iwdg_kind iwdg = { F4_LSI_HZ, false };
static const struct syscfg_kind syscfg = { .flash_at = 0x08000000,
					   .system_at = 0x1FFF0000,
					   .sram_at = 0x20000000 };

/* Cortex-M4 TRM (DDI 0439), 8.2 and 10.2: the ROM table and its components. ST's table has
 * ST's JEP106 code 0x20 and the DEV_ID as part number. */
static const uint32_t rom_entries[] = {
	0xFFF0F003, /* SCS  0xE000E000 */
	0xFFF02003, /* DWT  0xE0001000 */
	0xFFF03003, /* FPB  0xE0002000 */
	0xFFF01003, /* ITM  0xE0000000 */
	0xFFF41003, /* TPIU 0xE0040000 */
	0xFFF42002, /* ETM, not present: DS11144, features */
	0,
};
static const struct coresight_ids rom_ids = { .pid = 0x00000A0458,
					      .component_class = 1,
					      .entries = rom_entries,
					      .entries_len = LEN(rom_entries) };

/* Enable registers of RCC. */
enum { ALWAYS = 0, AHB1ENR = 0x30, APB1ENR = 0x40, APB2ENR = 0x44 };

#define FILE_AT(name, at, enr, bit)                                          \
	{                                                                    \
		&register_file_type, name, at, 0x400, { enr, bit }, -1, NULL \
	}
#define USART_AT(name, at, enr, bit)                                           \
	{                                                                      \
		&register_file_type, name, at, 0x400, { enr, bit }, -1, &usart \
	}
#define PORT_AT(name, at, bit, reset)                                    \
	{                                                                \
		&gpio_type, name, at, 0x400, { AHB1ENR, bit }, -1, reset \
	}

/* The flash interface has no bit in AHB1ENR (5.3.8: bit 15 is of sleep mode). */
static const struct chip_place places[] = {
	{ &flash_f4_type, "FLASH", 0x40023C00, 0x400, { ALWAYS, 0 }, 4, NULL },
	{ &rcc_type, "RCC", 0x40023800, 0x400, { ALWAYS, 0 }, 5, &rcc_f4 },
	{ &pwr_f1f3f4_type, "PWR", 0x40007000, 0x400, { APB1ENR, 28 }, -1, &pwr_f4 },
	{ &syscfg_f3f4_type, "SYSCFG", 0x40013800, 0x400, { APB2ENR, 14 }, -1, &syscfg },
	{ &iwdg_type, "IWDG", 0x40003000, 0x400, { ALWAYS, 0 }, -1, &iwdg },
	{ &dbgmcu_type, "DBGMCU", 0xE0042000, 0x400, { ALWAYS, 0 }, -1, &dbgmcu },
	{ &rom_table_type, "ROM table", 0xE00FF000, 0x1000, { ALWAYS, 0 }, -1, &rom_ids },
	{ &swo_type, "TPIU", 0xE0040000, 0x1000, { ALWAYS, 0 }, -1, &cortex_m4_tpiu },
	PORT_AT("GPIOA", 0x40020000, 0, &port_a),
	PORT_AT("GPIOB", 0x40020400, 1, &port_b),
	PORT_AT("GPIOC", 0x40020800, 2, &port_other),
	PORT_AT("GPIOH", 0x40021C00, 7, &port_other),
	FILE_AT("TIM5", 0x40000C00, APB1ENR, 3),
	FILE_AT("TIM6", 0x40001000, APB1ENR, 4),
	FILE_AT("LPTIM1", 0x40002400, APB1ENR, 9),
	FILE_AT("RTC", 0x40002800, ALWAYS, 0),
	WWDG_AT("WWDG", 0x40002C00, APB1ENR, 11),
	FILE_AT("SPI2", 0x40003800, APB1ENR, 14),
	USART_AT("USART2", 0x40004400, APB1ENR, 17),
	FILE_AT("I2C1", 0x40005400, APB1ENR, 21),
	FILE_AT("I2C2", 0x40005800, APB1ENR, 22),
	FILE_AT("FMPI2C1", 0x40006000, APB1ENR, 24),
	FILE_AT("DAC", 0x40007400, APB1ENR, 29),
	FILE_AT("TIM1", 0x40010000, APB2ENR, 0),
	USART_AT("USART1", 0x40011000, APB2ENR, 4),
	USART_AT("USART6", 0x40011400, APB2ENR, 5),
	FILE_AT("ADC1", 0x40012000, APB2ENR, 8),
	FILE_AT("SPI1", 0x40013000, APB2ENR, 12),
	FILE_AT("EXTI", 0x40013C00, ALWAYS, 0),
	FILE_AT("TIM9", 0x40014000, APB2ENR, 16),
	FILE_AT("TIM11", 0x40014800, APB2ENR, 18),
	FILE_AT("SPI5", 0x40015000, APB2ENR, 20),
	FILE_AT("CRC", 0x40023000, AHB1ENR, 12),
	FILE_AT("DMA1", 0x40026000, AHB1ENR, 21),
	FILE_AT("DMA2", 0x40026400, AHB1ENR, 22),
	FILE_AT("RNG", 0x40080000, AHB1ENR, 31),
};

/* Cortex-M4 r0p1 with 6 + 2 FPB and 4 DWT comparators (RM0401 28.1), 98 interrupt lines
 * (stm32f410rx.h: the last is LPTIM1's, 97), 16 levels of priority. REV_ID 0x1000 is
 * revision A; the reserved bits 15:12 of DBGMCU_IDCODE read 6, as STM32F410.svd has them.
 * UID: made up. */
const struct chip stm32f410rb = {
	.name = "STM32F410RB",
	.source = "RM0401 Rev 3, DS11144",
	.cores = { CORTEX_M4_CORE(98) },
	.cores_len = 1,
	.ports = { CORTEX_M4_PORT },
	.port_core = { 0 },
	.dpidr = CORTEX_M4_DPIDR,
	.dev_id = 0x6458,
	.rev_id = 0x1000,
	.flash_kib = 128,
	.uid = { 0x002B0029, 0x33365103, 0x20393456 },
	.memories = memories,
	.memories_len = LEN(memories),
	.windows = windows,
	.windows_len = LEN(windows),
	.places = places,
	.places_len = LEN(places),
	.flash_memory = FLASH,
	.information_memory = INFORMATION,
	.otp_page_at = 0x1FFF7000, /* RM0090 Rev 21, table 18 */
	.power_on_reset_ns = F4_POWER_ON_RESET_NS,
	.lowest_volts = 1.68, /* VPOR/PDR, falling, DS11144 */
};
