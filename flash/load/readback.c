/* SPDX-License-Identifier: MIT */
#include "flash/load/readback.h"

#include "transport/base/bytes.h"

#include <stdlib.h>

enum { AT_ONCE = 4096, PERMILLE = 1000 }; /* mem_read(): 20 ms */

struct readback {
	struct job job;
	struct core *core;
	uint32_t at, size, done;
	uint8_t *bytes;
};

static enum cause
step(struct job *job, bool *done, struct reason *why)
{
	struct readback *readback = container_of(job, struct readback, job);
	uint32_t left = readback->size - readback->done;
	uint32_t piece = left < AT_ONCE ? left : AT_ONCE;
	enum cause cause = core_memory_read(readback->core, readback->at + readback->done,
					    readback->bytes + readback->done, piece, why);

	if (cause != CAUSE_NONE)
		return cause;
	readback->done += piece;
	job->done_permille =
		(unsigned)((uint64_t)readback->done * PERMILLE / readback->size);
	*done = readback->done == readback->size;
	return CAUSE_NONE;
}

static enum cause
cancel(struct job *job, struct reason *why)
{
	(void)job;
	(void)why;
	return CAUSE_NONE;
}

static void
free_readback(struct job *job)
{
	free(container_of(job, struct readback, job));
}

static const struct job_ops ops = { .step = step, .cancel = cancel, .free = free_readback };

struct job *
readback_begin(struct core *core, uint32_t at, uint32_t size, uint8_t *bytes)
{
	struct readback *readback = calloc(1, sizeof(*readback));

	if (readback == NULL)
		return NULL;
	*readback = (struct readback){ .job = { .ops = &ops, .name = "reading memory" },
				       .core = core,
				       .at = at,
				       .size = size,
				       .bytes = bytes };
	return &readback->job;
}
