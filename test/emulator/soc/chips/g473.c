/* SPDX-License-Identifier: MIT */
/*
 * STM32G473, the die with DEV_ID 0x469. Addresses: stm32g473xx.h (ST's CMSIS
 * device header), RM0440 Rev 8, 2.2.2 "Memory map and register boundary
 * addresses"; clock gates: RM0440 7.4.13 to 7.4.18.
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m4.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/devices/dma_g4.h"
#include "test/emulator/soc/devices/tim_basic_g4.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/timing.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum memory_index { SRAM1, SRAM2, CCMSRAM, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[SRAM1] = { "SRAM1", KIB(80), false },
	[SRAM2] = { "SRAM2", KIB(16), false },
	[CCMSRAM] = { "CCM SRAM", KIB(32), false },
	[FLASH] = { "flash", KIB(512), true },
	[INFORMATION] = { "information block", FLASH_INFORMATION_SIZE(512), true },
};

/* The flash controller shows the main memory itself. CCM SRAM has an alias behind
 * SRAM2, so that all SRAM is one stretch (RM0440 2.4). */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(80), SRAM1, 0 },
	{ 0x20014000, KIB(16), SRAM2, 0 },
	{ 0x20018000, KIB(32), CCMSRAM, 0 },
	{ 0x10000000, KIB(32), CCMSRAM, 0 },
	/* System memory, OTP, ids, option bytes; twice, for each bank. Reserved bytes
	 * between them read as erased here: assumption. */
	{ 0x1FFF0000, KIB(32), INFORMATION, 0 },
	{ 0x1FFF8000, KIB(32), INFORMATION, KIB(32) },
};

/* RM0440 9.4: reset values; PA13/14/15 and PB3/4 are the debug port. */
static const struct gpio_reset port_a = { 0xABFFFFFF, 0x0C000000, 0x64000000, true };
static const struct gpio_reset port_b = { 0xFFFFFEBF, 0x000000C0, 0x00000100, false };
static const struct gpio_reset port_other = { 0xFFFFFFFF, 0, 0, false };

/* RM0440 37.8.9 and 38.7.7: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x1C, 0x000000C0, 0 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* RM0440 19.7.6: the first bank is enabled by reset. */
static const struct reg_rule fmc_rules[] = {
	{ 0x00, 0x000030DB, UINT32_MAX },  { 0x04, 0x0FFFFFFF, UINT32_MAX },
	{ 0x08, 0x000030D2, UINT32_MAX },  { 0x0C, 0x0FFFFFFF, UINT32_MAX },
	{ 0x10, 0x000030D2, UINT32_MAX },  { 0x14, 0x0FFFFFFF, UINT32_MAX },
	{ 0x18, 0x000030D2, UINT32_MAX },  { 0x1C, 0x0FFFFFFF, UINT32_MAX },
	{ 0x104, 0x0FFFFFFF, UINT32_MAX }, { 0x10C, 0x0FFFFFFF, UINT32_MAX },
	{ 0x114, 0x0FFFFFFF, UINT32_MAX }, { 0x11C, 0x0FFFFFFF, UINT32_MAX },
};
static const struct reg_rules fmc = { fmc_rules, LEN(fmc_rules) };
static const struct fmc_bank bank = { 0xA0000000, KIB(1024) };
#define FMC_BANK UINT32_C(0x04000000)

/* RM0440 47.16: IDCODE to APB2FZ; DBGMCU_APB1FZR1.DBG_IWDG_STOP. */
static const struct dbgmcu_layout dbgmcu = { 0x14, 0x08, 12, true, 1 << 5, NULL, { 0, 0 } };
static const struct iwdg_kind iwdg = { G4_LSI_HZ, true };

/* Outputs of the DMAMUX and request lines of the timers: RM0440 13.3; interrupt lines:
 * stm32g473xx.h; DBGMCU_APB1FZR1: 47.16. */
static const struct dma_g4_kind dma1 = { 0, { 11, 12, 13, 14, 15, 16, 17, 96 } };
static const struct dma_g4_kind dma2 = { 8, { 56, 57, 58, 59, 60, 97, 98, 99 } };
static const struct tim_basic_g4_kind tim6 = { 8, 4 };
static const struct tim_basic_g4_kind tim7 = { 9, 5 };

static const struct coresight_ids rom_ids = CORTEX_M4_ROM_IDS(0x0469);

/* Enable registers of RCC. */
enum {
	ALWAYS = 0,
	AHB1ENR = 0x48,
	AHB2ENR = 0x4C,
	AHB3ENR = 0x50,
	APB1ENR1 = 0x58,
	APB1ENR2 = 0x5C,
	APB2ENR = 0x60
};

#define FILE_AT(name, at, size, enr, bit)                                   \
	{                                                                   \
		&register_file_type, name, at, size, { enr, bit }, -1, NULL \
	}
#define USART_AT(name, at, enr, bit)                                           \
	{                                                                      \
		&register_file_type, name, at, 0x400, { enr, bit }, -1, &usart \
	}
#define PORT_AT(name, at, bit, reset)                                    \
	{                                                                \
		&gpio_type, name, at, 0x400, { AHB2ENR, bit }, -1, reset \
	}

static const struct chip_place places[] = {
	{ &flash_l4g4_type,
	  "FLASH",
	  0x40022000,
	  0x400,
	  { AHB1ENR, 8 },
	  4,
	  &flash_l4g4_g47 },
	{ &rcc_type, "RCC", 0x40021000, 0x400, { ALWAYS, 0 }, 5, &rcc_g4 },
	{ &pwr_l4g4_type, "PWR", 0x40007000, 0x400, { APB1ENR1, 28 }, -1, &pwr_g4 },
	{ &syscfg_l4g4_type, "SYSCFG", 0x40010000, 0x400, { APB2ENR, 0 }, -1, NULL },
	{ &iwdg_type, "IWDG", 0x40003000, 0x400, { ALWAYS, 0 }, -1, &iwdg },
	{ &dbgmcu_type, "DBGMCU", 0xE0042000, 0x400, { ALWAYS, 0 }, -1, &dbgmcu },
	CORTEX_M4_PLACES(&rom_ids),
	PORT_AT("GPIOA", 0x48000000, 0, &port_a),
	PORT_AT("GPIOB", 0x48000400, 1, &port_b),
	PORT_AT("GPIOC", 0x48000800, 2, &port_other),
	PORT_AT("GPIOD", 0x48000C00, 3, &port_other),
	PORT_AT("GPIOE", 0x48001000, 4, &port_other),
	PORT_AT("GPIOF", 0x48001400, 5, &port_other),
	PORT_AT("GPIOG", 0x48001800, 6, &port_other),
	FILE_AT("TIM2", 0x40000000, 0x400, APB1ENR1, 0),
	FILE_AT("TIM3", 0x40000400, 0x400, APB1ENR1, 1),
	FILE_AT("TIM4", 0x40000800, 0x400, APB1ENR1, 2),
	FILE_AT("TIM5", 0x40000C00, 0x400, APB1ENR1, 3),
	{ &tim_basic_g4_type, "TIM6", 0x40001000, 0x400, { APB1ENR1, 4 }, 54, &tim6 },
	{ &tim_basic_g4_type, "TIM7", 0x40001400, 0x400, { APB1ENR1, 5 }, 55, &tim7 },
	FILE_AT("CRS", 0x40002000, 0x400, APB1ENR1, 8),
	FILE_AT("TAMP", 0x40002400, 0x400, APB1ENR1, 10),
	FILE_AT("RTC", 0x40002800, 0x400, APB1ENR1, 10),
	WWDG_AT("WWDG", 0x40002C00, APB1ENR1, 11),
	FILE_AT("SPI2", 0x40003800, 0x400, APB1ENR1, 14),
	FILE_AT("SPI3", 0x40003C00, 0x400, APB1ENR1, 15),
	USART_AT("USART2", 0x40004400, APB1ENR1, 17),
	USART_AT("USART3", 0x40004800, APB1ENR1, 18),
	USART_AT("UART4", 0x40004C00, APB1ENR1, 19),
	USART_AT("UART5", 0x40005000, APB1ENR1, 20),
	FILE_AT("I2C1", 0x40005400, 0x400, APB1ENR1, 21),
	FILE_AT("I2C2", 0x40005800, 0x400, APB1ENR1, 22),
	FILE_AT("USB", 0x40005C00, 0x400, APB1ENR1, 23),
	FILE_AT("USB SRAM", 0x40006000, 0x400, APB1ENR1, 23),
	FILE_AT("FDCAN1", 0x40006400, 0x400, APB1ENR1, 25),
	FILE_AT("FDCAN2", 0x40006800, 0x400, APB1ENR1, 25),
	FILE_AT("FDCAN3", 0x40006C00, 0x400, APB1ENR1, 25),
	FILE_AT("I2C3", 0x40007800, 0x400, APB1ENR1, 30),
	FILE_AT("LPTIM1", 0x40007C00, 0x400, APB1ENR1, 31),
	USART_AT("LPUART1", 0x40008000, APB1ENR2, 0),
	FILE_AT("I2C4", 0x40008400, 0x400, APB1ENR2, 1),
	FILE_AT("UCPD1", 0x4000A000, 0x400, APB1ENR2, 8),
	FILE_AT("FDCAN SRAM 1", 0x4000A400, 0x400, APB1ENR1, 25),
	FILE_AT("FDCAN SRAM 2", 0x4000A800, 0x400, APB1ENR1, 25),
	FILE_AT("FDCAN SRAM 3", 0x4000AC00, 0x400, APB1ENR1, 25),
	FILE_AT("EXTI", 0x40010400, 0x400, ALWAYS, 0),
	FILE_AT("TIM1", 0x40012C00, 0x400, APB2ENR, 11),
	FILE_AT("SPI1", 0x40013000, 0x400, APB2ENR, 12),
	FILE_AT("TIM8", 0x40013400, 0x400, APB2ENR, 13),
	USART_AT("USART1", 0x40013800, APB2ENR, 14),
	FILE_AT("SPI4", 0x40013C00, 0x400, APB2ENR, 15),
	FILE_AT("TIM15", 0x40014000, 0x400, APB2ENR, 16),
	FILE_AT("TIM16", 0x40014400, 0x400, APB2ENR, 17),
	FILE_AT("TIM17", 0x40014800, 0x400, APB2ENR, 18),
	FILE_AT("TIM20", 0x40015000, 0x400, APB2ENR, 20),
	FILE_AT("SAI1", 0x40015400, 0x400, APB2ENR, 21),
	{ &dma_g4_type, "DMA1", 0x40020000, 0x400, { AHB1ENR, 0 }, -1, &dma1 },
	{ &dma_g4_type, "DMA2", 0x40020400, 0x400, { AHB1ENR, 1 }, -1, &dma2 },
	{ &dmamux_g4_type, "DMAMUX1", 0x40020800, 0x400, { AHB1ENR, 2 }, -1, NULL },
	FILE_AT("CORDIC", 0x40020C00, 0x400, AHB1ENR, 3),
	FILE_AT("FMAC", 0x40021400, 0x400, AHB1ENR, 4),
	FILE_AT("CRC", 0x40023000, 0x400, AHB1ENR, 12),
	FILE_AT("ADC1/2", 0x50000000, 0x400, AHB2ENR, 13),
	FILE_AT("ADC3/4/5", 0x50000400, 0x400, AHB2ENR, 14),
	FILE_AT("DAC1", 0x50000800, 0x400, AHB2ENR, 16),
	FILE_AT("DAC2", 0x50000C00, 0x400, AHB2ENR, 17),
	FILE_AT("DAC3", 0x50001000, 0x400, AHB2ENR, 18),
	FILE_AT("DAC4", 0x50001400, 0x400, AHB2ENR, 19),
	FILE_AT("RNG", 0x50060800, 0x400, AHB2ENR, 26),
	{ &register_file_type, "FMC", 0xA0000000, 0x400, { AHB3ENR, 0 }, -1, &fmc },
	{ &fmc_bank_type, "FMC bank 1", 0x60000000, FMC_BANK, { ALWAYS, 0 }, -1, &bank },
	FILE_AT("QUADSPI", 0xA0001000, 0x400, AHB3ENR, 8),
};

/* Cortex-M4 r0p1 with 6 + 2 FPB and 4 DWT comparators (RM0440 47.1), 102 interrupt
 * lines (14.1), 16 levels of priority. AHB-AP: DDI 0439, 8.3; its CSW shows DbgStatus
 * and the fixed protection bit. UID: any number; this one is made up. REV_ID 0x2001 is
 * revision Z (RM0440 47.6.1). */
/* RM0440 3.5.1: CCM SRAM and TAMP_BKP0R to TAMP_BKP31R (36.6.15). */
#define SECURED                                                      \
	{                                                            \
		.closed = 1u << CCMSRAM, .erased = 1u << CCMSRAM,    \
		.registers_at = 0x40002500, .registers_size = 32 * 4 \
	}
#define G473_DIE                                                                          \
	.source = "RM0440 Rev 8, DS12712", .cores = { CORTEX_M4_CORE(102) },              \
	.cores_len = 1, .ports = { CORTEX_M4_PORT }, .port_core = { 0 },                  \
	.dpidr = CORTEX_M4_DPIDR, .dev_id = 0x6469, .rev_id = 0x2001,                     \
	.uid = { 0x00330041, 0x33365112, 0x20363439 }, .memories = memories,              \
	.memories_len = LEN(memories), .windows = windows, .windows_len = LEN(windows),   \
	.places = places, .places_len = LEN(places), .flash_memory = FLASH,               \
	.information_memory = INFORMATION, .secured = SECURED, .otp_page_at = 0x1FFF7000, \
	.power_on_reset_ns = G4_POWER_ON_RESET_NS,                                        \
	.lowest_volts = 1.66 /* VBOR0, DS12712 */

/* What bank 1 of the 128 KiB part answers to: see flash/l4g4_array.c. */
const struct chip stm32g473vb = {
	.name = "STM32G473VB",
	.flash_kib = 128,
	.bank_reach_size = { KIB(128), KIB(64) },
	G473_DIE,
};

const struct chip stm32g473ve = {
	.name = "STM32G473VE",
	.flash_kib = 512,
	.bank_reach_size = { KIB(256), KIB(256) },
	G473_DIE,
};
