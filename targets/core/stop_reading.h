/* SPDX-License-Identifier: MIT */
/*
 * stop_reading.h - what a batch that halts a core, or lets it go, reads of the stop that it leads to.
 *
 * A probe that can go on by itself once a core has halted brings its registers in the same round
 * trip: they are what is looked at next. Without such a probe only DHCSR and why it halted are read.
 */
#ifndef TARGETS_CORE_STOP_READING_H
#define TARGETS_CORE_STOP_READING_H

#include "targets/core/core_internal.h"

struct stop_reading {
	enum stop_reads reads; /* set by the caller; the rest is zero */
	size_t status, registers, evidence, glances; /* where in the batch */
	struct mem_gates gates; /* the last one is that of this reading */
	size_t reached;         /* words of the batch that were accessed */
};

/* Adds the words behind those that are in the batch. */
void stop_reading_add(const struct core *core, struct batch *batch,
		      struct stop_reading *reading);
/* Runs the batch, also when nothing was added. Glances that are refused are dropped, and are no
 * failure. */
enum cause stop_reading_run(struct core *core, struct batch *batch,
			    struct stop_reading *reading, struct reason *why);
/* What came becomes the core's state. */
void stop_reading_take(struct core *core, const struct batch *batch,
		       const struct stop_reading *reading);

#endif /* TARGETS_CORE_STOP_READING_H */
