/* SPDX-License-Identifier: MIT */
#include "transport/base/job.h"

#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <stddef.h>
#include <stdlib.h>

enum cause
job_step(struct job *job, bool *done, struct reason *why)
{
	*done = false;
	job->wait_us = 0;
	return job->ops->step(job, done, why);
}

enum cause
job_cancel(struct job *job, struct reason *why)
{
	return job == NULL ? CAUSE_NONE : job->ops->cancel(job, why);
}

void
job_free(struct job *job)
{
	if (job != NULL)
		job->ops->free(job);
}

enum cause
job_run(struct job *job, struct clock *clock, struct reason *why)
{
	bool done = false;

	while (!done) {
		enum cause cause = job_step(job, &done, why);

		if (cause != CAUSE_NONE)
			return cause;
		if (!done && job->wait_us > 0)
			clock_sleep_us(clock, job->wait_us);
	}
	return CAUSE_NONE;
}

/* Skips the rows whose condition does not hold. False: no row is left. */
static bool
enter_stage(struct staged_job *staged)
{
	const struct job_stage *stage = &staged->stages[staged->next];

	while (!staged->is_entered && stage->run != NULL && stage->when != NULL &&
	       !stage->when(staged))
		stage = &staged->stages[++staged->next];
	staged->is_entered = true;
	return stage->run != NULL;
}

static enum cause
clean_up(struct staged_job *staged, enum cause after, struct reason *why)
{
	bool is_needed = staged->is_begun && !staged->is_over;

	staged->is_begun = false;
	return is_needed && staged->ops->clean_up != NULL
		       ? staged->ops->clean_up(staged, after, why)
		       : CAUSE_NONE;
}

static enum cause
stage_failed(struct staged_job *staged, enum cause cause, struct reason *why)
{
	struct reason second = REASON_INIT;
	char line[REASON_LINE_MAX];

	log_debug("job", "%s: \"%s\" failed", staged->job.name, staged_job_at(staged));
	if (clean_up(staged, cause, &second) != CAUSE_NONE) {
		reason_line(&second, line, sizeof(line));
		log_debug("job", "%s: cleaning up failed, too: %s", staged->job.name, line);
	}
	if (staged->ops->failed != NULL)
		cause = staged->ops->failed(staged, cause, why);
	staged->is_over = cause != CAUSE_NONE;
	return cause;
}

static enum cause
staged_step(struct job *job, bool *done, struct reason *why)
{
	struct staged_job *staged = staged_job_of(job);
	bool is_stage_done = false;
	enum cause cause = CAUSE_NONE;

	if (enter_stage(staged)) {
		staged->is_begun = true;
		cause = staged->stages[staged->next].run(staged, &is_stage_done, why);
	}
	if (cause != CAUSE_NONE)
		return stage_failed(staged, cause, why);
	if (is_stage_done) {
		staged->next++;
		staged->is_entered = false;
	}
	staged->is_over = *done = !enter_stage(staged);
	return CAUSE_NONE;
}

static enum cause
staged_cancel(struct job *job, struct reason *why)
{
	struct staged_job *staged = staged_job_of(job);
	enum cause cause = clean_up(staged, CAUSE_NONE, why);

	staged->is_over = true;
	return cause;
}

/* A job that is freed unfinished has nobody left who could be told how cleaning up went. */
static void
staged_free(struct job *job)
{
	struct staged_job *staged = staged_job_of(job);
	struct reason ignored = REASON_INIT;

	clean_up(staged, CAUSE_NONE, &ignored);
	if (staged->ops->free != NULL)
		staged->ops->free(staged);
	else
		free(staged);
}

void
staged_job_init(struct staged_job *staged, const char *name, const struct job_stage *stages,
		const struct staged_ops *ops)
{
	static const struct job_ops staged_job_ops = { staged_step, staged_cancel,
						       staged_free };

	*staged = (struct staged_job){ .job = { .ops = &staged_job_ops, .name = name },
				       .ops = ops,
				       .stages = stages };
}

struct staged_job *
staged_job_of(struct job *job)
{
	return container_of(job, struct staged_job, job);
}

void
staged_job_go(struct staged_job *staged, const struct job_stage *stages)
{
	staged->stages = stages;
	staged->next = 0;
	staged->is_entered = false;
}

const char *
staged_job_at(const struct staged_job *staged)
{
	const struct job_stage *stage = &staged->stages[staged->next];

	return stage->run == NULL ? "" : stage->name;
}
