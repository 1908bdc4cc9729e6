/* SPDX-License-Identifier: MIT */
/*
 * faulty.h - a probe that misbehaves, around one that does not.
 *
 * For tests of everything above it, with any probe and any target. Each fault is
 * what real probes report: an acknowledge that is not OK, with the transfers
 * before it done and the rest not; an answer that does not come; a cable that is
 * pulled. Data are never changed: what is reported as done was done. The same
 * seed and the same calls give the same faults.
 */
#ifndef TRANSPORT_PROBE_FAULTY_H
#define TRANSPORT_PROBE_FAULTY_H

#include "transport/probe/probe_kind.h"

enum {
	FAULTY_RATE =
		1000 /* one call in so many fails, unless the probe spec says otherwise */
};

/* Wraps `inner`, which from now on belongs to the wrapper. CAUSE_HOST: no memory; `inner`
 * is then closed. `rate` 0 never fails. Faults may add delays of 5 ms and, once begun, WAITs
 * that last 300 ms. */
enum cause faulty_wrap(struct probe *inner, uint64_t seed, uint32_t rate,
		       struct probe **probe, struct reason *why);

/* "faulty:SEED[:RATE]:" before the words of any other probe. */
extern const struct probe_kind faulty_kind;

#endif /* TRANSPORT_PROBE_FAULTY_H */
