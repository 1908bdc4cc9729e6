/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/chips/cortex_m33.h"

static const uint32_t entries[] = {
	0xFFF0F003, /* SCS  0xE000E000 */
	0xFFF02003, /* DWT  0xE0001000 */
	0xFFF03003, /* BPU  0xE0002000 */
	0xFFF01003, /* ITM  0xE0000000 */
	0xFFF42003, /* ETM  0xE0041000 */
	0xFFF43003, /* CTI  0xE0042000 */
	0,
};
const struct coresight_ids cortex_m33_table = {
	.pid = 0x04000BB4C9,
	.component_class = 1,
	.entries = entries,
	.entries_len = sizeof(entries) / sizeof(entries[0]),
};
const struct coresight_ids cortex_m33_tpiu = { .pid = 0x04000BBD21,
					       .component_class = 9,
					       .devtype = 0x11,
					       .devid = 0xCA1,
					       .has_formatter = true };
const struct coresight_ids cortex_m33_etm = { .pid = 0x04000BBD21,
					      .component_class = 9,
					      .devtype = 0x13 };
const struct coresight_ids cortex_m33_cti = {
	.pid = 0x04000BBD21, .component_class = 9, .devtype = 0x14, .devid = 0x40800
};
