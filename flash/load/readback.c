/* SPDX-License-Identifier: MIT */
#include "flash/load/readback.h"

#include "transport/base/bytes.h"

#include <stdlib.h>

enum { AT_ONCE = 4096, PERMILLE = 1000 }; /* mem_read(): 20 ms */
/* Of one piece, because of resets meanwhile: the first may be one of before. */
enum { TRIES = 8 };

struct readback {
	struct job job;
	struct core *core;
	uint32_t at, size, done;
	unsigned tries;
	uint8_t *bytes;
};

/* Did a reset come between? Then what was read is not what is there. */
static enum cause
check_reset(struct readback *readback, bool *was_reset, struct reason *why)
{
	enum cause cause = core_check_reset(readback->core, was_reset, why);

	if (cause != CAUSE_NONE)
		return reason_while(why, "reading memory at 0x%08x",
				    (unsigned)(readback->at + readback->done));
	if (!*was_reset || ++readback->tries < TRIES)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_TIMEOUT,
		     "the chip was reset %d times while a piece was read", TRIES);
	reason_suspect(why, FINDING_C8);
	return CAUSE_TIMEOUT;
}

static enum cause
step(struct job *job, bool *done, struct reason *why)
{
	struct readback *readback = container_of(job, struct readback, job);
	uint32_t left = readback->size - readback->done;
	uint32_t piece = left < AT_ONCE ? left : AT_ONCE;
	enum cause cause = core_memory_read(readback->core, readback->at + readback->done,
					    readback->bytes + readback->done, piece, why);
	bool was_reset = false;

	if (cause == CAUSE_NONE)
		cause = check_reset(readback, &was_reset, why);
	if (cause != CAUSE_NONE || was_reset)
		return cause;
	readback->tries = 0;
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
