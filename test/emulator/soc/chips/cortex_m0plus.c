/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/chips/cortex_m0plus.h"

const uint32_t cortex_m0plus_system_entries[CORTEX_M0PLUS_SYSTEM_ENTRIES] = {
	0xF00FF003, /* the core's table, 0xE00FF000 */
	0,
};
const uint32_t cortex_m0plus_core_entries[CORTEX_M0PLUS_CORE_ENTRIES] = {
	0xFFF0F003, /* SCS 0xE000E000 */
	0xFFF02003, /* DWT 0xE0001000 */
	0xFFF03003, /* BPU 0xE0002000 */
	0,
};
const struct coresight_ids cortex_m0plus_core_ids = {
	.pid = 0x04000BB4C0,
	.component_class = 1,
	.entries = cortex_m0plus_core_entries,
	.entries_len = CORTEX_M0PLUS_CORE_ENTRIES,
};
