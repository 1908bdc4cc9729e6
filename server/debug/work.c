/* SPDX-License-Identifier: MIT */
#include "server/debug/work.h"

#include "transport/base/log.h"

#include <assert.h>

enum { US_PER_MS = 1000 };

void
work_init(struct work *work, struct server *server)
{
	*work = (struct work){ .server = server };
}

static void
forget_job(struct work *work)
{
	job_free(work->job);
	work->job = NULL;
	work->owner = NULL;
	uv_timer_stop(&work->timer);
}

static void
finish(struct work *work, enum cause cause, const struct reason *why)
{
	struct session *owner = work->owner;
	work_done *done = work->done;

	forget_job(work);
	done(work->server, owner, cause, why);
}

static void
take_step(uv_timer_t *timer)
{
	struct work *work = timer->data;
	struct reason why = REASON_INIT;
	bool is_done = false;
	enum cause cause = job_step(work->job, &is_done, &why);
	uint64_t wait_ms = (work->job->wait_us + US_PER_MS - 1) / US_PER_MS;

	if (is_done || cause != CAUSE_NONE)
		finish(work, cause, &why);
	else
		uv_timer_start(timer, take_step, wait_ms, 0);
}

bool
work_is_busy(const struct work *work)
{
	return work->job != NULL;
}

void
work_begin(struct work *work, struct job *job, struct session *owner, work_done *done)
{
	assert(work->job == NULL);
	work->job = job;
	work->owner = owner;
	work->done = done;
	work->timer.data = work;
	uv_timer_start(&work->timer, take_step, 0, 0);
}

void
work_cancel(struct work *work)
{
	struct reason why = REASON_INIT;
	char line[512];

	if (work->job == NULL)
		return;
	/* Nothing more can be tried when that fails (job.h): it is told and that is all. */
	if (job_cancel(work->job, &why) != CAUSE_NONE) {
		reason_line(&why, line, sizeof(line));
		log_warning("work", "%s was cancelled, and that failed: %s",
			    work->job->name, line);
	}
	forget_job(work);
}

void
work_close(struct work *work)
{
	work_cancel(work);
	uv_close((uv_handle_t *)&work->timer, NULL);
}

enum cause
work_check_free(const struct work *work, struct reason *why)
{
	if (work->job == NULL)
		return CAUSE_NONE;
	reason_begin(why, CAUSE_REQUEST, "%s is under way for another client (%u %% done)",
		     work->job->name, work->job->done_permille / 10);
	reason_suspect(why, FINDING_REQUEST_BUSY);
	return why->cause;
}
