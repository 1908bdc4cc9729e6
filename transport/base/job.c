/* SPDX-License-Identifier: MIT */
#include "transport/base/job.h"

#include <stddef.h>

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
