/* SPDX-License-Identifier: MIT */
#include "test/unit/targets/device_fixtures.h"

#define RAM(name_, base_, kib, flags_)                                                  \
	{                                                                               \
		.name = (name_), .kind = MEMORY_RAM, .base = (base_), .size = KIB(kib), \
		.flags = (flags_)                                                       \
	}
#define BANK(name_, interface_, number_, base_, registers_, share_, ...)                   \
	{                                                                                  \
		.name = (name_), .kind = MEMORY_FLASH, .base = (base_),                    \
		.interface = (interface_), .registers = (registers_), .number = (number_), \
		.share = (share_), .runs = {                                               \
			__VA_ARGS__                                                        \
		}                                                                          \
	}

static const struct flash_interface h7 = {
	.name = "H7", .source = "RM0399 Rev 3, 4", .erased_value = 0xff, .granule = 32
};
static const struct flash_interface h7rs = {
	.name = "H7RS", .source = "RM0477 Rev 8", .erased_value = 0xff, .granule = 16
};
static const struct flash_interface l0 = {
	.name = "L0", .source = "RM0367 Rev 8, 3", .erased_value = 0x00, .granule = 4
};
static const struct flash_interface f4 = {
	.name = "F2F4", .source = "RM0090 Rev 19, 3", .erased_value = 0xff, .granule = 4
};
static const struct flash_interface u5 = {
	.name = "U5", .source = "RM0456 Rev 6, 7", .erased_value = 0xff, .granule = 16
};
static const struct flash_interface wb = {
	.name = "WB", .source = "RM0434 Rev 10, 3", .erased_value = 0xff, .granule = 8
};

/* Two cores, two controllers, a port for the debug components, memories that one core only
 * reaches, a line that is named by a text (RM0399 Rev 3). */
enum { CM7 = 1, CM4 = 2, H7_SECTORS = 8 };
#define H7_BANK(n, count)                                               \
	BANK("flash bank " #n, &h7, n, 0x08000000 + ((n)-1) * 0x100000, \
	     0x52002000 + ((n)-1) * 0x100, 2, { (count), KIB(128) })
#define H7_COMMON_RAMS(axi_kib)                                                           \
	{ .name = "ITCM", .kind = MEMORY_RAM, .cores = CM7, .base = 0, .size = KIB(64) }, \
		{ .name = "DTCM",                                                         \
		  .kind = MEMORY_RAM,                                                     \
		  .cores = CM7,                                                           \
		  .flags = MEMORY_FOR_LOADERS,                                            \
		  .base = 0x20000000,                                                     \
		  .size = KIB(128) },                                                     \
		RAM("AXI SRAM", 0x24000000, axi_kib, 0)

const struct device fixture_h745 = {
	.name = "STM32H742/743/745/747/750/753/755/757",
	.source = "RM0399 Rev 3",
	.dev_id = 0x450,
	.ids = { ID_AP2_E00E1000, ID_AP0_5C001000, ID_TARGETID },
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff1e880 },
	.max_flash_kib = 2048,
	.unique_id_at = 0x1ff1e800,
	.package_at = 0x58000524,
	.cores = { { .name = "cm7", .kind = CORTEX_M7, .ap = 0, .watchdog_at = 0x58004800 },
		   { .name = "cm4",
		     .kind = CORTEX_M4,
		     .ap = 3,
		     .watchdog_at = 0x58004c00,
		     .gate = { .name = "RCC_GCR.BOOT_C2",
			       .opened_by = { { FIXTURE_UR1, 1, 1 },
					      { FIXTURE_RCC_GCR, 8, 8 } },
			       .opens = { 0, FIXTURE_RCC_GCR, 8, "BOOT_C2" } } } },
	.memories = MEMORIES({ .name = "SRAM1 (as code)",
			       .kind = MEMORY_RAM,
			       .cores = CM4,
			       .flags = MEMORY_NEEDS_SETUP,
			       .alias_of = "SRAM1",
			       .base = 0x10000000,
			       .size = KIB(128) },
			     RAM("SRAM4", 0x38000000, 64, 0)),
	.variants = VARIANTS(
		{ .name = "STM32H742",
		  .when = { 0, 0, { { FIXTURE_LINE_ID, 0xffffffff, 0x48373432 } } },
		  .memories = MEMORIES(H7_COMMON_RAMS(384),
				       RAM("SRAM1", 0x30000000, 32, MEMORY_NEEDS_SETUP)) },
		{ .name = "STM32H745",
		  .when = { 0, 0, { { FIXTURE_LINE_ID, 0xffffffff, 0x48373435 } } },
		  .memories = MEMORIES(H7_COMMON_RAMS(512),
				       RAM("SRAM1", 0x30000000, 128, MEMORY_NEEDS_SETUP)) },
		{ .name = "STM32H750",
		  .when = { 128, 128, { { FIXTURE_LINE_ID, 0xffffffff, 0x48373530 } } },
		  .memories = MEMORIES(H7_COMMON_RAMS(512), RAM("SRAM1", 0x30000000, 128,
								MEMORY_NEEDS_SETUP)) }),
	.layouts = LAYOUTS(
		{ .name = "one sector",
		  .when = { 0, 128, { { 0 } } },
		  .memories = MEMORIES(BANK("flash", &h7, 1, 0x08000000, 0x52002000, 1,
					    { 1, KIB(128) })) },
		{ .name = "two banks",
		  .memories = MEMORIES(H7_BANK(1, H7_SECTORS), H7_BANK(2, H7_SECTORS)) }),
	.debug_bits = { { 2, 0xe00e1004, 0x1bf, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" },
			{ 2, 0xe00e1054, 0xc0000, "DBG_IWDG1, DBG_IWDG2" } },
};

/* Erased is 0, and there is data EEPROM of two banks (RM0367 Rev 8, 2.2, 3). */
const struct device fixture_l073 = {
	.name = "STM32L071/072/073/081/082/083",
	.source = "RM0367 Rev 8",
	.dev_id = 0x447,
	.ids = { ID_AP0_40015800 },
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1ff8007c },
	.max_flash_kib = 192,
	.unique_id_at = 0x1ff80050,
	.cores = { { .name = "cm0p", .kind = CORTEX_M0P, .watchdog_at = 0x40003000 } },
	.memories = MEMORIES(
		RAM("SRAM", 0x20000000, 20, MEMORY_FOR_LOADERS),
		BANK("flash bank 1", &l0, 1, 0x08000000, 0x40022000, 2, { 768, 128 }),
		BANK("flash bank 2", &l0, 2, 0x08018000, 0x40022000, 2, { 768, 128 }),
		{ .name = "data EEPROM",
		  .kind = MEMORY_EEPROM,
		  .base = 0x08080000,
		  .size = KIB(6),
		  .interface = &l0,
		  .registers = 0x40022000 },
		{ .name = "option byte memory",
		  .kind = MEMORY_OPTION_BYTES,
		  .base = 0x1ff80000,
		  .size = 32,
		  .interface = &l0,
		  .registers = 0x40022000 }),
	.debug_bits = { { 0, 0x40015804, 0x7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
};

/* Sectors of three sizes; an option bit selects two banks in a part of 1 MiB, and
 * means nothing on one of 2 MiB (RM0090 Rev 19, 3.4). */
#define F4_RUNS(kib_128)                \
	{ 4, KIB(16) }, { 1, KIB(64) }, \
	{                               \
		(kib_128), KIB(128)     \
	}
#define F4_BANK_2(base_, count)                                                \
	{                                                                      \
		.name = "flash bank 2", .kind = MEMORY_FLASH, .base = (base_), \
		.interface = &f4, .registers = 0x40023c00, .number = 2,        \
		.first_sector = 16, .runs = {                                  \
			F4_RUNS(count)                                         \
		}                                                              \
	}
enum { DB1M = 1 << 30 };

const struct device fixture_f429 = {
	.name = "STM32F427/429/437/439",
	.source = "RM0090 Rev 19",
	.dev_id = 0x419,
	.ids = { ID_AP0_E0042000 },
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff7a22 },
	.max_flash_kib = 2048,
	.unique_id_at = 0x1fff7a10,
	.cores = { { .name = "cm4", .kind = CORTEX_M4, .watchdog_at = 0x40003000 } },
	.memories =
		MEMORIES(RAM("SRAM1", 0x20000000, 112, MEMORY_FOR_LOADERS),
			 RAM("SRAM2", 0x2001c000, 16, 0), RAM("SRAM3", 0x20020000, 64, 0),
			 RAM("CCM SRAM", 0x10000000, 64, 0),
			 RAM("backup SRAM", 0x40024000, 4, MEMORY_NEEDS_SETUP),
			 { .name = "OTP memory",
			   .kind = MEMORY_OTP,
			   .base = 0x1fff7800,
			   .size = 528,
			   .interface = &f4,
			   .registers = 0x40023c00 }),
	.layouts = LAYOUTS({ .name = "2 MiB",
			     .when = { 2048, 2048, { { 0 } } },
			     .memories = MEMORIES(BANK("flash bank 1", &f4, 1, 0x08000000,
						       0x40023c00, 0, F4_RUNS(7)),
						  F4_BANK_2(0x08100000, 7)) },
			   { .name = "1 MiB, DB1M=1",
			     .when = { 1024, 1024, { { FIXTURE_OPTCR, DB1M, DB1M } } },
			     .memories = MEMORIES(BANK("flash bank 1", &f4, 1, 0x08000000,
						       0x40023c00, 0, F4_RUNS(3)),
						  F4_BANK_2(0x08080000, 3)) },
			   { .name = "one bank",
			     .memories = MEMORIES(BANK("flash", &f4, 1, 0x08000000,
						       0x40023c00, 1, F4_RUNS(15))) }),
	.debug_bits = { { 0, 0xe0042004, 0x7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
};

/* TrustZone: all of it is seen at a second, secure address; DUALBANK counts on parts of 1 MiB
 * and less (RM0456 Rev 6, 7.3.1). */
enum { DUALBANK = 1 << 21 };
#define U5_BANK(n, base_, share_, count) \
	BANK("flash bank " #n, &u5, n, base_, 0x40022000, share_, { (count), KIB(8) })
#define SECURE(name_, kind_, of, base_, kib)                                          \
	{                                                                             \
		.name = (name_), .kind = (kind_), .alias_of = (of), .base = (base_),  \
		.flags = MEMORY_SECURE, .size = KIB(kib), .interface = &u5, .runs = { \
			{ (kib) / 8, KIB(8) }                                         \
		}                                                                     \
	}

const struct device fixture_u575 = {
	.name = "STM32U575/585",
	.source = "RM0456 Rev 6",
	.dev_id = 0x482,
	.ids = { ID_AP0_E0044000, ID_TARGETID },
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x0bfa07a0 },
	.max_flash_kib = 2048,
	.unique_id_at = 0x0bfa0700,
	.package_at = 0x0bfa0500,
	.cores = { { .name = "cm33", .kind = CORTEX_M33, .watchdog_at = 0x40003000 } },
	.memories = MEMORIES(RAM("SRAM1", 0x20000000, 192, MEMORY_FOR_LOADERS),
			     RAM("SRAM2", 0x20030000, 64, MEMORY_WRITE_FIRST),
			     RAM("SRAM3", 0x20040000, 512, MEMORY_WRITE_FIRST),
			     RAM("SRAM4", 0x28000000, 16, 0),
			     { .name = "SRAM1 (secure)",
			       .kind = MEMORY_RAM,
			       .alias_of = "SRAM1",
			       .flags = MEMORY_SECURE,
			       .base = 0x30000000,
			       .size = KIB(192) }),
	.layouts =
		LAYOUTS({ .name = "2 MiB",
			  .when = { 2048, 2048, { { 0 } } },
			  .memories = MEMORIES(U5_BANK(1, 0x08000000, 2, 128),
					       U5_BANK(2, 0x08100000, 2, 128),
					       SECURE("flash (secure)", MEMORY_FLASH,
						      "flash bank 1", 0x0c000000, 2048)) },
			{ .name = "1 MiB, DUALBANK=1",
			  .when = { 1024, 1024, { { FIXTURE_OPTR, DUALBANK, DUALBANK } } },
			  .memories = MEMORIES(U5_BANK(1, 0x08000000, 2, 64),
					       U5_BANK(2, 0x08080000, 2, 64)) },
			{ .name = "one bank",
			  .memories = MEMORIES(BANK("flash", &u5, 1, 0x08000000, 0x40022000,
						    1, { 256, KIB(8) })) }),
	.debug_bits = { { 0, 0xe0044004, 0x6, "DBG_STOP, DBG_STANDBY" } },
};

/* A second core that production parts keep closed (RM0434 Rev 10). */
const struct device fixture_wb55 = {
	.name = "STM32WB30/35/50/55",
	.source = "RM0434 Rev 10",
	.dev_id = 0x495,
	.ids = { ID_AP0_E0042000, ID_TARGETID },
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff75e0 },
	.max_flash_kib = 1024,
	.unique_id_at = 0x1fff7590,
	.cores = { { .name = "cm4", .kind = CORTEX_M4, .watchdog_at = 0x40003000 },
		   { .name = "cm0p",
		     .kind = CORTEX_M0P,
		     .ap = 1,
		     .gate = { .name = "PWR_CR4.C2BOOT",
			       .opened_by = { { 0x5800040c, 1 << 15, 1 << 15 } } } } },
	.memories =
		MEMORIES(RAM("SRAM1", 0x20000000, 192, MEMORY_FOR_LOADERS),
			 RAM("SRAM2a", 0x20030000, 32, 0), RAM("SRAM2b", 0x20038000, 32, 0),
			 BANK("flash", &wb, 1, 0x08000000, 0x58004000, 1, { 256, KIB(4) })),
	.debug_bits = { { 0, 0xe0042004, 0x7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
};

/* The core is behind port 1, no size word, little flash, and a program that is elsewhere. */
const struct device fixture_h7rs = {
	.name = "STM32H7R3/7R7/7S3/7S7",
	.source = "RM0477 Rev 8",
	.dev_id = 0x485,
	.ids = { ID_AP1_5C001000, ID_TARGETID },
	.size_word = { SIZE_FIXED },
	.max_flash_kib = 64,
	.cores = { { .name = "cm7", .kind = CORTEX_M7, .ap = 1 } },
	.memories =
		MEMORIES(RAM("ITCM", 0x00000000, 64, 0),
			 RAM("DTCM", 0x20000000, 64, MEMORY_FOR_LOADERS),
			 BANK("flash", &h7rs, 1, 0x08000000, 0x52002000, 0, { 8, KIB(8) }),
			 { .name = "external memory (XSPI1)",
			   .region = WINDOW_OF("XSPI1"),
			   .kind = MEMORY_EXTERNAL,
			   .flags = MEMORY_NEEDS_SETUP,
			   .base = 0x90000000,
			   .size = KIB(256 * 1024) }),
	.debug_bits = { { 1, 0x5c001004, 0x7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
};

/* The 128 KiB part with nothing between its banks (RM0440 Rev 8, 3.3.1). */
const struct device fixture_g473_with_hole = {
	.name = "STM32G473xB",
	.source = "RM0440 Rev 8",
	.dev_id = 0x469,
	.ids = { ID_AP0_E0042000 },
	.size_word = { .kind = SIZE_IN_KIB, .at = 0x1fff75e0 },
	.max_flash_kib = 128,
	.cores = { { .name = "cm4", .kind = CORTEX_M4, .watchdog_at = 0x40003000 } },
	.memories = MEMORIES(RAM("SRAM1", 0x20000000, 80, MEMORY_FOR_LOADERS),
			     BANK("flash bank 1", &flash_interface_g4, 1, 0x08000000,
				  0x40022000, 2, { 128, KIB(2) }),
			     BANK("flash bank 2", &flash_interface_g4, 2, 0x08040000,
				  0x40022000, 2, { 128, KIB(2) })),
	.debug_bits = { { 0, 0xe0042004, 0x7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
};

/* No flash, so no size word; the port is numbered as on an ADIv6 debug port. */
const struct device fixture_n657 = {
	.name = "STM32N645/647/655/657",
	.source = "RM0486 Rev 2",
	.dev_id = 0x486,
	.ids = { ID_AP0_44001000, ID_TARGETID },
	.cores = { { .name = "cm55", .kind = CORTEX_M55, .ap = 0x00002000 } },
	.memories = MEMORIES(RAM("FLEXRAM", 0x24000000, 400, MEMORY_FOR_LOADERS),
			     RAM("AXISRAM1", 0x24064000, 624, MEMORY_NEEDS_SETUP)),
	.debug_bits = { { 0, 0x44001004, 0x7, "DBG_SLEEP, DBG_STOP, DBG_STANDBY" } },
};

static const struct device_family families[] = {
	{ "STM32H7", &fixture_h745, 1, NULL, NULL },
	{ "STM32L0", &fixture_l073, 1, NULL, NULL },
	{ "STM32F4", &fixture_f429, 1, NULL, NULL },
	{ "STM32U5", &fixture_u575, 1, NULL, NULL },
	{ "STM32WB", &fixture_wb55, 1, NULL, NULL },
	{ "STM32H7RS", &fixture_h7rs, 1, NULL, NULL },
	{ "STM32G4", &fixture_g473_with_hole, 1, NULL, NULL },
	{ "STM32N6", &fixture_n657, 1, NULL, NULL },
};
static const struct device_family *const family_pointers[] = {
	&families[0], &families[1], &families[2], &families[3],
	&families[4], &families[5], &families[6], &families[7],
};

const struct device_table fixture_table = { family_pointers, array_len(family_pointers) };
