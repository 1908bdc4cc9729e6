/* SPDX-License-Identifier: MIT */
#include "targets/reset/reset.h"

#include "targets/board/board_internal.h"

#include <stdlib.h>

struct core_reset_job {
	struct staged_job staged;
	struct board *board;
	unsigned core;
};

static enum cause
restart_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct core_reset_job *reset = container_of(job, struct core_reset_job, staged);
	uint32_t table = 0;

	*done = true;
	return core_restart(&reset->board->cores[reset->core], &table, why);
}

static const struct job_stage stages[] = {
	{ "set the reset state", restart_stage, NULL },
	{ 0 },
};

static enum cause
clean_up(struct staged_job *job, enum cause after, struct reason *why)
{
	(void)job, (void)after, (void)why;
	return CAUSE_NONE;
}

static enum cause
failed(struct staged_job *job, enum cause cause, struct reason *why)
{
	(void)job, (void)why;
	return cause;
}

struct job *
board_reset_core(struct board *board, unsigned core)
{
	static const struct staged_ops ops = { .clean_up = clean_up, .failed = failed };
	struct core_reset_job *reset = calloc(1, sizeof(*reset));

	if (reset == NULL)
		return board_no_job(board, "resetting a core");
	staged_job_init(&reset->staged, "resetting a core", stages, &ops);
	reset->board = board;
	reset->core = core;
	return &reset->staged.job;
}
