/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/chips/cortex_m4.h"

const uint32_t cortex_m4_rom_entries[CORTEX_M4_ROM_ENTRIES] = {
	0xFFF0F003, /* SCS  0xE000E000 */
	0xFFF02003, /* DWT  0xE0001000 */
	0xFFF03003, /* FPB  0xE0002000 */
	0xFFF01003, /* ITM  0xE0000000 */
	0xFFF41003, /* TPIU 0xE0040000 */
	0xFFF42003, /* ETM  0xE0041000 */
	0,
};
const struct coresight_ids cortex_m4_tpiu = { .pid = 0x04000BB9A1,
					      .component_class = 9,
					      .devtype = 0x11,
					      .devid = 0xCA1,
					      .has_formatter = true };
const struct coresight_ids cortex_m4_etm = { .pid = 0x04000BB925,
					     .component_class = 9,
					     .devtype = 0x13 };
