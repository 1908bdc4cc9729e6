/* SPDX-License-Identifier: MIT */
/*
 * probe_open_taped.h - opening a probe, with a tape (tape.h).
 */
#ifndef TRANSPORT_PROBE_PROBE_OPEN_TAPED_H
#define TRANSPORT_PROBE_PROBE_OPEN_TAPED_H

#include "transport/base/job.h"
#include "transport/probe/probe.h"
#include "transport/probe/tape.h"

/* As probe_open_job(). With a tape that is written, what the probe is asked is on it; with one that
 * is played, the probe is the one that is there, whatever `spec` says. `clock` is the program's, and
 * with a tape that one's. */
struct job *probe_open_taped_job(const char *spec, struct clock *clock, struct tape *tape,
				 struct probe **probe);

#endif /* TRANSPORT_PROBE_PROBE_OPEN_TAPED_H */
