/* SPDX-License-Identifier: MIT */
/*
 * cortex_m0plus.h - what ST's chips around a Cortex-M0+ r0p1 have alike: the core, its AHB-AP
 * and the ROM tables.
 */
#ifndef TEST_EMULATOR_SOC_CHIPS_CORTEX_M0PLUS_H
#define TEST_EMULATOR_SOC_CHIPS_CORTEX_M0PLUS_H

#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/trace/types.h"

/* DDI 0484C, as ST configured it (RM0444 Rev 5, 40.7 and 40.8): four breakpoints, two watchpoints,
 * four levels of priority; `lines` of interrupts. */
#define CORTEX_M0PLUS_CORE(lines)                                                       \
	{                                                                               \
		.kind = CPU_CORTEX_M0PLUS, .cpuid = 0x410CC601, .priority_bits = 2,     \
		.irqs = (lines), .fpb_revision = 1, .fpb_code = 4, .dwt_comparators = 2 \
	}

/* The debug port is of version 1 (OpenOCD, target/stm32g0x.cfg). BASE is that of a table outside
 * the core (pyOCD issue 743, of a NUCLEO-G071RB: "ROM table @ 0xf0000000"); IDR and CSW are as an
 * STM32L0 and a Cortex-M0+ of another maker show them: assumption. */
#define CORTEX_M0PLUS_DPIDR UINT32_C(0x0BC11477)
#define CORTEX_M0PLUS_PORT                                                     \
	{                                                                      \
		.idr = 0x04770031, .base = 0xF0000003, .csw_fixed = 0x01000040 \
	}

/* ST's table, which has the DEV_ID as its part number (Black Magic Probe, stm32g0.c), leads to the
 * core's (DDI 0484C, "Cortex-M0+ ROM table identification"). */
extern const uint32_t cortex_m0plus_system_entries[], cortex_m0plus_core_entries[];
enum { CORTEX_M0PLUS_SYSTEM_ENTRIES = 2, CORTEX_M0PLUS_CORE_ENTRIES = 4 };
extern const struct coresight_ids cortex_m0plus_core_ids;
#define CORTEX_M0PLUS_SYSTEM_IDS(dev_id)                              \
	{                                                             \
		.pid = 0x00000A0000 | (dev_id), .component_class = 1, \
		.entries = cortex_m0plus_system_entries,              \
		.entries_len = CORTEX_M0PLUS_SYSTEM_ENTRIES           \
	}
#define CORTEX_M0PLUS_PLACES(system_ids)                                               \
	{                                                                              \
		&rom_table_type, "system ROM table", 0xF0000000, 0x1000, { 0, 0 }, -1, \
		system_ids                                                             \
	},                                                                             \
	{                                                                              \
		&rom_table_type, "ROM table", 0xE00FF000, 0x1000, { 0, 0 }, -1,        \
			&cortex_m0plus_core_ids                                        \
	}

#endif /* TEST_EMULATOR_SOC_CHIPS_CORTEX_M0PLUS_H */
