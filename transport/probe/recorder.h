/* SPDX-License-Identifier: MIT */
/*
 * recorder.h - a probe that writes down what is asked of it and what the one inside answers.
 */
#ifndef TRANSPORT_PROBE_RECORDER_H
#define TRANSPORT_PROBE_RECORDER_H

#include "transport/base/job.h"
#include "transport/probe/probe.h"
#include "transport/probe/redaction.h"
#include "transport/probe/tape.h"

#include <stdio.h>

/* Writes how opening a probe ended: with `probe`, or NULL and why not. Then wraps it; *wrapped
 * belongs to the caller, and `probe` to that. The clock to be used from now on is the wrapped
 * probe's, which writes down each look at it. `file` stays the caller's, and open until the
 * probe is closed; so does `redaction`, by which what is written lacks some of what is answered.
 * NULL: nothing. CAUSE_HOST: no memory; `probe` is then closed. */
enum cause recorder_wrap(struct probe *probe, FILE *file, const struct redaction *redaction,
			 struct probe **wrapped, struct reason *why);
/* The same on a tape that is the caller's, and outlives the probe; how it was opened is on it
 * already: by the steps of a job (probe_open_taped.h). */
enum cause recorder_wrap_on(struct probe *probe, struct tape *tape, struct probe **wrapped,
			    struct reason *why);
enum cause
recorder_step(struct tape *tape, struct job *job, bool *done, struct reason *why);
void recorder_write_failure(FILE *file, const struct redaction *redaction,
			    const struct reason *why);

#endif /* TRANSPORT_PROBE_RECORDER_H */
