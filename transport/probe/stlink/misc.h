/* SPDX-License-Identifier: MIT */
/*
 * misc.h - RW_MISC: reads and writes of words all over memory, in one
 * exchange of two commands. From V2J32 and V3J2.
 */
#ifndef TRANSPORT_PROBE_STLINK_MISC_H
#define TRANSPORT_PROBE_STLINK_MISC_H

#include "transport/probe/stlink/stlink.h"

/* Does as many of the batch, all of it memory words, as one exchange holds, and adds them
 * to outcome->finished. */
enum cause stlink_misc(struct stlink *link, struct transfer *batch, size_t len,
		       struct outcome *outcome, struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_MISC_H */
