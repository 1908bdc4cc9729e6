/* SPDX-License-Identifier: MIT */
/*
 * work.h - the one job that is under way: stepped from the loop, so that Ctrl-C, other
 * sessions and keep-alives go on meanwhile.
 */
#ifndef SERVER_DEBUG_WORK_H
#define SERVER_DEBUG_WORK_H

#include "transport/base/job.h"

#include <uv.h>

struct server;
struct session;

/* Called once when a job has ended by itself; `why` only with a cause. `owner` is as given
 * to work_begin(). */
typedef void work_done(struct server *server, struct session *owner, enum cause cause,
		       const struct reason *why);

struct work {
	struct server *server;
	struct job *job; /* NULL: nothing is under way */
	struct session *owner;
	work_done *done;
	uv_timer_t timer;
};

void work_init(struct work *work, struct server *server);
void work_close(struct work *work); /* cancels; the timer's handle is closed by the loop */

bool work_is_busy(const struct work *work);
/* Takes the job over. Nothing else may be under way. `owner` NULL: the server's own. */
void work_begin(struct work *work, struct job *job, struct session *owner, work_done *done);
/* Ends the job unfinished; `done` is not called. */
void work_cancel(struct work *work);
/* CAUSE_REQUEST with words when something is under way. */
enum cause work_check_free(const struct work *work, struct reason *why);

#endif /* SERVER_DEBUG_WORK_H */
