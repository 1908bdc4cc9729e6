/* SPDX-License-Identifier: MIT */
/*
 * STM32U575, the die with DEV_ID 0x482, as it is delivered: TrustZone off (TZEN = 0), so
 * that only non-secure addresses answer. Addresses and clock gates: stm32u575xx.h (ST's
 * CMSIS device header), RM0456 Rev 4, 2.3 and 11.8.22 to 11.8.29.
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m33.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/flash/u5.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/timing.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum memory_index { SRAM1, SRAM2, SRAM3, SRAM4, BKPSRAM, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[SRAM1] = { "SRAM1", KIB(192), false },
	[SRAM2] = { "SRAM2", KIB(64), false },
	[SRAM3] = { "SRAM3", KIB(512), false },
	[SRAM4] = { "SRAM4", KIB(16), false },
	[BKPSRAM] = { "BKPSRAM", KIB(2), false },
	[FLASH] = { "flash", KIB(2048), true },
	[INFORMATION] = { "information block", FLASH_U5_INFORMATION_SIZE, true },
};

/* SRAM1 to SRAM3 are also on the code bus, at 0x0A000000 (RM0456, table 4). */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(192), SRAM1, 0 },
	{ 0x20030000, KIB(64), SRAM2, 0 },
	{ 0x20040000, KIB(512), SRAM3, 0 },
	{ 0x0A000000, KIB(192), SRAM1, 0 },
	{ 0x0A030000, KIB(64), SRAM2, 0 },
	{ 0x0A040000, KIB(512), SRAM3, 0 },
	{ 0x28000000, KIB(16), SRAM4, 0 },
	{ 0x40036400, KIB(2), BKPSRAM, 0 },
	/* System memory and OTP; the flash controller shows the main memory itself. */
	{ FLASH_U5_INFORMATION_AT, FLASH_U5_INFORMATION_SHOWN, INFORMATION, 0 },
};

/* RM0456 13.4: reset values; PA13/14/15 and PB3/4 are the debug port. */
static const struct gpio_reset port_a = { 0xABFFFFFF, 0x08000000, 0x64000000, true };
static const struct gpio_reset port_b = { 0xFFFFFEBF, 0x00000080, 0x00000100, false };
static const struct gpio_reset port_other = { 0xFFFFFFFF, 0, 0, false };

/* RM0456 66.8.10: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x1C, 0x000000C0, 0 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* RM0456 76: package LQFP144 with SMPS, a made-up unique id, flash size. */
#define IDS_PLACE UINT32_C(0x0BFA0400)
static const struct reg_rule id_rules[] = {
	{ 0x100, 0x00000009, 0 }, { 0x300, 0x0030002C, 0 }, { 0x304, 0x32335103, 0 },
	{ 0x308, 0x20393534, 0 }, { 0x3A0, 2048, 0 },
};
static const struct reg_rules ids = { id_rules, LEN(id_rules) };

/* RM0456 75.12: IDCODE to AHB3FZR; DBGMCU_APB1FZR1.DBG_IWDG_STOP; DBGMCU_CR begins with
 * DBG_STOP: in Sleep mode the debugger keeps its clock. TRACE_IOEN, TRACE_EN. */
static const struct coresight_ids dbgmcu_ids = { .pid = 0x00000A0000,
						 .component_class = 15 };
static const struct dbgmcu_layout dbgmcu = { 0x2C,   0x08,        12,      false,
					     3 << 4, &dbgmcu_ids, { 0, 0 } };
static const struct iwdg_kind iwdg = { U5_LSI_HZ, true };

/* RM0456 75.5: ST's table leads to the processor's; its entries: 75.5.2, and a log of pyOCD on an
 * STM32U585. */
static const uint32_t st_entries[] = {
	0x00001003, /* processor ROM table 0xE00FF000 */
	0xFFF42003, /* TPIU   0xE0040000 */
	0xFFF46003, /* DBGMCU 0xE0044000 */
	0,
};
static const struct coresight_ids st_table = { .pid = 0x00000A0482,
					       .component_class = 1,
					       .entries = st_entries,
					       .entries_len = LEN(st_entries) };

/* Enable registers of RCC. */
enum {
	ALWAYS = 0,
	AHB1ENR = 0x88,
	AHB2ENR1 = 0x8C,
	AHB2ENR2 = 0x90,
	AHB3ENR = 0x94,
	APB1ENR1 = 0x9C,
	APB1ENR2 = 0xA0,
	APB2ENR = 0xA4,
	APB3ENR = 0xA8
};

#define OWN_AT(type, name, at, enr, bit, irq, parameters)            \
	{                                                            \
		type, name, at, 0x400, { enr, bit }, irq, parameters \
	}
#define FILE_AT(name, at, enr, bit) \
	OWN_AT(&register_file_type, name, at, enr, bit, -1, NULL)
#define USART_AT(name, at, enr, bit) \
	OWN_AT(&register_file_type, name, at, enr, bit, -1, &usart)
#define PORT_AT(name, at, bit, reset) OWN_AT(&gpio_type, name, at, AHB2ENR1, bit, -1, reset)
#define IDS_AT(type, name, at, ids)                       \
	{                                                 \
		type, name, at, 0x1000, { 0, 0 }, -1, ids \
	}

/* DS13737, table of alternate functions, by ST's pin data for CubeMX (STM32_open_pin_data,
 * GPIO-STM32U5x_gpio_v1_0_Modes.xml): port n of the I/O manager, which OCTOSPIn has after reset. */
static const struct spi_function octospi1_functions[] = {
	{ SPI_CLK, 'A', 3, 10 },  { SPI_CLK, 'B', 10, 10 }, { SPI_CLK, 'E', 10, 10 },
	{ SPI_CLK, 'F', 10, 3 },  { SPI_NCS, 'A', 2, 10 },  { SPI_NCS, 'A', 4, 3 },
	{ SPI_NCS, 'B', 11, 10 }, { SPI_NCS, 'C', 11, 5 },  { SPI_NCS, 'E', 11, 10 },
	{ SPI_IO0, 'B', 1, 10 },  { SPI_IO0, 'E', 12, 10 }, { SPI_IO0, 'F', 8, 10 },
	{ SPI_IO1, 'B', 0, 10 },  { SPI_IO1, 'E', 13, 10 }, { SPI_IO1, 'F', 9, 10 },
	{ SPI_IO2, 'A', 7, 10 },  { SPI_IO2, 'E', 14, 10 }, { SPI_IO2, 'F', 7, 10 },
	{ SPI_IO3, 'A', 6, 10 },  { SPI_IO3, 'E', 15, 10 }, { SPI_IO3, 'F', 6, 10 },
	{ SPI_IO4, 'C', 1, 10 },  { SPI_IO4, 'D', 4, 10 },  { SPI_IO4, 'H', 2, 3 },
	{ SPI_IO5, 'C', 2, 10 },  { SPI_IO5, 'D', 5, 10 },  { SPI_IO5, 'G', 11, 3 },
	{ SPI_IO5, 'I', 0, 3 },   { SPI_IO6, 'C', 3, 10 },  { SPI_IO6, 'D', 6, 10 },
	{ SPI_IO7, 'C', 0, 3 },   { SPI_IO7, 'C', 4, 10 },  { SPI_IO7, 'D', 7, 10 },
};
static const struct spi_function octospi2_functions[] = {
	{ SPI_CLK, 'F', 4, 5 },  { SPI_CLK, 'H', 6, 5 },  { SPI_CLK, 'I', 6, 5 },
	{ SPI_NCS, 'A', 0, 10 }, { SPI_NCS, 'A', 12, 6 }, { SPI_NCS, 'D', 3, 10 },
	{ SPI_NCS, 'F', 6, 5 },  { SPI_NCS, 'G', 12, 5 }, { SPI_NCS, 'I', 5, 5 },
	{ SPI_IO0, 'F', 0, 5 },  { SPI_IO0, 'I', 3, 6 },  { SPI_IO1, 'F', 1, 5 },
	{ SPI_IO1, 'I', 2, 6 },  { SPI_IO2, 'F', 2, 5 },  { SPI_IO2, 'I', 1, 6 },
	{ SPI_IO3, 'F', 3, 5 },  { SPI_IO3, 'H', 8, 5 },  { SPI_IO4, 'G', 0, 5 },
	{ SPI_IO4, 'H', 9, 5 },  { SPI_IO5, 'G', 1, 5 },  { SPI_IO5, 'H', 10, 5 },
	{ SPI_IO6, 'G', 9, 5 },  { SPI_IO6, 'H', 11, 5 }, { SPI_IO6, 'H', 15, 5 },
	{ SPI_IO7, 'G', 10, 5 }, { SPI_IO7, 'H', 12, 5 },
};
static const struct spi_controller octospi1 = {
	.registers = &octospi_registers,
	.functions = { octospi1_functions, LEN(octospi1_functions) },
};
static const struct spi_controller octospi2 = {
	.registers = &octospi_registers,
	.functions = { octospi2_functions, LEN(octospi2_functions) },
};
/* RM0456 2.3.2. */
static const struct octospi_memory octospi1_memory = { 0x420D1400 };
static const struct octospi_memory octospi2_memory = { 0x420D2400 };

static const struct chip_place places[] = {
	OWN_AT(&flash_u5_type, "FLASH", 0x40022000, AHB1ENR, 8, 6, NULL),
	OWN_AT(&register_file_type, "ids", IDS_PLACE, ALWAYS, 0, -1, &ids),
	OWN_AT(&rcc_type, "RCC", 0x46020C00, ALWAYS, 0, 9, &rcc_u5),
	OWN_AT(&pwr_u5_type, "PWR", 0x46020800, AHB3ENR, 2, -1, NULL),
	OWN_AT(&syscfg_u5_type, "SYSCFG", 0x46000400, APB3ENR, 1, -1, NULL),
	OWN_AT(&iwdg_type, "IWDG", 0x40003000, ALWAYS, 0, -1, &iwdg),
	IDS_AT(&dbgmcu_type, "DBGMCU", 0xE0044000, &dbgmcu),
	IDS_AT(&rom_table_type, "ST's ROM table", 0xE00FE000, &st_table),
	CORTEX_M33_PLACES,
	PORT_AT("GPIOA", 0x42020000, 0, &port_a),
	PORT_AT("GPIOB", 0x42020400, 1, &port_b),
	PORT_AT("GPIOC", 0x42020800, 2, &port_other),
	PORT_AT("GPIOD", 0x42020C00, 3, &port_other),
	PORT_AT("GPIOE", 0x42021000, 4, &port_other),
	PORT_AT("GPIOF", 0x42021400, 5, &port_other),
	PORT_AT("GPIOG", 0x42021800, 6, &port_other),
	PORT_AT("GPIOH", 0x42021C00, 7, &port_other),
	PORT_AT("GPIOI", 0x42022000, 8, &port_other),
	FILE_AT("TIM2", 0x40000000, APB1ENR1, 0),
	FILE_AT("TIM3", 0x40000400, APB1ENR1, 1),
	FILE_AT("TIM4", 0x40000800, APB1ENR1, 2),
	FILE_AT("TIM5", 0x40000C00, APB1ENR1, 3),
	FILE_AT("TIM6", 0x40001000, APB1ENR1, 4),
	FILE_AT("TIM7", 0x40001400, APB1ENR1, 5),
	WWDG_AT("WWDG", 0x40002C00, APB1ENR1, 11),
	FILE_AT("SPI2", 0x40003800, APB1ENR1, 14),
	USART_AT("USART2", 0x40004400, APB1ENR1, 17),
	USART_AT("USART3", 0x40004800, APB1ENR1, 18),
	USART_AT("UART4", 0x40004C00, APB1ENR1, 19),
	USART_AT("UART5", 0x40005000, APB1ENR1, 20),
	FILE_AT("I2C1", 0x40005400, APB1ENR1, 21),
	FILE_AT("I2C2", 0x40005800, APB1ENR1, 22),
	FILE_AT("CRS", 0x40006000, APB1ENR1, 24),
	FILE_AT("I2C4", 0x40008400, APB1ENR2, 1),
	FILE_AT("LPTIM2", 0x40009400, APB1ENR2, 5),
	FILE_AT("FDCAN1", 0x4000A400, APB1ENR2, 9),
	FILE_AT("FDCAN SRAM", 0x4000AC00, APB1ENR2, 9),
	FILE_AT("UCPD1", 0x4000DC00, APB1ENR2, 23),
	FILE_AT("TIM1", 0x40012C00, APB2ENR, 11),
	FILE_AT("SPI1", 0x40013000, APB2ENR, 12),
	FILE_AT("TIM8", 0x40013400, APB2ENR, 13),
	USART_AT("USART1", 0x40013800, APB2ENR, 14),
	FILE_AT("TIM15", 0x40014000, APB2ENR, 16),
	FILE_AT("TIM16", 0x40014400, APB2ENR, 17),
	FILE_AT("TIM17", 0x40014800, APB2ENR, 18),
	FILE_AT("SAI1", 0x40015400, APB2ENR, 21),
	FILE_AT("SAI2", 0x40015800, APB2ENR, 22),
	FILE_AT("SPI3", 0x46002000, APB3ENR, 5),
	USART_AT("LPUART1", 0x46002400, APB3ENR, 6),
	FILE_AT("I2C3", 0x46002800, APB3ENR, 7),
	FILE_AT("LPTIM1", 0x46004400, APB3ENR, 11),
	FILE_AT("LPTIM3", 0x46004800, APB3ENR, 12),
	FILE_AT("LPTIM4", 0x46004C00, APB3ENR, 13),
	FILE_AT("OPAMP", 0x46005000, APB3ENR, 14),
	FILE_AT("COMP", 0x46005400, APB3ENR, 15),
	FILE_AT("VREFBUF", 0x46007400, APB3ENR, 20),
	FILE_AT("RTC", 0x46007800, APB3ENR, 21),
	FILE_AT("TAMP", 0x46007C00, APB3ENR, 21),
	FILE_AT("GPDMA1", 0x40020000, AHB1ENR, 0),
	FILE_AT("CORDIC", 0x40021000, AHB1ENR, 1),
	FILE_AT("FMAC", 0x40021400, AHB1ENR, 2),
	FILE_AT("CRC", 0x40023000, AHB1ENR, 12),
	FILE_AT("TSC", 0x40024000, AHB1ENR, 16),
	FILE_AT("MDF1", 0x40025000, AHB1ENR, 3),
	FILE_AT("RAMCFG", 0x40026000, AHB1ENR, 17),
	FILE_AT("DMA2D", 0x4002B000, AHB1ENR, 18),
	FILE_AT("ICACHE", 0x40030400, ALWAYS, 0),
	FILE_AT("DCACHE1", 0x40031400, AHB1ENR, 30),
	FILE_AT("GTZC1_TZSC", 0x40032400, AHB1ENR, 24),
	FILE_AT("GTZC1_TZIC", 0x40032800, AHB1ENR, 24),
	FILE_AT("ADC1", 0x42028000, AHB2ENR1, 10),
	FILE_AT("DCMI", 0x4202C000, AHB2ENR1, 12),
	FILE_AT("OTG_FS", 0x42040000, AHB2ENR1, 14),
	FILE_AT("HASH", 0x420C0400, AHB2ENR1, 17),
	FILE_AT("RNG", 0x420C0800, AHB2ENR1, 18),
	FILE_AT("OCTOSPIM", 0x420C4000, AHB2ENR1, 21),
	FILE_AT("SDMMC1", 0x420C8000, AHB2ENR1, 27),
	FILE_AT("SDMMC2", 0x420C8C00, AHB2ENR1, 28),
	FILE_AT("FMC", 0x420D0400, AHB2ENR2, 0),
	{ &octospi_type, "OCTOSPI1", 0x420D1400, 0x400, { AHB2ENR2, 4 }, -1, &octospi1 },
	{ &octospi_type, "OCTOSPI2", 0x420D2400, 0x400, { AHB2ENR2, 8 }, -1, &octospi2 },
	{ &octospi_memory_type,
	  "OCTOSPI1 window",
	  0x90000000,
	  UINT32_C(256) << 20,
	  { ALWAYS, 0 },
	  -1,
	  &octospi1_memory },
	{ &octospi_memory_type,
	  "OCTOSPI2 window",
	  0x70000000,
	  UINT32_C(256) << 20,
	  { ALWAYS, 0 },
	  -1,
	  &octospi2_memory },
	FILE_AT("LPGPIO1", 0x46020000, AHB3ENR, 0),
	FILE_AT("ADC4", 0x46021000, AHB3ENR, 5),
	FILE_AT("DAC1", 0x46021800, AHB3ENR, 6),
	FILE_AT("EXTI", 0x46022000, ALWAYS, 0),
	FILE_AT("ADF1", 0x46024000, AHB3ENR, 10),
	FILE_AT("LPDMA1", 0x46025000, AHB3ENR, 9),
};

/* 126 interrupt lines (RM0456 22.1). DPIDR: NUCLEO-U575ZI-Q logs of OpenOCD (openocd-user,
 * 2024-04-23). AP: as the Cortex-M33 r0p4 of the STM32H563 (Black Magic Debug issue 1440),
 * whose other AP this chip has not; its CSW has DbgStatus. REV_ID 0x2001 is revision X (as
 * OpenOCD's stm32l4x.c names it). */
/* RM0456 Rev 4, 7.3.3; checked against embassy-stm32, rcc/u5.rs, which has the same limits. */
static const uint32_t flash_follows[][CHIP_WAIT_STATES] = {
	{ MHZ(32), MHZ(64), MHZ(96), MHZ(128), MHZ(160) },
	{ MHZ(30), MHZ(60), MHZ(90), MHZ(110), MHZ(110) },
	{ MHZ(24), MHZ(48), MHZ(55), MHZ(55), MHZ(55) },
	{ MHZ(12), MHZ(25), MHZ(25), MHZ(25), MHZ(25) },
};

const struct chip stm32u575zi = {
	.name = "STM32U575ZI",
	.source = "RM0456 Rev 4, DS13737",
	.cores = { CORTEX_M33_CORE(126) },
	.cores_len = 1,
	.ports = { { .idr = 0x14770015, .base = 0xE00FE003, .csw_fixed = 0x00000040 } },
	.port_core = { 0 },
	.dpidr = 0x0BE12477,
	.targetid = 0x04820041, /* as on the H74x die: assumption */
	.dev_id = 0x6482,
	.rev_id = 0x2001,
	.flash_kib = 2048,
	.uid = { 0x0030002C, 0x32335103, 0x20393534 },
	.memories = memories,
	.memories_len = LEN(memories),
	.windows = windows,
	.windows_len = LEN(windows),
	.places = places,
	.places_len = LEN(places),
	.flash_memory = FLASH,
	.information_memory = INFORMATION,
	/* RM0456 Rev 6, "Readout protection levels" and "RDP level transitions": SRAM2, the
	 * backup RAM, TAMP_BKP0R to TAMP_BKP31R; back at level 0 all RAMs are erased. */
	.secured = { .closed = 1u << SRAM2 | 1u << BKPSRAM,
		     .erased = 1u << SRAM1 | 1u << SRAM2 | 1u << SRAM3 | 1u << SRAM4 |
			       1u << BKPSRAM,
		     .registers_at = 0x46007D00,
		     .registers_size = 32 * 4 },
	.flash_follows = flash_follows,
	.bank_reach_size = { KIB(1024), KIB(1024) },
	.power_on_reset_ns = U5_POWER_ON_RESET_NS,
	.lowest_volts = 1.58, /* VBOR0, falling, DS13737: assumption */
};
