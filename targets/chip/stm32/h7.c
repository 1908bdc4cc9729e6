/* SPDX-License-Identifier: MIT */
/*
 * STM32H7. RM0433 Rev 8 (H742, H743, H750, H753), RM0399 Rev 4 (H745, H747, H755, H757),
 * RM0468 Rev 3 (H723 to H735), RM0455 (H7A3, H7B0, H7B3): memory map 2.3, flash 4, debug
 * infrastructure 63.5 (RM0399), device electronic signature. Addresses agree with ST's
 * stm32h743xx.h, stm32h755xx.h, stm32h735xx.h and stm32h7a3xx.h.
 *
 * DBGMCU is taken at the debug APB (port 2), which answers in reset and without a core's
 * clock; the core itself has it at 0x5c001000.
 */
#include "targets/chip/stm32/rows.h"

enum { CONTROLLER = 0x52002000, CONTROLLER_2 = 0x52002100 };
/* The core as the bits of a memory's mask. */
enum { CM7 = 1 << 0, CM4 = 1 << 1 };

/* "H745" as text. Its last digit is 5 or 7 on parts with two cores (bit 2 of an ASCII digit),
 * 0, 2 or 3 on the others; what is no text says nothing. */
enum { LINE_ID = 0x1ff1e8c0, LINE_MASK = 0x7fffffff };
#define LINE(a, b) (0x48370000 | (a) << 8 | (b))
#define LINE_TEST(a, b)                                        \
	{                                                      \
		0, 0,                                          \
		{                                              \
			{                                      \
				LINE_ID, LINE_MASK, LINE(a, b) \
			}                                      \
		}                                              \
	}
#define SINGLE_CORE_LINE                        \
	{                                       \
		LINE_ID, 0x7fff0004, 0x48370000 \
	}

/* A core runs after a reset with option BCM4 or BCM7 set (RM0399, 4.9.8), and else from when the
 * other sets RCC_GCR.BOOT_C2 or BOOT_C1 (8.7.46); with neither the Cortex-M7 does ("Boot order").
 * SYSCFG_UR1 shows the options only while SYSCFG has its clock. */
enum { FLASH_OPTSR_CUR = 0x5200201c, OPTSR_BCM4 = 1 << 22, OPTSR_BCM7 = 1 << 23 };
enum { RCC_GCR = 0x580244a0, GCR_BOOT_C1 = 1 << 2, GCR_BOOT_C2 = 1 << 3 };
/* BOOT_CM7_ADD0 and BOOT_CM4_ADD0, which count while BOOT0 is low (4.9.23). */
enum { FLASH_BOOT7_CUR = 0x52002040, FLASH_BOOT4_CUR = 0x52002048 };
/* BCM7_ADD0 and BCM4_ADD0 (13.3, SYSCFG_UR2 and UR3), which HAL_SYSCFG_CM7BootAddConfig() and
 * HAL_SYSCFG_CM4BootAddConfig() change; 0x11000000 is reserved (2.3.2, behind D2's SRAM). */
enum { SYSCFG_UR2 = 0x58000708, SYSCFG_UR3 = 0x5800070c };
enum { RCC_APB4ENR = 0x580244f4, APB4ENR_SYSCFGEN = 1 << 1 };
enum { NOWHERE = 0x1100 };
/* RM0399, 63.5: eight comparators for code of the Cortex-M7 and six of the Cortex-M4, four of each
 * for data; an FPU of double precision and FPB version 2 of the Cortex-M7, of single precision and
 * version 1 of the Cortex-M4. */
enum { CM7_CPUID = 0x411fc270, CM4_CPUID = 0x410fc240 };

/* RM0399, 63.5.4: each core's own, behind its access port. */
#define CTI 0xe0043000u
/* RM0399, 8.7.9: sys_d1cpre_ck is the Cortex-M7's clock, rcc_hclk the Cortex-M4's. */
enum { RCC_D1CFGR = 0x58024418 };

enum { IWDG1 = 0x58004800, IWDG2 = 0x58004c00 };
/* RM0399, RCC_RSR, and stm32h745xx.h: SFTnRSTF, IWDGnRSTF, WWDGnRSTF. */
#define RESETS_BY(core) (BIT(24 + (core)) | BIT(26 + (core)) | BIT(28 + (core)))

#define H7_BANK(name_, number_, base_, registers_, share_, count_)           \
	BANK(name_, &flash_interface_h7, number_, base_, registers_, share_, \
	     { (count_), KIB(128) })
#define H7_BACKUP_RAM RAM("backup SRAM", 0x38800000, 4, MEMORY_NEEDS_SETUP)
/* Only the Cortex-M7 and port 0 reach them. */
#define H7_TCM                                                        \
	RAM_OF(CM7, "DTCM RAM", 0x20000000, 128, MEMORY_FOR_LOADERS), \
		RAM_OF(CM7, "ITCM RAM", 0x00000000, 64, 0)
/* FMC and QUADSPI or OCTOSPI; SYSCFG or FMC_BCR1.BMAP may swap FMC's banks. */
#define H7_FMC                                                                   \
	EXTERNAL("FMC", 0x60000000, 256), EXTERNAL("FMC NAND", 0x80000000, 256), \
		EXTERNAL("FMC SDRAM", 0xc0000000, 512)

/* D2 SRAM, whose clocks are RCC_AHB2ENR.SRAM1EN, SRAM2EN, SRAM3EN. */
#define H742_RAMS                                                 \
	RAM("AXI SRAM", 0x24000000, 384, 0),                      \
		RAM("SRAM1", 0x30000000, 32, MEMORY_NEEDS_SETUP), \
		RAM("SRAM2", 0x30020000, 16, MEMORY_NEEDS_SETUP)
#define H743_RAMS                                                  \
	RAM("AXI SRAM", 0x24000000, 512, 0),                       \
		RAM("SRAM1", 0x30000000, 128, MEMORY_NEEDS_SETUP), \
		RAM("SRAM2", 0x30020000, 128, MEMORY_NEEDS_SETUP), \
		RAM("SRAM3", 0x30040000, 32, MEMORY_NEEDS_SETUP)
#define H7_LINE(name_, a, b, ...)                         \
	{                                                 \
		.name = (name_), .when = LINE_TEST(a, b), \
		.memories = MEMORIES(__VA_ARGS__)         \
	}

/* DBGMCU_CR: DBGSLEEP_D1, DBGSTOP_D1, DBGSTBY_D1, the same of D3, and D1DBGCKEN and
 * D3DBGCKEN, which clock what is debugged there. */
enum { CR_D1_D3 = 0x00600187, CR_D2 = 0x00000038 };

static const struct device devices[] = {
	{
		.name = "STM32H742/743/745/747/750/753/755/757",
		.source = "RM0399 Rev 4, RM0433 Rev 8; ST's stm32h755xx.h",
		.dev_id = 0x450,
		.option_layout = OPTION_LAYOUT_H7,
		.ids = { ID_AP2_E00E1000, ID_AP0_5C001000, ID_TARGETID },
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff1e880 },
		.max_flash_kib = 2048,
		.unique_id_at = 0x1ff1e800,
		.package_at = 0x58000524, /* SYSCFG_PKGR */
		.cores = { { .name = "cm7",
			     .kind = CORTEX_M7,
			     .ap = 0,
			     .watchdog_at = IWDG1,
			     .cti_at = CTI,
			     .reset_flags = RESETS_BY(0),
			     .gate = { .name = "RCC_GCR.BOOT_C1",
				       .opened_by = { { FLASH_OPTSR_CUR, OPTSR_BCM7,
							OPTSR_BCM7 },
						      { FLASH_OPTSR_CUR, OPTSR_BCM4, 0 },
						      { RCC_GCR, GCR_BOOT_C1,
							GCR_BOOT_C1 } },
				       .opens = { 0, RCC_GCR, GCR_BOOT_C1, "BOOT_C1" },
				       .boot_at = FLASH_BOOT7_CUR,
				       .moved_by = { SYSCFG_UR2, RCC_APB4ENR,
						     APB4ENR_SYSCFGEN, NOWHERE },
				       .core = { CM7_CPUID, 8, 4, true, true, true } } },
			   { .name = "cm4",
			     .kind = CORTEX_M4,
			     .ap = 3,
			     .watchdog_at = IWDG2,
			     .cti_at = CTI,
			     .divider_at = RCC_D1CFGR,
			     .reset_flags = RESETS_BY(1),
			     .absent_if = SINGLE_CORE_LINE,
			     .gate = { .name = "RCC_GCR.BOOT_C2",
				       .opened_by = { { FLASH_OPTSR_CUR, OPTSR_BCM4,
							OPTSR_BCM4 },
						      { RCC_GCR, GCR_BOOT_C2,
							GCR_BOOT_C2 } },
				       .opens = { 0, RCC_GCR, GCR_BOOT_C2, "BOOT_C2" },
				       .boot_at = FLASH_BOOT4_CUR,
				       .moved_by = { SYSCFG_UR3, RCC_APB4ENR,
						     APB4ENR_SYSCFGEN, NOWHERE },
				       .core = { CM4_CPUID, 6, 4, true, false, false } } } },
		.memories = MEMORIES(H7_TCM,
				     RAM("SRAM4", 0x38000000, 64, MEMORY_FOR_LOADERS),
				     H7_BACKUP_RAM, SYSTEM_MEMORY(0x1ff00000, 128), H7_FMC,
				     EXTERNAL("QUADSPI", 0x90000000, 256)),
		.variants = VARIANTS(H7_LINE("STM32H742", '4', '2', H742_RAMS),
				     H7_LINE("STM32H743", '4', '3', H743_RAMS),
				     H7_LINE("STM32H745", '4', '5', H743_RAMS),
				     H7_LINE("STM32H747", '4', '7', H743_RAMS),
				     H7_LINE("STM32H750", '5', '0', H743_RAMS),
				     H7_LINE("STM32H753", '5', '3', H743_RAMS),
				     H7_LINE("STM32H755", '5', '5', H743_RAMS),
				     H7_LINE("STM32H757", '5', '7', H743_RAMS)),
		/* Bank 2 stays at 0x08100000 on parts of 1 MiB, with half of it. */
		.layouts = LAYOUTS(
			LAYOUT_OF("128 KiB", 128,
				  H7_BANK("flash", 1, 0x08000000, CONTROLLER, 1, 1)),
			LAYOUT_ELSE("two banks",
				    H7_BANK("flash bank 1", 1, 0x08000000, CONTROLLER, 2, 8),
				    H7_BANK("flash bank 2", 2, 0x08100000, CONTROLLER_2, 2,
					    8))),
		.nor_controllers = NOR_CONTROLLERS(
			NOR_H7("QUADSPI", "RM0433 Rev 8; DS12110", false, 0x52005000,
			       0x90000000, 14, 5, "PB2/9 PF10/9", "PB6/10 PB10/9 PG6/10",
			       "PC9/9 PD11/9 PF8/10", "PC10/9 PD12/9 PF9/10", "PE2/9 PF7/9",
			       "PA1/9 PD13/9 PF6/9")),
		/* Bits of domain 2 and of IWDG2 are reserved on parts with one core. */
		.debug_bits = {
			{ 2, 0xe00e1004, CR_D1_D3 | CR_D2,
			  "DBGSLEEP, DBGSTOP, DBGSTBY of each domain" },
			{ 2, 0xe00e1034, 0x00000040, "WWDG1 (APB3FZ1)" },
			{ 2, 0xe00e1054, 0x000c0000, "IWDG1, IWDG2 (APB4FZ1)" },
			{ 2, 0xe00e1040, 0x00000800, "WWDG2 (APB1LFZ2)" },
			{ 2, 0xe00e1058, 0x000c0000, "IWDG1, IWDG2 (APB4FZ2)" },
		},
	},
	/* Of 320 KiB of AXI SRAM 192 KiB are ITCM where TCM_AXI_SHARED (FLASH_OPTSR2_CUR) says
	 * so; the first 128 KiB are always there. */
	{
		.name = "STM32H723/725/730/733/735",
		.source = "RM0468 Rev 3; ST's stm32h735xx.h",
		.dev_id = 0x483,
		.option_layout = OPTION_LAYOUT_H7,
		.ids = { ID_AP2_E00E1000, ID_AP0_5C001000, ID_TARGETID },
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff1e880 },
		.max_flash_kib = 1024,
		.unique_id_at = 0x1ff1e800,
		.package_at = 0x58000524,
		.cores = ONE_CORE("cm7", CORTEX_M7, 0, IWDG1),
		.memories = MEMORIES(
			H7_TCM, RAM("AXI SRAM", 0x24000000, 128, 0),
			RAM("AXI SRAM shared with ITCM", 0x24020000, 192, MEMORY_NEEDS_SETUP),
			RAM("SRAM1", 0x30000000, 16, MEMORY_NEEDS_SETUP),
			RAM("SRAM2", 0x30004000, 16, MEMORY_NEEDS_SETUP),
			RAM("SRAM4", 0x38000000, 16, 0), H7_BACKUP_RAM,
			H7_BANK("flash", 1, 0x08000000, CONTROLLER, 1, 8),
			SYSTEM_MEMORY(0x1ff00000, 128), H7_FMC,
			EXTERNAL("OCTOSPI2", 0x70000000, 256),
			EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.nor_controllers = NOR_CONTROLLERS(
			NOR_H7("OCTOSPI1", "RM0468 Rev 3; DS13312", true, 0x52005000,
			       0x90000000, 14, 6, "PA3/12 PB2/9 PF10/9",
			       "PB6/10 PB10/9 PC11/9 PE11/11 PG6/10",
			       "PA2/6 PB1/4 PB12/12 PC3/9 PC9/9 PD11/9 PF8/10",
			       "PB0/4 PC10/9 PD12/9 PF9/10",
			       "PA3/6 PA7/10 PB13/4 PC2/9 PE2/9 PF7/10",
			       "PA1/9 PA6/6 PD13/9 PF6/10"),
			NOR_H7("OCTOSPI2", "RM0468 Rev 3; DS13312", true, 0x5200a000,
			       0x70000000, 19, 6, "PF4/9", "PG12/3", "PF0/9", "PF1/9",
			       "PF2/9", "PF3/9")),
		.debug_bits = {
			{ 2, 0xe00e1004, CR_D1_D3, "DBGSLEEP, DBGSTOP, DBGSTBY of each domain" },
			{ 2, 0xe00e1034, 0x00000040, "WWDG1 (APB3FZ1)" },
			{ 2, 0xe00e1054, 0x00040000, "IWDG1 (APB4FZ1)" },
		},
	},
	/* Sectors are of 8 KiB: stlink's 128 KiB are those of the H743. */
	{
		.name = "STM32H7A3/7B0/7B3",
		.source = "ST's stm32h7a3xx.h; RM0455",
		.dev_id = 0x480,
		.ids = { ID_AP2_E00E1000, ID_AP0_5C001000, ID_TARGETID },
		.size_word = { .kind = SIZE_IN_KIB, .at = 0x08fff80c },
		.max_flash_kib = 2048,
		.unique_id_at = 0x08fff800,
		.package_at = 0x08fff80e,
		.cores = ONE_CORE("cm7", CORTEX_M7, 0, IWDG1),
		.memories = MEMORIES(
			H7_TCM, RAM("AXI SRAM", 0x24000000, 1024, 0),
			RAM("AHB SRAM", 0x30000000, 128, MEMORY_NEEDS_SETUP),
			RAM("SRD SRAM", 0x38000000, 32, 0), H7_BACKUP_RAM,
			OTP(0x08fff000, 1024, &flash_interface_h7ab, CONTROLLER),
			SYSTEM_MEMORY(0x1ff00000, 128), H7_FMC,
			EXTERNAL("OCTOSPI2", 0x70000000, 256),
			EXTERNAL("OCTOSPI1", 0x90000000, 256)),
		.layouts = LAYOUTS(
			LAYOUT_OF("128 KiB", 128,
				  BANK("flash", &flash_interface_h7ab, 1, 0x08000000,
				       CONTROLLER, 1, { 16, KIB(8) })),
			LAYOUT_ELSE("two banks",
				    BANK("flash bank 1", &flash_interface_h7ab, 1, 0x08000000,
					 CONTROLLER, 2, { 128, KIB(8) }),
				    BANK("flash bank 2", &flash_interface_h7ab, 2, 0x08100000,
					 CONTROLLER_2, 2, { 128, KIB(8) }))),
		.debug_bits = {
			{ 2, 0xe00e1004, CR_D1_D3, "DBGSLEEP, DBGSTOP, DBGSTBY of each domain" },
			{ 2, 0xe00e1034, 0x00000040, "WWDG1 (APB3FZ1)" },
			{ 2, 0xe00e1054, 0x00040000, "IWDG1 (APB4FZ1)" },
		},
	},
};

/* RCC_RSR; of a chip with two cores the flags of both. */
static const struct vitals vitals = {
	.source = "RM0433 Rev 8, RM0399 Rev 4; stm32h743xx.h, stm32h745xx.h",
	.flags_at = 0x580244d0,
	.watchdog = BIT(26) | BIT(27) | BIT(28) | BIT(29),
	.software = BIT(24) | BIT(25),
	.power = BIT(21) | BIT(23),
	.low_power = BIT(30) | BIT(31),
	.pin = BIT(22),
	.standby = { 0x58024810, BIT(6), BIT(6) },
	.rdp = &read_protection_h7,
	.is_supply_chosen_once = true,
	.banks_swap = { 0x5200201c, BIT(31), BIT(31) },
	.execute_only = { 0x5200201c, BIT(21), BIT(21) },
	HARDWARE_WATCHDOG(IWDG1_SW, 0x5200201c, 4),
};

const struct device_family stm32h7_family = { "STM32H7", devices, array_len(devices),
					      &vitals, &trace_unit_h7 };
