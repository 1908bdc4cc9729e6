/* SPDX-License-Identifier: MIT */
/*
 * probe_list.h - what debug probes are on USB, and whether they can be used.
 *
 * A probe that a program holds is not disturbed: what is known of it is from its descriptors. A
 * free one is opened, asked, and closed in the mode it was found in.
 */
#ifndef TRANSPORT_PROBE_PROBE_LIST_H
#define TRANSPORT_PROBE_PROBE_LIST_H

#include "transport/base/clock.h"
#include "transport/probe/probe_choose.h"

struct probe_listed {
	struct probe_candidate candidate;
	char held_by[160]; /* "openocd (pid 4711)"; "": nobody is known to */
	char firmware[32]; /* "V2J37M26"; "": not known */
	char board[96];    /* by its maker; "": not known */
	bool has_vtarget;
	unsigned millivolts; /* of target supply */
	/* Why it cannot be used now, and what to do; "" when it can. */
	char trouble[REASON_LINE_MAX], remedy[REASON_LINE_MAX];
};

/* All, at most `max`. CAUSE_GONE: there is none; the reason says what is there instead, if
 * that is known. CAUSE_HOST: USB cannot be looked at. Takes up to a second for a probe
 * that does not answer. */
enum cause probe_list(struct probe_listed *listed, size_t max, size_t *len,
		      struct clock *clock, struct reason *why);

/* The reason of a USB without a probe: CAUSE_GONE. Looks for boot loaders, which may be what
 * became of one (failure mode A4). Some milliseconds. */
enum cause probe_tell_none(struct reason *why);

#endif /* TRANSPORT_PROBE_PROBE_LIST_H */
