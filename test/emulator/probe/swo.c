/* SPDX-License-Identifier: MIT */
#include "test/emulator/probe/swo.h"

/* Ten bits are sampled by one clock that the start bit sets right: the last is missed when
 * it is off by half a bit, 5 %. Some is left to the edges (assumption). */
bool
probe_reads_swo(uint32_t own, uint32_t baud)
{
	enum { TOLERANCE_PERCENT = 3 };
	uint64_t off = own > baud ? own - baud : baud - own;
	return off * 100 <= (uint64_t)baud * TOLERANCE_PERCENT;
}
