/* SPDX-License-Identifier: MIT */
/*
 * STM32G071, the die with DEV_ID 0x460. Addresses and clock gates: stm32g071xx.h (ST's CMSIS
 * device header), RM0444 Rev 5, 2.2 and 5.4.
 */
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m0plus.h"
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

enum memory_index { SRAM, FLASH, INFORMATION };

/* 36 KiB with the parity check off, as it comes from the factory; the 4 KiB that the check takes
 * are there all the same: RAM_PARITY_CHECK changes nothing here. */
static const struct chip_memory memories[] = {
	[SRAM] = { "SRAM", KIB(36), false },
	[FLASH] = { "flash", KIB(128), true },
	[INFORMATION] = { "information block", FLASH_INFORMATION_SIZE(128), true },
};

/* The flash controller shows the main memory itself. System memory, OTP, ids, option bytes;
 * reserved bytes between them read as erased here: assumption. */
static const struct chip_window windows[] = {
	{ 0x20000000, KIB(36), SRAM, 0 },
	{ 0x1FFF0000, KIB(32), INFORMATION, 0 },
};

/* RM0444 6.4: reset values; PA13 and PA14 are the debug port. */
static const struct gpio_reset port_a = { 0xEBFFFFFF, 0x0C000000, 0x24000000, true };
static const struct gpio_reset port_other = { 0xFFFFFFFF, 0, 0, false };

/* RM0444 33.8.10: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x1C, 0x000000C0, 0 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

static const struct iwdg_kind iwdg = { G0_LSI_HZ, true };

static const struct coresight_ids system_ids = CORTEX_M0PLUS_SYSTEM_IDS(0x0460);

/* Enable registers of RCC. */
enum { ALWAYS = 0, IOPENR = 0x34, AHBENR = 0x38, APBENR1 = 0x3C, APBENR2 = 0x40 };

/*
 * RM0444 40.10: IDCODE to APB_FZ2; DBG_APB_FZ1.DBG_IWDG_STOP. There is no DBG_SLEEP: plain sleep
 * leaves the debugger its clock. IDCODE answers without DBGEN: st-info, which sets no such bit,
 * reads 0x460 on a NUCLEO-G071RB (stlink issue 1017). That the other registers need it, as the
 * manual has it of each peripheral, is an assumption; OpenOCD 0.12 writes them without.
 */
enum { DBGEN = 27 };
static const struct dbgmcu_layout dbgmcu = {
	0x10, 0x08, 12, false, 0, NULL, { APBENR1, DBGEN }
};

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
		&gpio_type, name, at, 0x400, { IOPENR, bit }, -1, reset \
	}
#define OWN_AT(type, name, at, size, enr, bit, irq, parameters)     \
	{                                                           \
		type, name, at, size, { enr, bit }, irq, parameters \
	}

static const struct chip_place places[] = {
	OWN_AT(&flash_l4g4_type, "FLASH", 0x40022000, 0x400, AHBENR, 8, 3, &flash_l4g4_g07),
	OWN_AT(&rcc_type, "RCC", 0x40021000, 0x400, ALWAYS, 0, 4, &rcc_g0),
	OWN_AT(&pwr_l4g4_type, "PWR", 0x40007000, 0x400, APBENR1, 28, -1, &pwr_g0),
	OWN_AT(&syscfg_g0_type, "SYSCFG", 0x40010000, 0x400, APBENR2, 0, -1, NULL),
	OWN_AT(&iwdg_type, "IWDG", 0x40003000, 0x400, ALWAYS, 0, -1, &iwdg),
	OWN_AT(&dbgmcu_type, "DBG", 0x40015800, 0x400, ALWAYS, 0, -1, &dbgmcu),
	CORTEX_M0PLUS_PLACES(&system_ids),
	PORT_AT("GPIOA", 0x50000000, 0, &port_a),
	PORT_AT("GPIOB", 0x50000400, 1, &port_other),
	PORT_AT("GPIOC", 0x50000800, 2, &port_other),
	PORT_AT("GPIOD", 0x50000C00, 3, &port_other),
	PORT_AT("GPIOF", 0x50001400, 5, &port_other),
	FILE_AT("TIM2", 0x40000000, APBENR1, 0),
	FILE_AT("TIM3", 0x40000400, APBENR1, 1),
	FILE_AT("TIM6", 0x40001000, APBENR1, 4),
	FILE_AT("TIM7", 0x40001400, APBENR1, 5),
	FILE_AT("TIM14", 0x40002000, APBENR2, 15),
	FILE_AT("RTC", 0x40002800, APBENR1, 10),
	WWDG_AT("WWDG", 0x40002C00, APBENR1, 11),
	FILE_AT("SPI2", 0x40003800, APBENR1, 14),
	USART_AT("USART2", 0x40004400, APBENR1, 17),
	USART_AT("USART3", 0x40004800, APBENR1, 18),
	USART_AT("USART4", 0x40004C00, APBENR1, 19),
	FILE_AT("I2C1", 0x40005400, APBENR1, 21),
	FILE_AT("I2C2", 0x40005800, APBENR1, 22),
	FILE_AT("DAC1", 0x40007400, APBENR1, 29),
	FILE_AT("CEC", 0x40007800, APBENR1, 24),
	FILE_AT("LPTIM1", 0x40007C00, APBENR1, 31),
	USART_AT("LPUART1", 0x40008000, APBENR1, 20),
	FILE_AT("LPTIM2", 0x40009400, APBENR1, 30),
	FILE_AT("UCPD1", 0x4000A000, APBENR1, 25),
	FILE_AT("UCPD2", 0x4000A400, APBENR1, 26),
	FILE_AT("TAMP", 0x4000B000, APBENR1, 10),
	FILE_AT("ADC", 0x40012400, APBENR2, 20),
	FILE_AT("TIM1", 0x40012C00, APBENR2, 11),
	FILE_AT("SPI1", 0x40013000, APBENR2, 12),
	USART_AT("USART1", 0x40013800, APBENR2, 14),
	FILE_AT("TIM15", 0x40014000, APBENR2, 16),
	FILE_AT("TIM16", 0x40014400, APBENR2, 17),
	FILE_AT("TIM17", 0x40014800, APBENR2, 18),
	FILE_AT("DMA1", 0x40020000, AHBENR, 0),
	FILE_AT("DMAMUX", 0x40020800, AHBENR, 0),
	FILE_AT("EXTI", 0x40021800, ALWAYS, 0),
	FILE_AT("CRC", 0x40023000, AHBENR, 12),
};

/* 32 interrupt lines (stm32g071xx.h). REV_ID 0x2000 is revision B (RM0444 40.10.1); the reserved
 * bits 15:12 of DBG_IDCODE read 6, as an owner of an STM32G070 shows it (ST's community, 825796).
 * UID: made up. */
const struct chip stm32g071rb = {
	.name = "STM32G071RB",
	.source = "RM0444 Rev 5, DS12232",
	.cores = { CORTEX_M0PLUS_CORE(32) },
	.cores_len = 1,
	.ports = { CORTEX_M0PLUS_PORT },
	.port_core = { 0 },
	.dpidr = CORTEX_M0PLUS_DPIDR,
	.dev_id = 0x6460,
	.rev_id = 0x2000,
	.flash_kib = 128,
	.uid = { 0x0042002F, 0x5031500D, 0x20353634 },
	.memories = memories,
	.memories_len = LEN(memories),
	.windows = windows,
	.windows_len = LEN(windows),
	.places = places,
	.places_len = LEN(places),
	.flash_memory = FLASH,
	.information_memory = INFORMATION,
	.otp_page_at = 0x1FFF7000,              /* RM0444 3.3.1 */
	.secured = { 0, 0, 0x4000B100, 5 * 4 }, /* RM0444 3.5.1: TAMP_BKP0R to TAMP_BKP4R */
	.boot0_is_swclk = true,
	.power_on_reset_ns = G0_POWER_ON_RESET_NS,
	.lowest_volts = 1.62, /* VPDR, falling, DS12232; from memory */
};
