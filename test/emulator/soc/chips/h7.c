/* SPDX-License-Identifier: MIT */
/*
 * STM32H743, H745, H755 (one die, DEV_ID 0x450; the Cortex-M4 is there or not) and
 * STM32H735 (DEV_ID 0x483). RM0433 Rev 8, RM0399 Rev 4, RM0468 Rev 3: chapters 2
 * "Memory and bus architecture" and "Debug infrastructure"; ST's CMSIS headers.
 */
#include "test/emulator/soc/flash/h7.h"
#include "test/emulator/soc/chips/chips.h"
#include "test/emulator/soc/chips/cortex_m4.h"
#include "test/emulator/soc/chips/h7_places.h"
#include "test/emulator/soc/clocks/types.h"
#include "test/emulator/soc/devices/types.h"
#include "test/emulator/soc/flash/types.h"
#include "test/emulator/soc/pins/types.h"
#include "test/emulator/soc/power/types.h"
#include "test/emulator/soc/soc_internal.h"
#include "test/emulator/soc/timing.h"
#include "test/emulator/soc/trace/types.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* --- memories ------------------------------------------------------------------ */

enum memory_index {
	ITCM,
	DTCM,
	AXI_SRAM,
	SRAM1,
	SRAM2,
	SRAM3,
	SRAM4,
	BACKUP,
	FLASH,
	INFORMATION
};

static const struct chip_memory h74_memories[] = {
	[ITCM] = { "ITCM RAM", KIB(64), false },
	[DTCM] = { "DTCM RAM", KIB(128), false },
	[AXI_SRAM] = { "AXI SRAM", KIB(512), false },
	[SRAM1] = { "SRAM1", KIB(128), false },
	[SRAM2] = { "SRAM2", KIB(128), false },
	[SRAM3] = { "SRAM3", KIB(32), false },
	[SRAM4] = { "SRAM4", KIB(64), false },
	[BACKUP] = { "backup SRAM", KIB(4), false },
	[FLASH] = { "flash", KIB(2048), true },
	[INFORMATION] = { "information block", FLASH_H7_INFORMATION_SIZE, true },
};
static const struct chip_window h74_windows[] = {
	{ 0x24000000, KIB(512), AXI_SRAM, 0 },
	{ 0x30000000, KIB(128), SRAM1, 0 },
	{ 0x30020000, KIB(128), SRAM2, 0 },
	{ 0x30040000, KIB(32), SRAM3, 0 },
	{ 0x38000000, KIB(64), SRAM4, 0 },
	{ 0x38800000, KIB(4), BACKUP, 0 },
	{ 0x1FF00000, KIB(128), INFORMATION, 0 },
	{ 0x1FF40000, KIB(128), INFORMATION, KIB(128) },
};

/* RM0468 Rev 3, 2.4: of the AXI SRAM 192 KiB are ITCM as delivered with TCM_AXI_SHARED
 * = 0: they are AXI SRAM then. */
static const struct chip_memory h735_memories[] = {
	[ITCM] = { "ITCM RAM", KIB(64), false },
	[DTCM] = { "DTCM RAM", KIB(128), false },
	[AXI_SRAM] = { "AXI SRAM", KIB(320), false },
	[SRAM1] = { "SRAM1", KIB(16), false },
	[SRAM2] = { "SRAM2", KIB(16), false },
	[SRAM3] = { "no SRAM3", KIB(1), false },
	[SRAM4] = { "SRAM4", KIB(16), false },
	[BACKUP] = { "backup SRAM", KIB(4), false },
	[FLASH] = { "flash", KIB(1024), true },
	[INFORMATION] = { "information block", FLASH_H7_INFORMATION_SIZE, true },
};
static const struct chip_window h735_windows[] = {
	{ 0x24000000, KIB(320), AXI_SRAM, 0 }, { 0x30000000, KIB(16), SRAM1, 0 },
	{ 0x30004000, KIB(16), SRAM2, 0 },     { 0x38000000, KIB(16), SRAM4, 0 },
	{ 0x38800000, KIB(4), BACKUP, 0 },     { 0x1FF00000, KIB(128), INFORMATION, 0 },
};

static const struct chip_window cm7_windows[] = {
	{ 0x00000000, KIB(64), ITCM, 0 },
	{ 0x20000000, KIB(128), DTCM, 0 },
};

/* RM0399 Rev 4, 2.3.2: the D2 SRAMs, for code. */
static const struct chip_window cm4_windows[] = {
	{ 0x10000000, KIB(128), SRAM1, 0 },
	{ 0x10020000, KIB(128), SRAM2, 0 },
	{ 0x10040000, KIB(32), SRAM3, 0 },
};

/* --- identification of debug components ----------------------------------------- */

/* Access port 0 and its tables as pyOCD issue 1499 shows those of an STM32H745; ST's table
 * bears the JEP106 code 0x20 and the DEV_ID. */
#define ST_TABLE(dev_id, entries_of)                                    \
	{                                                               \
		.pid = 0x00000A0000 | (dev_id), .component_class = 1,   \
		.entries = (entries_of), .entries_len = LEN(entries_of) \
	}

static const uint32_t cm7_entries[] = {
	0x00001003, /* the core's table 0xE00FF000 */
	0xFFF43003, /* ETM 0xE0041000 */
	0xFFF45003, /* CTI 0xE0043000 */
	0,
};
static const uint32_t ppb_entries[] = {
	0xFFF0F003, /* SCS 0xE000E000 */
	0xFFF02003, /* DWT 0xE0001000 */
	0xFFF03003, /* FPB 0xE0002000 */
	0xFFF01003, /* ITM 0xE0000000 */
	0,
};
static const uint32_t cm4_entries[] = {
	0xFFF0F003, /* SCS 0xE000E000 */
	0xFFF02003, /* DWT 0xE0001000 */
	0xFFF03003, /* FPB 0xE0002000 */
	0xFFF01003, /* ITM 0xE0000000 */
	0xFFF42003, /* ETM 0xE0041000 */
	0xFFF44003, /* CTI 0xE0043000 */
	0,
};
/* RM0433 Rev 8, 60.5.3; the order of the entries: assumption. */
static const uint32_t system_entries_1[] = {
	0x00001003, /* DBGMCU 0xE00E1000 */
	0x00003003, /* SWO */
	0x00004003, /* SWTF */
	0x00005003, /* TSG */
	0x00010003, /* system table 2 */
	0,
};
static const uint32_t system_entries_2[] = {
	0x00001003, /* system CTI 0xE00F1000 */
	0x00002002, /* not present, as those below: */
	0x00003003, /* CSTF */
	0x00004003, /* ETF */
	0x00005003, /* TPIU */
	0x00006002, 0x00007002, 0x00008002, 0,
};

static const struct coresight_ids cm7_table_450 = ST_TABLE(0x450, cm7_entries);
static const struct coresight_ids cm7_table_483 = ST_TABLE(0x483, cm7_entries);
static const struct coresight_ids cm4_table = ST_TABLE(0x450, cm4_entries);
static const struct coresight_ids system_table_1_450 = ST_TABLE(0x450, system_entries_1);
static const struct coresight_ids system_table_1_483 = ST_TABLE(0x483, system_entries_1);
/* pyOCD issue 1368 has this table of an STM32H730, with part 001; on the H74x die: assumption. */
static const struct coresight_ids system_table_2 = ST_TABLE(0x001, system_entries_2);
static const struct coresight_ids ppb_table = { .pid = 0x04000BB4C7, /* DDI 0489 */
						.component_class = 1,
						.entries = ppb_entries,
						.entries_len = LEN(ppb_entries) };

/* Part numbers and types: the components' TRMs (DDI 0480 CoreSight SoC-400, DDI 0494 ETM-M7,
 * DDI 0440 ETM-M4). */
static const struct coresight_ids etm_m7 = {
	.pid = 0x04000BB975, .devarch = 0x47704A13, .component_class = 9, .devtype = 0x13
};
static const struct coresight_ids etm_m4 = { .pid = 0x04000BB925,
					     .component_class = 9,
					     .devtype = 0x13 };
static const struct coresight_ids swo = {
	.pid = 0x04001BB914, .component_class = 9, .devtype = 0x11, .devid = 0xEA0
};
static const struct coresight_ids funnel = {
	.pid = 0x04002BB908, .component_class = 9, .devtype = 0x12, .devid = 0x34
};
static const struct coresight_ids timestamps = { .pid = 0x04001BB101,
						 .component_class = 15 };
static const struct coresight_ids etf = {
	.pid = 0x04001BB961, .component_class = 9, .devtype = 0x32, .devid = 0x380
};
static const struct coresight_ids tpiu = {
	.pid = 0x04004BB912, .component_class = 9, .devtype = 0x11, .devid = 0xA0
};

/* pyOCD issue 1499: part 0x906, DEVID 0x40800. */
#define CTI_IDS                                                             \
	{                                                                   \
		.pid = 0x04004BB906, .component_class = 9, .devtype = 0x14, \
		.devid = 0x00040800                                         \
	}

/* --- places ---------------------------------------------------------------------- */

/* RM0433 11.4: reset values; PA13/14/15 and PB3/4 are the debug port. */
static const struct gpio_reset port_a = { 0xABFFFFFF, 0x0C000000, 0x64000000, true };
static const struct gpio_reset port_b = { 0xFFFFFEBF, 0x000000C0, 0x00000100, false };
static const struct gpio_reset port_other = { 0xFFFFFFFF, 0, 0, false };

/* RM0433 48.7.9: the transmitter is empty. */
static const struct reg_rule usart_rules[] = { { 0x1C, 0x000000C0, 0 } };
static const struct reg_rules usart = { usart_rules, LEN(usart_rules) };

/* RM0433 22.7.6: BCR and BTR of the four banks, BWTR; 22.8.7: PCR,
 * SR, PMEM, PATT of NAND; 22.9.5: SDCR and SDTR. */
static const struct reg_rule fmc_rules[] = {
	{ 0x000, 0x000030DB, UINT32_MAX }, { 0x004, 0x0FFFFFFF, UINT32_MAX },
	{ 0x008, 0x000030D2, UINT32_MAX }, { 0x00C, 0x0FFFFFFF, UINT32_MAX },
	{ 0x010, 0x000030D2, UINT32_MAX }, { 0x014, 0x0FFFFFFF, UINT32_MAX },
	{ 0x018, 0x000030D2, UINT32_MAX }, { 0x01C, 0x0FFFFFFF, UINT32_MAX },
	{ 0x080, 0x00000018, UINT32_MAX }, { 0x084, 0x00000040, 0x0000003F },
	{ 0x088, 0xFCFCFCFC, UINT32_MAX }, { 0x08C, 0xFCFCFCFC, UINT32_MAX },
	{ 0x104, 0x0FFFFFFF, UINT32_MAX }, { 0x10C, 0x0FFFFFFF, UINT32_MAX },
	{ 0x114, 0x0FFFFFFF, UINT32_MAX }, { 0x11C, 0x0FFFFFFF, UINT32_MAX },
	{ 0x140, 0x000002D0, UINT32_MAX }, { 0x144, 0x000002D0, UINT32_MAX },
	{ 0x148, 0x0FFFFFFF, UINT32_MAX }, { 0x14C, 0x0FFFFFFF, UINT32_MAX },
};
static const struct reg_rules fmc = { fmc_rules, LEN(fmc_rules) };
static const struct fmc_bank sdram_bank = { 0x52004000, KIB(8192) };

static const struct iwdg_kind iwdg = { H7_LSI_HZ, true };

#define PORT_AT(name, at, bit, reset)                                    \
	{                                                                \
		&gpio_type, name, at, 0x400, { AHB4ENR, bit }, -1, reset \
	}
#define IDS_AT(type, name, at, ids)                               \
	{                                                         \
		&(type), name, at, 0x1000, { ALWAYS, 0 }, -1, ids \
	}
/* DBGMCU_CR.D1DBGCKEN and D3DBGCKEN clock the components of these domains. */
enum { D1DBGCKEN = 21, D3DBGCKEN = 22 };
#define TRACE_AT(type, name, at, domain, ids)                              \
	{                                                                  \
		&(type), name, at, 0x1000, { GATE_DEBUG, domain }, -1, ids \
	}

#define PORTS_A_TO_H                                          \
	PORT_AT("GPIOA", 0x58020000, 0, &port_a),             \
		PORT_AT("GPIOB", 0x58020400, 1, &port_b),     \
		PORT_AT("GPIOC", 0x58020800, 2, &port_other), \
		PORT_AT("GPIOD", 0x58020C00, 3, &port_other), \
		PORT_AT("GPIOE", 0x58021000, 4, &port_other), \
		PORT_AT("GPIOF", 0x58021400, 5, &port_other), \
		PORT_AT("GPIOG", 0x58021800, 6, &port_other), \
		PORT_AT("GPIOH", 0x58021C00, 7, &port_other)
#define PORTS_J_AND_K                                 \
	PORT_AT("GPIOJ", 0x58022400, 9, &port_other), \
		PORT_AT("GPIOK", 0x58022800, 10, &port_other)

#define PLACE_AT(type, name, at, irq, parameters)                        \
	{                                                                \
		&(type), name, at, 0x400, { ALWAYS, 0 }, irq, parameters \
	}
#define FMC_PLACE                                                                 \
	{                                                                         \
		&fmc_h7_type, "FMC", 0x52004000, 0x400, { AHB3ENR, 12 }, -1, &fmc \
	}
#define SYSTEM_PLACES(flash, rcc, pwr, syscfg)                     \
	PLACE_AT(flash_h7_type, "FLASH", 0x52002000, 4, flash),    \
		PLACE_AT(rcc_h7_type, "RCC", 0x58024400, 5, rcc),  \
		PLACE_AT(pwr_h7_type, "PWR", 0x58024800, -1, pwr), \
		SYSCFG_AT(0x58000400, syscfg),                     \
		PLACE_AT(iwdg_type, "IWDG1", 0x58004800, -1, &iwdg), FMC_PLACE
#define SYSCFG_AT(at, parameters)                                                    \
	{                                                                            \
		&syscfg_h7_type, "SYSCFG", at, 0x400, { APB4ENR, 1 }, -1, parameters \
	}

/* Where bank 1 shows as long as BMAP is 0 (RM0433 22.5). */
#define SDRAM_PLACE                                                                \
	{                                                                          \
		&sdram_h7_type, "SDRAM", 0xC0000000, KIB(8192), { ALWAYS, 0 }, -1, \
			&sdram_bank                                                \
	}

#define IWDG2_PLACE PLACE_AT(iwdg_type, "IWDG2", 0x58004C00, -1, &iwdg)
#define HSEM_PLACE                                                                  \
	{                                                                           \
		&hsem_h7_type, "HSEM", 0x58026400, 0x400, { AHB4ENR, 25 }, -1, NULL \
	}

#define DEBUG_PLACES(table_1, table_2)                                                \
	IDS_AT(rom_table_type, "system ROM table 1", 0x5C000000, table_1),            \
		IDS_AT(dbgmcu_h7_type, "DBGMCU", 0x5C001000, NULL),                   \
		TRACE_AT(swo_type, "SWO", 0x5C003000, D3DBGCKEN, &swo),               \
		TRACE_AT(funnel_type, "SWTF", 0x5C004000, D3DBGCKEN, &funnel),        \
		TRACE_AT(coresight_type, "TSG", 0x5C005000, D3DBGCKEN, &timestamps),  \
		TRACE_AT(rom_table_type, "system ROM table 2", 0x5C010000, D1DBGCKEN, \
			 table_2),                                                    \
		TRACE_AT(cti_type, "system CTI", 0x5C011000, D1DBGCKEN, &system_cti), \
		TRACE_AT(coresight_type, "CSTF", 0x5C013000, D1DBGCKEN, &funnel),     \
		TRACE_AT(coresight_type, "ETF", 0x5C014000, D1DBGCKEN, &etf),         \
		TRACE_AT(coresight_type, "TPIU", 0x5C015000, D1DBGCKEN, &tpiu)

/* RM0433 and RM0399 4.3.4, RM0468 5.3.4: banks of eight sectors. */
static const struct flash_h7_layout flash_743 = { .banks = 2,
						  .bank_size = KIB(1024),
						  .times = &flash_h7_times };
static const struct flash_h7_layout flash_745 = {
	.banks = 2, .bank_size = KIB(1024), .has_core_2 = true, .times = &flash_h7_times
};
static const struct flash_h7_layout flash_735 = {
	.banks = 1, .bank_size = KIB(1024), .has_optsr2 = true, .times = &flash_h7_times
};

/* Nucleo boards feed the ST-LINK's 8 MHz in (UM2407, UM2408); the STM32H735G-DK has a
 * crystal of 25 MHz (UM2679). */
static const struct rcc_h7_kind rcc_8_mhz = { 8000000 }, rcc_25_mhz = { 25000000 };
static const struct pwr_h7_kind pwr_ldo = { false }, pwr_smps = { true };
/* SYSCFG_PKGR: LL_SYSCFG_TQFP144_PACKAGE of ST's LL driver, and of the H735 its
 * LL_UTILS_PACKAGETYPE_UFBGA176_SMPS. */
static const struct syscfg_h7_kind lqfp144 = { 2 }, bga176_smps = { 0xA };

static const struct cti_kind cm7_cti = { H7_CM7, CTI_IDS }, cm4_cti = { H7_CM4, CTI_IDS },
			     system_cti = { NO_CORE, CTI_IDS };

/* DS12110, table of alternate functions, by ST's pin data for CubeMX (STM32_open_pin_data,
 * GPIO-STM32H747_gpio_v1_0_Modes.xml). */
static const struct spi_function quadspi_functions[] = {
	{ SPI_CLK, 'B', 2, 9 },  { SPI_CLK, 'F', 10, 9 }, { SPI_NCS, 'B', 6, 10 },
	{ SPI_NCS, 'B', 10, 9 }, { SPI_NCS, 'G', 6, 10 }, { SPI_IO0, 'C', 9, 9 },
	{ SPI_IO0, 'D', 11, 9 }, { SPI_IO0, 'F', 8, 10 }, { SPI_IO1, 'C', 10, 9 },
	{ SPI_IO1, 'D', 12, 9 }, { SPI_IO1, 'F', 9, 10 }, { SPI_IO2, 'E', 2, 9 },
	{ SPI_IO2, 'F', 7, 9 },  { SPI_IO3, 'A', 1, 9 },  { SPI_IO3, 'D', 13, 9 },
	{ SPI_IO3, 'F', 6, 9 },
};
static const struct spi_controller quadspi = {
	.registers = &quadspi_registers,
	.functions = { quadspi_functions, LEN(quadspi_functions) },
};
/* RM0433 2.3.2: QUADSPI shows its memory at 0x90000000. */
static const struct octospi_memory quadspi_memory = { 0x52005000 };

static const struct chip_place h743_places[] = {
	SYSTEM_PLACES(&flash_743, &rcc_8_mhz, &pwr_ldo, &lqfp144),
	DEBUG_PLACES(&system_table_1_450, &system_table_2),
	HSEM_PLACE,
	PORTS_A_TO_H,
	PORT_AT("GPIOI", 0x58022000, 8, &port_other),
	PORTS_J_AND_K,
	H7_PLACES,
	H74_PLACES,
	SDRAM_PLACE,
};

static const struct chip_place h745_places[] = {
	SYSTEM_PLACES(&flash_745, &rcc_8_mhz, &pwr_smps, &lqfp144),
	DEBUG_PLACES(&system_table_1_450, &system_table_2),
	IWDG2_PLACE,
	HSEM_PLACE,
	PORTS_A_TO_H,
	PORT_AT("GPIOI", 0x58022000, 8, &port_other),
	PORTS_J_AND_K,
	H7_PLACES,
	H74_PLACES,
	H745_PLACES,
};

static const struct chip_place h755_places[] = {
	SYSTEM_PLACES(&flash_745, &rcc_8_mhz, &pwr_smps, &lqfp144),
	DEBUG_PLACES(&system_table_1_450, &system_table_2),
	IWDG2_PLACE,
	HSEM_PLACE,
	PORTS_A_TO_H,
	PORT_AT("GPIOI", 0x58022000, 8, &port_other),
	PORTS_J_AND_K,
	H7_PLACES,
	H74_PLACES,
	H745_PLACES,
	CRYPTO_PLACES,
};

/* DS13312, table of alternate functions, by ST's pin data for CubeMX (STM32_open_pin_data,
 * GPIO-STM32H72_gpio_v1_0_Modes.xml); what the board has: UM2679, the schematics. */
static const struct spi_function octospi1_functions[] = {
	{ SPI_CLK, 'A', 3, 12 },  { SPI_CLK, 'B', 2, 9 },   { SPI_CLK, 'F', 10, 9 },
	{ SPI_NCS, 'B', 6, 10 },  { SPI_NCS, 'B', 10, 9 },  { SPI_NCS, 'C', 11, 9 },
	{ SPI_NCS, 'E', 11, 11 }, { SPI_NCS, 'G', 6, 10 },  { SPI_IO0, 'A', 2, 6 },
	{ SPI_IO0, 'B', 1, 4 },   { SPI_IO0, 'B', 12, 12 }, { SPI_IO0, 'C', 3, 9 },
	{ SPI_IO0, 'C', 9, 9 },   { SPI_IO0, 'D', 11, 9 },  { SPI_IO0, 'F', 8, 10 },
	{ SPI_IO1, 'B', 0, 4 },   { SPI_IO1, 'C', 10, 9 },  { SPI_IO1, 'D', 12, 9 },
	{ SPI_IO1, 'F', 9, 10 },  { SPI_IO2, 'A', 3, 6 },   { SPI_IO2, 'A', 7, 10 },
	{ SPI_IO2, 'B', 13, 4 },  { SPI_IO2, 'C', 2, 9 },   { SPI_IO2, 'E', 2, 9 },
	{ SPI_IO2, 'F', 7, 10 },  { SPI_IO3, 'A', 1, 9 },   { SPI_IO3, 'A', 6, 6 },
	{ SPI_IO3, 'D', 13, 9 },  { SPI_IO3, 'F', 6, 10 },  { SPI_IO4, 'C', 1, 10 },
	{ SPI_IO4, 'D', 4, 10 },  { SPI_IO4, 'E', 7, 10 },  { SPI_IO4, 'H', 2, 9 },
	{ SPI_IO5, 'C', 2, 4 },   { SPI_IO5, 'D', 5, 10 },  { SPI_IO5, 'E', 8, 10 },
	{ SPI_IO5, 'H', 3, 9 },   { SPI_IO6, 'C', 3, 4 },   { SPI_IO6, 'D', 6, 10 },
	{ SPI_IO6, 'E', 9, 10 },  { SPI_IO6, 'G', 9, 9 },   { SPI_IO7, 'D', 7, 10 },
	{ SPI_IO7, 'E', 10, 10 }, { SPI_IO7, 'G', 14, 9 },
};
static const struct spi_controller octospi1 = {
	.registers = &octospi_registers,
	.functions = { octospi1_functions, LEN(octospi1_functions) },
	.usual = "MX25LM51245G@clk=PF10,ncs=PG6,io0=PD11,io1=PD12,io2=PE2,io3=PD13,io4=PD4,"
		 "io5=PD5,io6=PG9,io7=PD7",
};
/* RM0468 2.3.2: OCTOSPI1 shows its memory at 0x90000000. */
static const struct octospi_memory octospi1_memory = { 0x52005000 };
/* ... OCTOSPI2 at 0x70000000, with the board's 16 MiB of HyperRAM. */
static const struct octospi_memory octospi2_memory = { 0x5200A000 };

static const struct chip_place h735_places[] = {
	{ &octospi_type, "OCTOSPI1", 0x52005000, 0x400, { AHB3ENR, 14 }, -1, &octospi1 },
	{ &octospi_memory_type,
	  "OCTOSPI1 window",
	  0x90000000,
	  UINT32_C(256) << 20,
	  { ALWAYS, 0 },
	  -1,
	  &octospi1_memory },
	{ &hyperram_type,
	  "S70KL1281",
	  0x70000000,
	  UINT32_C(16) << 20,
	  { ALWAYS, 0 },
	  -1,
	  &octospi2_memory },
	SYSTEM_PLACES(&flash_735, &rcc_25_mhz, &pwr_smps, &bga176_smps),
	DEBUG_PLACES(&system_table_1_483, &system_table_2),
	HSEM_PLACE,
	PORTS_A_TO_H,
	PORTS_J_AND_K,
	H7_PLACES,
	H735_PLACES,
	CRYPTO_PLACES,
};

#define CM7_PLACES(table)                                                            \
	IDS_AT(rom_table_type, "CM7 ROM table", 0xE00FE000, table),                  \
		IDS_AT(rom_table_type, "CM7 PPB ROM table", 0xE00FF000, &ppb_table), \
		IDS_AT(coresight_type, "CM7 ETM", 0xE0041000, &etm_m7),              \
		IDS_AT(cti_type, "CM7 CTI", 0xE0043000, &cm7_cti)

static const struct chip_place cm7_places_450[] = { CM7_PLACES(&cm7_table_450) };
static const struct chip_place cm7_places_483[] = { CM7_PLACES(&cm7_table_483) };
static const struct chip_place cm4_places[] = {
	IDS_AT(rom_table_type, "CM4 ROM table", 0xE00FF000, &cm4_table),
	IDS_AT(coresight_type, "CM4 ETM", 0xE0041000, &etm_m4),
	IDS_AT(cti_type, "CM4 CTI", 0xE0043000, &cm4_cti),
};

/* --- chips ----------------------------------------------------------------------- */

/* Cortex-M7 with 8 breakpoint and 4 watchpoint comparators, 16 levels of priority
 * (RM0433 2.1, 60.4; DDI 0489). */
#define R1P1 0x411FC271 /* OpenOCD's logs of H743, H745 and H750 */
#define R1P2 0x411FC272 /* pyOCD issue 1368, an STM32H730 */
#define CM7(lines, cpuid_of)                                                           \
	{                                                                              \
		.kind = CPU_CORTEX_M7, .fpu = CPU_FPU_DOUBLE, .cpuid = (cpuid_of),     \
		.priority_bits = 4, .irqs = (lines), .fpb_revision = 2, .fpb_code = 8, \
		.dwt_comparators = 4                                                   \
	}

/* Identification registers as pyOCD issues 1499 (H745) and 1148 (H743) show them; the
 * fixed bits of CSW and the BASE of port 1, which has no table: assumption. */
#define AHB_AP(base_at)                                                       \
	{                                                                     \
		.idr = 0x84770001, .base = (base_at), .csw_fixed = 0x00000040 \
	}
#define APB_AP(base_at)                                                       \
	{                                                                     \
		.idr = 0x54770002, .base = (base_at), .csw_fixed = 0x80000040 \
	}
#define NO_TABLE UINT32_C(0x00000002)

/* RM0399 Rev 4, 4.5.3, the "other secured regions": backup SRAM, RTC_BKP0R to RTC_BKP31R. */
#define H7_SECURED                                             \
	{                                                      \
		1u << BACKUP, 1u << BACKUP, 0x58004050, 32 * 4 \
	}
#define H7_DEBUG                                                                         \
	.dpidr = 0x6BA02477, .debug_bus = { { 0xE00E0000, 0x20000, 0x5C000000 } },       \
	.flash_memory = FLASH, .information_memory = INFORMATION, .secured = H7_SECURED, \
	.power_on_reset_ns = H7_POWER_ON_RESET_NS, .lowest_volts = 1.62 /* VBOR0 */

/* Of the H74x die: no line identifier, though RM0399 64.3 has one: a NUCLEO-H743ZI2 has no text there
 * (Black Magic, pull request 1867). Revision V (RM0433 60.5.8: REV_ID 0x2003). Bits 15:12 of the IDCODE read
 * as 6: OpenOCD and ST-LINK programs print 0x20036450, and 0x10016483 of an H735. UID: any number; these are
 * made up. TARGETID: probe-rs issue 3088 printed it of an STM32H747. */
#define H74_DIE                                                                        \
	.targetid = 0x04500041, .dev_id = 0x6450, .rev_id = 0x2003, .flash_kib = 2048, \
	.uid = { 0x00290038, 0x31385116, 0x39383236 }, .memories = h74_memories,       \
	.memories_len = LEN(h74_memories), .windows = h74_windows,                     \
	.windows_len = LEN(h74_windows), H7_DEBUG

const struct chip stm32h743zi = {
	.name = "STM32H743ZI",
	.source = "RM0433 Rev 8, DS12110",
	.cores = { CM7(150, R1P1) },
	.cores_len = 1,
	.ports = { AHB_AP(0xE00FE003), AHB_AP(NO_TABLE), APB_AP(0xE00E0003) },
	.port_reach = { REACH_CORE, REACH_BUS, REACH_DEBUG_BUS },
	.own = { { cm7_windows, LEN(cm7_windows), cm7_places_450, LEN(cm7_places_450) } },
	.places = h743_places,
	.places_len = LEN(h743_places),
	H74_DIE,
};

/* The Cortex-M4 r0p1 has 6 + 2 breakpoint and 4 watchpoint comparators (RM0399 63.4). */
#define DUAL_CORE                                                                        \
	.cores = { CM7(150, R1P1), CORTEX_M4_CORE(150) }, .cores_len = 2,                \
	.ports = { AHB_AP(0xE00FE003), AHB_AP(NO_TABLE), APB_AP(0xE00E0003),             \
		   CORTEX_M4_PORT },                                                     \
	.port_core = { 0, 0, 0, 1 },                                                     \
	.port_reach = { REACH_CORE, REACH_BUS, REACH_DEBUG_BUS, REACH_CORE },            \
	.own = { { cm7_windows, LEN(cm7_windows), cm7_places_450, LEN(cm7_places_450) }, \
		 { cm4_windows, LEN(cm4_windows), cm4_places, LEN(cm4_places) } }

const struct chip stm32h745zi = {
	.name = "STM32H745ZI",
	.source = "RM0399 Rev 4, DS12923",
	DUAL_CORE,
	.places = h745_places,
	.places_len = LEN(h745_places),
	H74_DIE,
};

const struct chip stm32h755zi = {
	.name = "STM32H755ZI",
	.source = "RM0399 Rev 4, DS12919",
	DUAL_CORE,
	.places = h755_places,
	.places_len = LEN(h755_places),
	H74_DIE,
};

const struct chip stm32h735ig = {
	.name = "STM32H735IG",
	.source = "RM0468 Rev 3, DS13312",
	.cores = { CM7(163, R1P2) },
	.cores_len = 1,
	.ports = { AHB_AP(0xE00FE003), AHB_AP(NO_TABLE), APB_AP(0xE00E0003) },
	.port_reach = { REACH_CORE, REACH_BUS, REACH_DEBUG_BUS },
	.own = { { cm7_windows, LEN(cm7_windows), cm7_places_483, LEN(cm7_places_483) } },
	.targetid = 0x04830041, /* as on the H74x die: assumption */
	.line_id = 0x48373335,  /* "H735"; firmware for an H723 compares 0x48373233 */
	.dev_id = 0x6483,
	.rev_id = 0x1001, /* revision Z: assumption */
	.flash_kib = 1024,
	.uid = { 0x0041002D, 0x33305110, 0x37323137 },
	.memories = h735_memories,
	.memories_len = LEN(h735_memories),
	.windows = h735_windows,
	.windows_len = LEN(h735_windows),
	.places = h735_places,
	.places_len = LEN(h735_places),
	H7_DEBUG,
};
