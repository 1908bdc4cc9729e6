/* SPDX-License-Identifier: MIT */
/*
 * trace_unit.h - what sends a chip's trace by the SWO pin, and how the pin is given to it.
 */
#ifndef TARGETS_CHIP_TRACE_UNIT_H
#define TARGETS_CHIP_TRACE_UNIT_H

#include <stdbool.h>
#include <stdint.h>

struct trace_unit {
	const char *source;
	/* DBGMCU_CR: these bits, with these values, give SWO its pin and its clock. */
	uint32_t pin_at, pin_mask, pin_value;
	uint32_t at;        /* the TPIU, or the SWO unit of an H7 */
	bool is_swo_unit;   /* CoreSight's SWO has no formatter and no port size */
	uint32_t funnel_at; /* what joins the cores' trace, an input each; 0: nothing */
};

extern const struct trace_unit trace_unit_e0042004, trace_unit_e0044004,
	trace_unit_44024004, trace_unit_h7;

#endif /* TARGETS_CHIP_TRACE_UNIT_H */
