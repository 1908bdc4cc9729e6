/* SPDX-License-Identifier: MIT */
/*
 * recorder.h - a probe that writes down what is asked of it and what the one inside answers.
 */
#ifndef TRANSPORT_PROBE_RECORDER_H
#define TRANSPORT_PROBE_RECORDER_H

#include "transport/probe/probe.h"

#include <stdio.h>

/* Writes how opening a probe ended: with `probe`, or NULL and why not. Then wraps it; *wrapped
 * belongs to the caller, and `probe` to that. The clock to be used from now on is the wrapped
 * probe's, which writes down each look at it. `file` stays the caller's, and open until the
 * probe is closed. CAUSE_HOST: no memory; `probe` is then closed. */
enum cause
recorder_wrap(struct probe *probe, FILE *file, struct probe **wrapped, struct reason *why);
void recorder_write_failure(FILE *file, const struct reason *why);

#endif /* TRANSPORT_PROBE_RECORDER_H */
