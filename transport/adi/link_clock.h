/* SPDX-License-Identifier: MIT */
/*
 * link_clock.h - a faster SWD clock, for as long as much is moved.
 *
 * A connection has a clock that nearly every board carries. Where megabytes follow, a faster one
 * is tried in steps, by reading what is known; the link goes back to the clock before as soon as
 * the wire damages something, and what was damaged is done anew (dap_recover() sees to that).
 */
#ifndef TRANSPORT_ADI_LINK_CLOCK_H
#define TRANSPORT_ADI_LINK_CLOCK_H

#include "transport/adi/mem_ap.h"

/* Something that reads the same each time: RAM of a core that is halted. */
struct link_sample {
	uint32_t at, size;
	const uint8_t *bytes;
};

/* Takes the fastest clock at which the sample reads as it is known, of those above the one in
 * use; a probe whose clock cannot be set keeps it. What a clock that is too fast does to the
 * link is set right. Blocks for 10 ms as a rule, 100 ms where a clock was too fast. Fails when
 * the link does not work at the clock before either. */
enum cause
link_clock_raise(struct mem_ap *mem, const struct link_sample *sample, struct reason *why);
/* Takes the clock again that was in use before it was raised. */
enum cause link_clock_lower(struct dap *dap, struct reason *why);
bool link_clock_is_raised(const struct dap *dap);
/* Something was damaged unseen: once it is lowered, it is not raised again. */
void link_clock_distrust(struct dap *dap);
/* A connection is made at a clock that was set for it: nothing is raised, none slower is taken, and
 * errors of before are of another link. */
void link_clock_forget(struct dap *dap);
/* The connection is made, and nobody asked for its clock: from now on what the wire damages takes
 * the next slower one (probe_slower_clock()), until link_clock_forget(). Silence is put down to the
 * wire only where it has damaged something before: a target that is gone is silent, too. */
void link_clock_allow_slower(struct dap *dap);
bool link_clock_has_given_way(const struct dap *dap);

/* For dap_recover(): is this failure the wire's, and is there a slower clock to take? */
bool
link_clock_may_fall_back(const struct dap *dap, enum cause cause, const struct reason *why);
/* Then: the clock before is taken, or a slower one, and the debug port is connected to.
 * CAUSE_NONE: it answers, and the access may be made anew; else `cause`, with its reason as it
 * was. */
enum cause link_clock_fall_back(struct dap *dap, enum cause cause, struct reason *why);

#endif /* TRANSPORT_ADI_LINK_CLOCK_H */
