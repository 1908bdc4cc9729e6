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

bool
job_end(struct job *job)
{
	return job->ops->end != NULL && job->ops->end(job);
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
	if (!staged->is_entered && staged->clock != NULL)
		staged->entered_us = clock_now_us(staged->clock);
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

static void
log_second(const struct staged_job *staged, const struct reason *second)
{
	char line[REASON_LINE_MAX];

	reason_line(second, line, sizeof(line));
	log_debug("job", "%s: cleaning up failed, too: %s", staged->job.name, line);
}

/* The job is over, unless its owner knows another way. */
static enum cause
job_failed(struct staged_job *staged, enum cause cause, struct reason *why)
{
	staged->is_ending = false;
	staged->failure.cause = CAUSE_NONE;
	if (staged->ops->failed != NULL)
		cause = staged->ops->failed(staged, cause, why);
	staged->is_over = cause != CAUSE_NONE;
	return cause;
}

static void
begin_ending(struct staged_job *staged)
{
	staged->is_ending = true;
	staged_job_go(staged, staged->ops->ending);
}

/* No stage is left. Of a failure, and of one while cleaning up after it, the first is
 * reported. */
static enum cause
stages_ended(struct staged_job *staged, bool *done, struct reason *why)
{
	if (staged->failure.cause != CAUSE_NONE) {
		*why = staged->failure;
		return job_failed(staged, why->cause, why);
	}
	staged->is_over = *done = true;
	return CAUSE_NONE;
}

static enum cause
stage_failed(struct staged_job *staged, enum cause cause, bool *done, struct reason *why)
{
	struct reason second = REASON_INIT;

	log_debug("job", "%s: \"%s\" failed", staged->job.name, staged_job_at(staged));
	if (staged->is_ending && staged->failure.cause != CAUSE_NONE) {
		log_second(staged, why);
		return stages_ended(staged, done, why);
	}
	if (staged->ops->ending != NULL && !staged->is_ending) {
		staged->failure = *why;
		begin_ending(staged);
		return enter_stage(staged) ? CAUSE_NONE : stages_ended(staged, done, why);
	}
	if (clean_up(staged, cause, &second) != CAUSE_NONE)
		log_second(staged, &second);
	return job_failed(staged, cause, why);
}

static void
log_stage(const struct staged_job *staged)
{
	uint64_t us;

	if (staged->clock == NULL)
		return;
	us = clock_now_us(staged->clock) - staged->entered_us;
	log_debug("job", "%s: \"%s\" took %u.%03u ms", staged->job.name,
		  staged_job_at(staged), (unsigned)(us / 1000), (unsigned)(us % 1000));
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
		return stage_failed(staged, cause, done, why);
	if (is_stage_done) {
		log_stage(staged);
		staged->next++;
		staged->is_entered = false;
	}
	return enter_stage(staged) ? CAUSE_NONE : stages_ended(staged, done, why);
}

static bool
staged_end(struct job *job)
{
	struct staged_job *staged = staged_job_of(job);

	if (staged->ops->ending == NULL)
		return false;
	if (!staged->is_ending && !staged->is_over)
		begin_ending(staged);
	return true;
}

/* Whatever it was doing, a stage that had failed before concerns nobody any more. */
static enum cause
end_at_once(struct staged_job *staged, struct reason *why)
{
	if (staged->is_over)
		return CAUSE_NONE;
	staged_end(&staged->job);
	staged->failure.cause = CAUSE_NONE;
	return job_run(&staged->job, staged->clock, why);
}

static enum cause
staged_cancel(struct job *job, struct reason *why)
{
	struct staged_job *staged = staged_job_of(job);
	enum cause cause = staged->ops->ending != NULL ? end_at_once(staged, why)
						       : clean_up(staged, CAUSE_NONE, why);

	staged->is_over = true;
	return cause;
}

/* A job that is freed unfinished has no caller left to report a failed clean-up to. */
static void
staged_free(struct job *job)
{
	struct staged_job *staged = staged_job_of(job);
	struct reason ignored = REASON_INIT;

	staged_cancel(job, &ignored);
	if (staged->ops->free != NULL)
		staged->ops->free(staged);
	else
		free(staged);
}

void
staged_job_init(struct staged_job *staged, const char *name, const struct job_stage *stages,
		const struct staged_ops *ops)
{
	static const struct job_ops staged_job_ops = {
		.step = staged_step,
		.cancel = staged_cancel,
		.free = staged_free,
		.end = staged_end,
	};

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
