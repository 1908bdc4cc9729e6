/* SPDX-License-Identifier: MIT */
#include "transport/probe/probe_open_taped.h"

#include "transport/base/bytes.h"
#include "transport/probe/recorder.h"
#include "transport/probe/replay.h"

#include <stdlib.h>

struct opening {
	struct job job;
	struct tape *tape;
	struct job *inner; /* NULL: played */
	struct probe *opened;
	struct probe **probe;
};

static struct opening *
opening_of(struct job *job)
{
	return container_of(job, struct opening, job);
}

static enum cause
step_recorded(struct job *job, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(job);
	struct probe *opened;
	enum cause cause = recorder_step(opening->tape, opening->inner, done, why);

	job->wait_us = opening->inner->wait_us;
	if (cause != CAUSE_NONE || !*done)
		return cause;
	opened = opening->opened;
	opening->opened = NULL;
	return recorder_wrap_on(opened, opening->tape, opening->probe, why);
}

static enum cause
step_played(struct job *job, bool *done, struct reason *why)
{
	struct opening *opening = opening_of(job);
	enum cause cause = replay_step(opening->tape, &job->wait_us, done, why);

	if (cause != CAUSE_NONE || !*done)
		return cause;
	return replay_open_on(opening->tape, opening->probe, why);
}

static enum cause
cancel(struct job *job, struct reason *why)
{
	return job_cancel(opening_of(job)->inner, why);
}

static void
free_opening(struct job *job)
{
	struct opening *opening = opening_of(job);

	job_free(opening->inner);
	free(opening);
}

static const struct job_ops recorded_ops = { step_recorded, cancel, free_opening, NULL };
static const struct job_ops played_ops = { step_played, cancel, free_opening, NULL };

static struct job *
take_inner(struct opening *opening, const char *spec)
{
	opening->inner = probe_open_job(spec, clock_host(), &opening->opened);
	if (opening->inner != NULL)
		return &opening->job;
	free(opening);
	return NULL;
}

struct job *
probe_open_taped_job(const char *spec, struct clock *clock, struct tape *tape,
		     struct probe **probe)
{
	struct opening *opening;

	if (tape == NULL)
		return probe_open_job(spec, clock, probe);
	opening = calloc(1, sizeof(*opening));
	if (opening == NULL)
		return NULL;
	*probe = NULL;
	opening->tape = tape;
	opening->probe = probe;
	opening->job = (struct job){ .ops = &recorded_ops, .name = "opening the probe" };
	if (!tape_is_played(tape))
		return take_inner(opening, spec);
	opening->job.ops = &played_ops;
	return &opening->job;
}
