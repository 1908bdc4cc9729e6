/* SPDX-License-Identifier: MIT */
/*
 * misc.h - RW_MISC: reads and writes of words all over memory, in one
 * exchange of two commands. From V2J32 and V3J2.
 */
#ifndef TRANSPORT_PROBE_STLINK_MISC_H
#define TRANSPORT_PROBE_STLINK_MISC_H

#include "transport/probe/stlink/stlink.h"

/* Out goes a byte for each item, filled up to a multiple of 4, then a word for each. Back comes
 * a word for each - what was read -, then a status for each. openocd abbbc2e05,
 * stlink_usb_misc_rw_segment(). All in bytes. */
uint32_t stlink_misc_words_at(uint32_t items); /* of what goes out */
uint32_t stlink_misc_out_size(uint32_t items);
uint32_t stlink_misc_in_size(uint32_t items);

/* Does as many of the batch, all of it memory words, as one exchange holds, and adds them
 * to outcome->finished. */
enum cause stlink_misc(struct stlink *link, struct transfer *batch, size_t len,
		       struct outcome *outcome, struct reason *why);

#endif /* TRANSPORT_PROBE_STLINK_MISC_H */
