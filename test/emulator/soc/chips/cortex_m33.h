/* SPDX-License-Identifier: MIT */
/*
 * cortex_m33.h - what ST's chips around a Cortex-M33 r0p4 have alike: the core, its ROM table
 * (Cortex-M33 TRM, 100230, "ROM table") and the debug components on its private bus. What they show:
 * Black Magic Debug issue 1440, the log of an STM32H563.
 */
#ifndef TEST_EMULATOR_SOC_CHIPS_CORTEX_M33_H
#define TEST_EMULATOR_SOC_CHIPS_CORTEX_M33_H

#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/trace/types.h"

/* 8 FPB and 4 DWT comparators (RM0456 75.1), 16 levels of priority; `lines` of interrupts. */
#define CORTEX_M33_CORE(lines)                                                         \
	{                                                                              \
		.kind = CPU_CORTEX_M33, .fpu = CPU_FPU_SINGLE, .cpuid = 0x410FD214,    \
		.priority_bits = 4, .irqs = (lines), .fpb_revision = 2, .fpb_code = 8, \
		.fpb_literal = 0, .dwt_comparators = 4                                 \
	}

extern const struct coresight_ids cortex_m33_table, cortex_m33_tpiu, cortex_m33_etm,
	cortex_m33_cti;

#define CORTEX_M33_PLACE(type, name, at, ids)                \
	{                                                    \
		&(type), name, at, 0x1000, { 0, 0 }, -1, ids \
	}
#define CORTEX_M33_PLACES                                                             \
	CORTEX_M33_PLACE(rom_table_type, "processor ROM table", 0xE00FF000,           \
			 &cortex_m33_table),                                          \
		CORTEX_M33_PLACE(swo_type, "TPIU", 0xE0040000, &cortex_m33_tpiu),     \
		CORTEX_M33_PLACE(coresight_type, "ETM", 0xE0041000, &cortex_m33_etm), \
		CORTEX_M33_PLACE(coresight_type, "CTI", 0xE0042000, &cortex_m33_cti)

#endif /* TEST_EMULATOR_SOC_CHIPS_CORTEX_M33_H */
