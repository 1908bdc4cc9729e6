/* SPDX-License-Identifier: MIT */
/*
 * cortex_m4.h - what ST's chips around a Cortex-M4 r0p1 have alike: the core, its AHB-AP
 * and the debug components on its private bus.
 */
#ifndef TEST_EMULATOR_SOC_CHIPS_CORTEX_M4_H
#define TEST_EMULATOR_SOC_CHIPS_CORTEX_M4_H

#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/trace/types.h"

/* 6 + 2 FPB and 4 DWT comparators, 16 levels of priority; `lines` of interrupts. */
#define CORTEX_M4_CORE(lines)                                                          \
	{                                                                              \
		.kind = CPU_CORTEX_M4, .fpu = CPU_FPU_SINGLE, .cpuid = 0x410FC241,     \
		.priority_bits = 4, .irqs = (lines), .fpb_revision = 1, .fpb_code = 6, \
		.fpb_literal = 2, .dwt_comparators = 4                                 \
	}

/* AHB-AP: DDI 0439, 8.3; its CSW shows DbgStatus and the fixed protection bit. */
#define CORTEX_M4_PORT                                                         \
	{                                                                      \
		.idr = 0x24770011, .base = 0xE00FF003, .csw_fixed = 0x01000040 \
	}
#define CORTEX_M4_DPIDR UINT32_C(0x2BA01477)

/* DDI 0439, 8.2 and 10.2: the ROM table and its components. */
extern const uint32_t cortex_m4_rom_entries[];
enum { CORTEX_M4_ROM_ENTRIES = 7 };
extern const struct coresight_ids cortex_m4_tpiu, cortex_m4_etm;

/* ST's table has ST's JEP106 code 0x20 and the DEV_ID as part number (RM0440 47.13 and
 * the like). */
#define CORTEX_M4_ROM_IDS(dev_id)                                                      \
	{                                                                              \
		.pid = 0x00000A0000 | (dev_id), .component_class = 1,                  \
		.entries = cortex_m4_rom_entries, .entries_len = CORTEX_M4_ROM_ENTRIES \
	}

/* Their places; `rom_ids` is the chip's own. */
#define CORTEX_M4_PLACES(rom_ids)                                                         \
	{ &rom_table_type, "ROM table", 0xE00FF000, 0x1000, { 0, 0 }, -1, rom_ids },      \
		{ &swo_type, "TPIU", 0xE0040000, 0x1000, { 0, 0 }, -1, &cortex_m4_tpiu }, \
	{                                                                                 \
		&coresight_type, "ETM", 0xE0041000, 0x1000, { 0, 0 }, -1, &cortex_m4_etm  \
	}

#endif /* TEST_EMULATOR_SOC_CHIPS_CORTEX_M4_H */
