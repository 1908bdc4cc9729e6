/* SPDX-License-Identifier: MIT */
/*
 * batch.h - word accesses put together one by one and run in one go.
 */
#ifndef TARGETS_CORE_BATCH_H
#define TARGETS_CORE_BATCH_H

#include "transport/adi/mem_ap.h"

enum { BATCH_MAX = 128 };

struct batch {
	size_t len; /* start with 0 */
	struct mem_word words[BATCH_MAX];
};

void batch_write(struct batch *batch, uint32_t at, uint32_t value);
/* Returns what batch_value() wants to be asked with after the run. */
size_t batch_read(struct batch *batch, uint32_t at);
uint32_t batch_value(const struct batch *batch, size_t index);
/* As mem_batch_gated(). */
enum cause batch_run_gated(struct batch *batch, struct mem_ap *mem,
			   const struct mem_gates *gates, size_t *reached,
			   struct reason *why);
/* As mem_batch(). */
enum cause batch_run(struct batch *batch, struct mem_ap *mem, struct reason *why);

#endif /* TARGETS_CORE_BATCH_H */
