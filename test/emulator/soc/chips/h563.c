/* SPDX-License-Identifier: MIT */
/*
 * STM32H563, the die with DEV_ID 0x484, as it is delivered: TrustZone off, product state Open.
 * Addresses and clock gates: stm32h563xx.h (ST's CMSIS device header), RM0481, chapters 2, 11 and
 * "Debug support".
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m33.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/flash/h5.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/peripheral.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/timing.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum memory_index { SRAM1, SRAM2, SRAM3, BKPSRAM, FLASH, INFORMATION };

static const struct chip_memory memories[] = {
	[SRAM1] = { "SRAM1", KIB(256), false },
	[SRAM2] = { "SRAM2", KIB(64), false },
	[SRAM3] = { "SRAM3", KIB(320), false },
	[BKPSRAM] = { "BKPSRAM", KIB(4), false },
	[FLASH] = { "flash", KIB(2048), true },
	[INFORMATION] = { "information block", FLASH_H5_INFORMATION_SIZE, true },
};

/* SRAM1 to SRAM3 are also on the code bus, at 0x0A000000. */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(256), SRAM1, 0 },
	{ 0x20040000, KIB(64), SRAM2, 0 },
	{ 0x20050000, KIB(320), SRAM3, 0 },
	{ 0x0A000000, KIB(256), SRAM1, 0 },
	{ 0x0A040000, KIB(64), SRAM2, 0 },
	{ 0x0A050000, KIB(320), SRAM3, 0 },
	{ 0x40036400, KIB(4), BKPSRAM, 0 },
	{ FLASH_H5_SYSTEM_AT, FLASH_H5_SYSTEM_SIZE, INFORMATION, 0 },
	{ FLASH_H5_OTP_AT, FLASH_H5_OTP_SHOWN, INFORMATION, FLASH_H5_OTP_PLACE },
};

/* Reset values; PA13/14/15 and PB3/4 are the debug port. */
static const struct gpio_reset port_a = { 0xABFFFFFF, 0x08000000, 0x64000000, true };
static const struct gpio_reset port_b = { 0xFFFFFEBF, 0x000000C0, 0x00000100, false };
static const struct gpio_reset port_other = { 0xFFFFFFFF, 0, 0, false };

/* USART_ISR: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x1C, 0x000000C0, 0 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* DBGMCU: IDCODE to SR; DBGMCU_APB1LFZR.DBG_IWDG_STOP; DBGMCU_CR begins with DBG_STOP; TRACE_IOEN,
 * TRACE_EN. The PIDR: Black Magic Debug issue 1440. */
static const struct coresight_ids dbgmcu_ids = { .pid = 0x00000A0000,
						 .component_class = 15 };
static const struct dbgmcu_layout dbgmcu = { 0x100,  0x08,        12,      false,
					     3 << 4, &dbgmcu_ids, { 0, 0 } };
static const struct iwdg_kind iwdg = { H5_LSI_HZ, true };

/* Both of ST's tables by the same log: that of port 0 has DBGMCU, that of port 1 leads to the
 * processor's; that it has the TPIU too: assumption. */
static const uint32_t bus_entries[] = {
	0x00004003, /* DBGMCU 0xE00E4000 */
	0,
};
static const uint32_t st_entries[] = {
	0x00001003, /* processor ROM table 0xE00FF000 */
	0xFFF42003, /* TPIU 0xE0040000 */
	0,
};
static const struct coresight_ids bus_table = { .pid = 0x00000A0484,
						.component_class = 1,
						.entries = bus_entries,
						.entries_len = LEN(bus_entries) };
static const struct coresight_ids st_table = { .pid = 0x00000A0484,
					       .component_class = 1,
					       .entries = st_entries,
					       .entries_len = LEN(st_entries) };

/* Enable registers of RCC. */
enum {
	ALWAYS = 0,
	AHB1ENR = 0x88,
	AHB2ENR = 0x8C,
	AHB4ENR = 0x94,
	APB1LENR = 0x9C,
	APB1HENR = 0xA0,
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
#define PORT_AT(name, at, bit, reset) OWN_AT(&gpio_type, name, at, AHB2ENR, bit, -1, reset)
#define IDS_AT(type, name, at, ids)                       \
	{                                                 \
		type, name, at, 0x1000, { 0, 0 }, -1, ids \
	}

static const struct chip_place places[] = {
	OWN_AT(&flash_h5_type, "FLASH", 0x40022000, AHB1ENR, 8, 6, NULL),
	OWN_AT(&rcc_type, "RCC", 0x44020C00, ALWAYS, 0, 9, &rcc_h5),
	OWN_AT(&pwr_h5_type, "PWR", 0x44020800, ALWAYS, 0, -1, NULL),
	OWN_AT(&sbs_h5_type, "SBS", 0x44000400, APB3ENR, 1, -1, NULL),
	OWN_AT(&iwdg_type, "IWDG", 0x40003000, ALWAYS, 0, -1, &iwdg),
	IDS_AT(&dbgmcu_type, "DBGMCU", 0x44024000, &dbgmcu),
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
	FILE_AT("TIM2", 0x40000000, APB1LENR, 0),
	FILE_AT("TIM3", 0x40000400, APB1LENR, 1),
	FILE_AT("TIM4", 0x40000800, APB1LENR, 2),
	FILE_AT("TIM5", 0x40000C00, APB1LENR, 3),
	FILE_AT("TIM6", 0x40001000, APB1LENR, 4),
	FILE_AT("TIM7", 0x40001400, APB1LENR, 5),
	FILE_AT("TIM12", 0x40001800, APB1LENR, 6),
	FILE_AT("TIM13", 0x40001C00, APB1LENR, 7),
	FILE_AT("TIM14", 0x40002000, APB1LENR, 8),
	WWDG_AT("WWDG", 0x40002C00, APB1LENR, 11),
	FILE_AT("SPI2", 0x40003800, APB1LENR, 14),
	FILE_AT("SPI3", 0x40003C00, APB1LENR, 15),
	USART_AT("USART2", 0x40004400, APB1LENR, 17),
	USART_AT("USART3", 0x40004800, APB1LENR, 18),
	USART_AT("UART4", 0x40004C00, APB1LENR, 19),
	USART_AT("UART5", 0x40005000, APB1LENR, 20),
	FILE_AT("I2C1", 0x40005400, APB1LENR, 21),
	FILE_AT("I2C2", 0x40005800, APB1LENR, 22),
	FILE_AT("I3C1", 0x40005C00, APB1LENR, 23),
	FILE_AT("CRS", 0x40006000, APB1LENR, 24),
	USART_AT("USART6", 0x40006400, APB1LENR, 25),
	USART_AT("USART10", 0x40006800, APB1LENR, 26),
	USART_AT("USART11", 0x40006C00, APB1LENR, 27),
	FILE_AT("CEC", 0x40007000, APB1LENR, 28),
	USART_AT("UART7", 0x40007800, APB1LENR, 30),
	USART_AT("UART8", 0x40007C00, APB1LENR, 31),
	USART_AT("UART9", 0x40008000, APB1HENR, 0),
	USART_AT("UART12", 0x40008400, APB1HENR, 1),
	FILE_AT("DTS", 0x40008C00, APB1HENR, 3),
	FILE_AT("LPTIM2", 0x40009400, APB1HENR, 5),
	FILE_AT("FDCAN1", 0x4000A400, APB1HENR, 9),
	FILE_AT("FDCAN2", 0x4000A800, APB1HENR, 9),
	FILE_AT("UCPD1", 0x4000DC00, APB1HENR, 23),
	FILE_AT("TIM1", 0x40012C00, APB2ENR, 11),
	FILE_AT("SPI1", 0x40013000, APB2ENR, 12),
	FILE_AT("TIM8", 0x40013400, APB2ENR, 13),
	USART_AT("USART1", 0x40013800, APB2ENR, 14),
	FILE_AT("TIM15", 0x40014000, APB2ENR, 16),
	FILE_AT("TIM16", 0x40014400, APB2ENR, 17),
	FILE_AT("TIM17", 0x40014800, APB2ENR, 18),
	FILE_AT("SPI4", 0x40014C00, APB2ENR, 19),
	FILE_AT("SPI6", 0x40015000, APB2ENR, 20),
	FILE_AT("SAI1", 0x40015400, APB2ENR, 21),
	FILE_AT("SAI2", 0x40015800, APB2ENR, 22),
	FILE_AT("USB", 0x40016000, APB2ENR, 24),
	FILE_AT("SPI5", 0x44002000, APB3ENR, 5),
	USART_AT("LPUART1", 0x44002400, APB3ENR, 6),
	FILE_AT("I2C3", 0x44002800, APB3ENR, 7),
	FILE_AT("I2C4", 0x44002C00, APB3ENR, 8),
	FILE_AT("LPTIM1", 0x44004400, APB3ENR, 11),
	FILE_AT("VREFBUF", 0x44007400, APB3ENR, 20),
	FILE_AT("RTC", 0x44007800, APB3ENR, 21),
	FILE_AT("TAMP", 0x44007C00, APB3ENR, 21),
	FILE_AT("EXTI", 0x44022000, ALWAYS, 0),
	FILE_AT("GPDMA1", 0x40020000, AHB1ENR, 0),
	FILE_AT("GPDMA2", 0x40021000, AHB1ENR, 1),
	FILE_AT("CRC", 0x40023000, AHB1ENR, 12),
	FILE_AT("CORDIC", 0x40023800, AHB1ENR, 14),
	FILE_AT("FMAC", 0x40023C00, AHB1ENR, 15),
	FILE_AT("RAMCFG", 0x40026000, AHB1ENR, 17),
	FILE_AT("ICACHE", 0x40030400, ALWAYS, 0),
	FILE_AT("DCACHE1", 0x40031400, AHB1ENR, 30),
	FILE_AT("GTZC1_TZSC", 0x40032400, AHB1ENR, 24),
	FILE_AT("ADC1", 0x42028000, AHB2ENR, 10),
	FILE_AT("DAC1", 0x42028400, AHB2ENR, 11),
	FILE_AT("DCMI", 0x4202C000, AHB2ENR, 12),
	FILE_AT("HASH", 0x420C0400, AHB2ENR, 17),
	FILE_AT("RNG", 0x420C0800, AHB2ENR, 18),
	FILE_AT("SDMMC1", 0x46008000, AHB4ENR, 11),
	FILE_AT("FMC", 0x47000400, AHB4ENR, 16),
	FILE_AT("OCTOSPI1", 0x47001400, AHB4ENR, 20),
};
static const struct chip_place bus_places[] = {
	IDS_AT(&rom_table_type, "ROM table of port 0", 0xE00E0000, &bus_table),
};

/* HCLK that the flash follows with 0 to 5 wait states, from VOS0 on: embassy-stm32, rcc/h5.rs, after
 * RM0481, "FLASH recommended number of wait states". */
static const uint32_t flash_follows[][CHIP_WAIT_STATES] = {
	{ MHZ(42), MHZ(84), MHZ(126), MHZ(168), MHZ(210), MHZ(250) },
	{ MHZ(34), MHZ(68), MHZ(102), MHZ(136), MHZ(170), MHZ(200) },
	{ MHZ(30), MHZ(60), MHZ(90), MHZ(120), MHZ(150) },
	{ MHZ(20), MHZ(40), MHZ(60), MHZ(80), MHZ(100) },
};

/* DPIDR: stlink-org/stlink issue 1380, STMicroelectronics/OpenOCD issue 33. Ports, their IDR, BASE
 * and CSW: Black Magic Debug issue 1440, the log of an STM32H563. Port 0 has DBGMCU at 0xE00E4000 by
 * its ROM table and at 0xE0044000 by ST's OpenOCD (stm32h5x.cfg) and ST's pack: that both hold is an
 * assumption. REV_ID 0x1007 is revision X (ST's stm32h5x.c). 131 interrupt lines: stm32h563xx.h. */
const struct chip stm32h563zi = {
	.name = "STM32H563ZI",
	.source = "RM0481, DS14258",
	.cores = { CORTEX_M33_CORE(131) },
	.cores_len = 1,
	.ports = { { .idr = 0x54770002, .base = 0xE00E0003, .csw_fixed = 0x80000040 },
		   { .idr = 0x84770001, .base = 0xE00FE003, .csw_fixed = 0xC1800040 } },
	.port_core = { 0, 0 },
	.port_reach = { REACH_DEBUG_BUS, REACH_CORE },
	.debug_bus = { { 0xE00E4000, 0x1000, 0x44024000 },
		       { 0xE0044000, 0x1000, 0x44024000 },
		       { 0xE00E0000, 0x1000, 0xE00E0000 } },
	.own = { [CHIP_MAX_CORES] = { .places = bus_places,
				      .places_len = LEN(bus_places) } },
	.dpidr = 0x6BA02477,
	.targetid = 0x04840041, /* as on the H74x die: assumption */
	.dev_id = 0x6484,
	.rev_id = 0x1007,
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
	.flash_follows = flash_follows,
	.bank_reach_size = { KIB(1024), KIB(1024) },
	.power_on_reset_ns = H5_POWER_ON_RESET_NS,
	.lowest_volts = 1.67, /* VBOR0, falling, DS14258: assumption */
};
