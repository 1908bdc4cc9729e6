/* SPDX-License-Identifier: MIT */
/*
 * absent.h - in the place of a probe that was lost: everything asked of it is CAUSE_GONE.
 *
 * So the lost one can be closed, and its hold on USB ends, before it is there again.
 */
#ifndef TRANSPORT_PROBE_ABSENT_H
#define TRANSPORT_PROBE_ABSENT_H

#include "transport/probe/probe.h"

/* With the identity of `lost`. NULL: no memory. */
struct probe *absent_new(const struct probe *lost);
bool probe_is_absent(const struct probe *probe);

#endif /* TRANSPORT_PROBE_ABSENT_H */
