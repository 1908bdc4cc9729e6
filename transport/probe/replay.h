/* SPDX-License-Identifier: MIT */
/*
 * replay.h - a probe that answers as one in a recording did (recording.h), and its clock.
 *
 * It answers only what is asked in the recording's order. The first call that is another one
 * ends that: from there on every call fails with CAUSE_GONE, time passes so that a caller that waits
 * gives up, and replay_off() says where. A file that is no recording, or was spoiled, is met in
 * the same way: nothing in it is trusted.
 */
#ifndef TRANSPORT_PROBE_REPLAY_H
#define TRANSPORT_PROBE_REPLAY_H

#include "transport/probe/probe.h"
#include "transport/probe/tape.h"

#include <stdio.h>

struct replay;

/* Reads on in `file`, which stays the caller's, from how opening the probe ended. Fails as that
 * did; CAUSE_MISMATCH: nothing of the kind is there. */
enum cause replay_open(FILE *file, struct probe **probe, struct reason *why);
/* Why it no longer answers as recorded; NULL: it does. Takes probes of replay_open() alone. */
const struct reason *replay_off(struct probe *probe);

/* The same of a probe whose opening was a job (probe_open_taped.h): that job's next step, and the
 * probe that it has opened. Fail as these did then; CAUSE_GONE: nothing of the kind is there. */
enum cause
replay_step(struct tape *tape, uint64_t *wait_us, bool *done, struct reason *why);
enum cause replay_open_on(struct tape *tape, struct probe **probe, struct reason *why);

#endif /* TRANSPORT_PROBE_REPLAY_H */
