/* SPDX-License-Identifier: MIT */
/*
 * core_clock.h - a faster clock for a core that runs as after a reset, while code of ours works on
 * it: hashing 512 KiB takes a third of a second at 4 MHz.
 */
#ifndef FLASH_RUNNER_CORE_CLOCK_H
#define FLASH_RUNNER_CORE_CLOCK_H

#include "targets/board/board.h"
#include "targets/chip/vitals.h"

struct core_clock {
	/* So many registers of the chip's list were read, and may have been written. */
	unsigned len;
	uint32_t found[CLOCK_MAX_WRITES];
};

/* The core is halted. Where the program, or a boot loader, has chosen a clock, and where the chip
 * is fast enough, nothing is changed. */
enum cause core_clock_raise(struct core_clock *clock, struct core *core,
			    const struct device *device, struct reason *why);
/* What was found is written again, the last first. Does nothing after one that raised nothing. */
enum cause core_clock_lower(struct core_clock *clock, struct core *core,
			    const struct device *device, struct reason *why);

#endif /* FLASH_RUNNER_CORE_CLOCK_H */
