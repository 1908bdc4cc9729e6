/* SPDX-License-Identifier: MIT */
#include "targets/chip/trace_unit.h"

enum { TRACE_IOEN = 1 << 5, TRACE_MODE = 3 << 6 };
#define TPIU 0xe0040000u

/* TRACE_MODE 0: asynchronous, SWO alone. */
const struct trace_unit trace_unit_e0042004 = {
	.source = "RM0440 Rev 8, 47.16.3 DBGMCU_CR; RM0008, RM0090, RM0351 have the same "
		  "bits",
	.pin_at = 0xe0042004,
	.pin_mask = TRACE_IOEN | TRACE_MODE,
	.pin_value = TRACE_IOEN,
	.at = TPIU,
};

/* TRACE_IOEN is bit 4, TRACE_EN bit 5. */
const struct trace_unit trace_unit_e0044004 = {
	.source = "RM0456 Rev 3, DBGMCU_CR; ST's stm32u575xx.h, stm32l552xx.h",
	.pin_at = 0xe0044004,
	.pin_mask = 1 << 4 | 1 << 5 | TRACE_MODE,
	.pin_value = 1 << 4 | 1 << 5,
	.at = TPIU,
};

/* The same DBGMCU_CR, as the core of an STM32H5 and its access port have it; 0xe0044004 is behind
 * port 0. */
const struct trace_unit trace_unit_44024004 = {
	.source = "ST's stm32h563xx.h, DBGMCU_BASE",
	.pin_at = 0x44024004,
	.pin_mask = 1 << 4 | 1 << 5 | TRACE_MODE,
	.pin_value = 1 << 4 | 1 << 5,
	.at = TPIU,
};

/* TRACECLKEN, D1DBGCKEN and D3DBGCKEN; the SWO unit and the SWTF funnel as cores see them. */
const struct trace_unit trace_unit_h7 = {
	.source = "RM0399 Rev 3, 63.5.8 DBGMCU_CR, 63.5.5 SWO and SWTF",
	.pin_at = 0x5c001004,
	.pin_mask = 7 << 20,
	.pin_value = 7 << 20,
	.at = 0x5c003000,
	.is_swo_unit = true,
	.funnel_at = 0x5c004000,
};
