/* SPDX-License-Identifier: MIT */
/*
 * extension.h - time for a call that is late by the computer's clock, counted in cycles of the core
 * that makes it.
 *
 * A computer that is busy, or a probe that is slow, sees more time pass than the target has had. So
 * when the time of a call is up by that clock, its core is given the cycles that the data sheet's time
 * takes at 32 MHz. A core without a counter of cycles gets none.
 */
#ifndef FLASH_RUNNER_EXTENSION_H
#define FLASH_RUNNER_EXTENSION_H

#include "targets/core/core.h"
#include "transport/base/clock.h"

struct extension {
	bool is_counting; /* CYCCNTENA is on, */
	uint32_t ctrl;    /* and DWT_CTRL was this */
	bool is_begun;    /* for the call that runs */
	uint32_t seen;    /* DWT_CYCCNT */
	uint64_t cycles_left;
	struct deadline deadline; /* by the computer's clock, whatever the core has done */
};

/* Is it over? Begins it when asked first: for a call that may take `ms`. One that cannot be counted
 * is over. */
bool extension_is_over(struct extension *extension, struct core *core, struct clock *clock,
		       uint32_t ms);
/* The call has ended, and another runs. */
void extension_forget(struct extension *extension);
/* DWT_CYCCNT, which counts from now on at the latest. CAUSE_UNSUPPORTED: the core has none. */
enum cause extension_cycles(struct extension *extension, struct core *core,
			    uint32_t *cycles, struct reason *why);
/* DWT_CTRL is as it was; harmless when nothing was counted. */
enum cause
extension_end(struct extension *extension, struct core *core, struct reason *why);

#endif /* FLASH_RUNNER_EXTENSION_H */
