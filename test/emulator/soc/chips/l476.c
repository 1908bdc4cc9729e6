/* SPDX-License-Identifier: MIT */
/*
 * STM32L476, the die with DEV_ID 0x415. Addresses and clock gates: stm32l476xx.h (ST's
 * CMSIS device header), RM0351 Rev 9, 2.2.2 and 6.4.16 to 6.4.21.
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m4.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/flash/l4g4.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/timing.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum memory_index { SRAM1, SRAM2, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[SRAM1] = { "SRAM1", KIB(96), false },
	[SRAM2] = { "SRAM2", KIB(32), false },
	[FLASH] = { "flash", KIB(1024), true },
	[INFORMATION] = { "information block", FLASH_INFORMATION_SIZE(1024), true },
};

/* The flash controller shows the main memory itself. SRAM2 is not seen behind SRAM1:
 * that alias is L49x's (RM0351 2.4). */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(96), SRAM1, 0 },
	{ 0x10000000, KIB(32), SRAM2, 0 },
	/* System memory, OTP, ids, option bytes; twice, for each bank. Reserved bytes
	 * between them read as erased here: assumption. */
	{ 0x1FFF0000, KIB(32), INFORMATION, 0 },
	{ 0x1FFF8000, KIB(32), INFORMATION, KIB(32) },
};

/* RM0351 8.4: reset values; PA13/14/15 and PB3/4 are the debug port, port H has two
 * pins. */
static const struct gpio_reset port_a = { 0xABFFFFFF, 0x0C000000, 0x64000000, true };
static const struct gpio_reset port_b = { 0xFFFFFEBF, 0x00000000, 0x00000100, false };
static const struct gpio_reset port_other = { 0xFFFFFFFF, 0, 0, false };
static const struct gpio_reset port_h = { 0x0000000F, 0, 0, false };

/* RM0351 40.8.8: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x1C, 0x000000C0, 0 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* RM0351 48.16: IDCODE to APB2FZR; DBGMCU_APB1FZR1.DBG_IWDG_STOP. */
static const struct dbgmcu_layout dbgmcu = { 0x14, 0x08, 12, true, 1 << 5, NULL, { 0, 0 } };
static const struct iwdg_kind iwdg = { L4_LSI_HZ, true };

static const struct coresight_ids rom_ids = CORTEX_M4_ROM_IDS(0x0415);

/* DS10198, table of alternate functions, by ST's pin data for CubeMX (STM32_open_pin_data,
 * GPIO-STM32L47x_gpio_v1_0_Modes.xml). */
static const struct spi_function quadspi_functions[] = {
	{ SPI_CLK, 'B', 10, 10 }, { SPI_CLK, 'E', 10, 10 }, { SPI_NCS, 'B', 11, 10 },
	{ SPI_NCS, 'E', 11, 10 }, { SPI_IO0, 'B', 1, 10 },  { SPI_IO0, 'E', 12, 10 },
	{ SPI_IO1, 'B', 0, 10 },  { SPI_IO1, 'E', 13, 10 }, { SPI_IO2, 'A', 7, 10 },
	{ SPI_IO2, 'E', 14, 10 }, { SPI_IO3, 'A', 6, 10 },  { SPI_IO3, 'E', 15, 10 },
};
static const struct spi_controller quadspi = {
	.registers = &quadspi_registers,
	.functions = { quadspi_functions, LEN(quadspi_functions) },
};
/* RM0351 17.3.8: a flash is shown at 0x90000000. */
static const struct octospi_memory quadspi_memory = { 0xA0001000 };

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
		&gpio_type, name, at, 0x400, { AHB2ENR, bit }, -1, reset \
	}
#define OWN_AT(type, name, at, enr, bit, irq, parameters)            \
	{                                                            \
		type, name, at, 0x400, { enr, bit }, irq, parameters \
	}

static const struct chip_place places[] = {
	OWN_AT(&flash_l4g4_type, "FLASH", 0x40022000, AHB1ENR, 8, 4, &flash_l4g4_l47),
	OWN_AT(&rcc_type, "RCC", 0x40021000, ALWAYS, 0, 5, &rcc_l4),
	OWN_AT(&pwr_l4g4_type, "PWR", 0x40007000, APB1ENR1, 28, -1, &pwr_l4),
	OWN_AT(&syscfg_l4g4_type, "SYSCFG", 0x40010000, APB2ENR, 0, -1, NULL),
	OWN_AT(&iwdg_type, "IWDG", 0x40003000, ALWAYS, 0, -1, &iwdg),
	OWN_AT(&dbgmcu_type, "DBGMCU", 0xE0042000, ALWAYS, 0, -1, &dbgmcu),
	CORTEX_M4_PLACES(&rom_ids),
	PORT_AT("GPIOA", 0x48000000, 0, &port_a),
	PORT_AT("GPIOB", 0x48000400, 1, &port_b),
	PORT_AT("GPIOC", 0x48000800, 2, &port_other),
	PORT_AT("GPIOD", 0x48000C00, 3, &port_other),
	PORT_AT("GPIOE", 0x48001000, 4, &port_other),
	PORT_AT("GPIOF", 0x48001400, 5, &port_other),
	PORT_AT("GPIOG", 0x48001800, 6, &port_other),
	PORT_AT("GPIOH", 0x48001C00, 7, &port_h),
	FILE_AT("TIM2", 0x40000000, APB1ENR1, 0),
	FILE_AT("TIM3", 0x40000400, APB1ENR1, 1),
	FILE_AT("TIM4", 0x40000800, APB1ENR1, 2),
	FILE_AT("TIM5", 0x40000C00, APB1ENR1, 3),
	FILE_AT("TIM6", 0x40001000, APB1ENR1, 4),
	FILE_AT("TIM7", 0x40001400, APB1ENR1, 5),
	FILE_AT("LCD", 0x40002400, APB1ENR1, 9),
	FILE_AT("RTC", 0x40002800, ALWAYS, 0),
	WWDG_AT("WWDG", 0x40002C00, APB1ENR1, 11),
	FILE_AT("SPI2", 0x40003800, APB1ENR1, 14),
	FILE_AT("SPI3", 0x40003C00, APB1ENR1, 15),
	USART_AT("USART2", 0x40004400, APB1ENR1, 17),
	USART_AT("USART3", 0x40004800, APB1ENR1, 18),
	USART_AT("UART4", 0x40004C00, APB1ENR1, 19),
	USART_AT("UART5", 0x40005000, APB1ENR1, 20),
	FILE_AT("I2C1", 0x40005400, APB1ENR1, 21),
	FILE_AT("I2C2", 0x40005800, APB1ENR1, 22),
	FILE_AT("I2C3", 0x40005C00, APB1ENR1, 23),
	FILE_AT("CAN1", 0x40006400, APB1ENR1, 25),
	FILE_AT("DAC1", 0x40007400, APB1ENR1, 29),
	FILE_AT("OPAMP", 0x40007800, APB1ENR1, 30),
	FILE_AT("LPTIM1", 0x40007C00, APB1ENR1, 31),
	USART_AT("LPUART1", 0x40008000, APB1ENR2, 0),
	FILE_AT("SWPMI1", 0x40008800, APB1ENR2, 2),
	FILE_AT("LPTIM2", 0x40009400, APB1ENR2, 5),
	FILE_AT("EXTI", 0x40010400, ALWAYS, 0),
	FILE_AT("FIREWALL", 0x40011C00, APB2ENR, 7),
	FILE_AT("SDMMC1", 0x40012800, APB2ENR, 10),
	FILE_AT("TIM1", 0x40012C00, APB2ENR, 11),
	FILE_AT("SPI1", 0x40013000, APB2ENR, 12),
	FILE_AT("TIM8", 0x40013400, APB2ENR, 13),
	USART_AT("USART1", 0x40013800, APB2ENR, 14),
	FILE_AT("TIM15", 0x40014000, APB2ENR, 16),
	FILE_AT("TIM16", 0x40014400, APB2ENR, 17),
	FILE_AT("TIM17", 0x40014800, APB2ENR, 18),
	FILE_AT("SAI1", 0x40015400, APB2ENR, 21),
	FILE_AT("SAI2", 0x40015800, APB2ENR, 22),
	FILE_AT("DFSDM1", 0x40016000, APB2ENR, 24),
	FILE_AT("DMA1", 0x40020000, AHB1ENR, 0),
	FILE_AT("DMA2", 0x40020400, AHB1ENR, 1),
	FILE_AT("CRC", 0x40023000, AHB1ENR, 12),
	FILE_AT("TSC", 0x40024000, AHB1ENR, 16),
	FILE_AT("OTG_FS", 0x50000000, AHB2ENR, 12),
	FILE_AT("ADC", 0x50040000, AHB2ENR, 13),
	FILE_AT("RNG", 0x50060800, AHB2ENR, 18),
	FILE_AT("FMC", 0xA0000000, AHB3ENR, 0),
	OWN_AT(&octospi_type, "QUADSPI", 0xA0001000, AHB3ENR, 8, -1, &quadspi),
	{ &octospi_memory_type,
	  "QUADSPI window",
	  0x90000000,
	  UINT32_C(256) << 20,
	  { ALWAYS, 0 },
	  -1,
	  &quadspi_memory },
};

/* RM0351 Rev 9, 3.3.3: range 1 and range 2. */
static const uint32_t flash_follows[][CHIP_WAIT_STATES] = {
	{ MHZ(16), MHZ(32), MHZ(48), MHZ(64), MHZ(80) },
	{ MHZ(6), MHZ(12), MHZ(18), MHZ(26), MHZ(26) },
};

/* Cortex-M4 r0p1 with 6 + 2 FPB and 4 DWT comparators (RM0351 48.1), 82 interrupt lines
 * (13.1), 16 levels of priority. AHB-AP: DDI 0439, 8.3. REV_ID 0x1007 is revision 4 (as
 * OpenOCD's stm32l4x.c names it). UID: any number; this one is made up. */
const struct chip stm32l476rg = {
	.name = "STM32L476RG",
	.source = "RM0351 Rev 9, DS10198",
	.cores = { CORTEX_M4_CORE(82) },
	.cores_len = 1,
	.ports = { CORTEX_M4_PORT },
	.port_core = { 0 },
	.dpidr = CORTEX_M4_DPIDR,
	.dev_id = 0x6415,
	.rev_id = 0x1007,
	.flash_kib = 1024,
	.uid = { 0x0028003B, 0x31385111, 0x30343739 },
	.memories = memories,
	.memories_len = LEN(memories),
	.windows = windows,
	.windows_len = LEN(windows),
	.places = places,
	.places_len = LEN(places),
	.flash_memory = FLASH,
	.information_memory = INFORMATION,
	.otp_page_at = 0x1FFF7000, /* RM0351, "Access status versus protection level" */
	/* RM0351 3.5.1: SRAM2 and RTC_BKP0R to RTC_BKP31R (38.6.20). */
	.secured = { 1u << SRAM2, 1u << SRAM2, 0x40002850, 32 * 4 },
	.flash_follows = flash_follows,
	.bank_reach_size = { KIB(512), KIB(512) },
	.power_on_reset_ns = L4_POWER_ON_RESET_NS,
	.lowest_volts = 1.66, /* VBOR0, falling, DS10198 */
};
