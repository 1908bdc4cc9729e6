/* SPDX-License-Identifier: MIT */
#include "server/debug/start.h"

#include "targets/connect/connect.h"
#include "transport/base/log.h"
#include "transport/probe/probe.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
	/* A server that ends needs up to 0.5 s to let its probe go (failure mode A3), and
	 * udev some 0.1 s to open a node that is new. */
	PATIENCE_MS = 1000,
	RETRY_MS = 100,
	SEEK_MS = 500,
	US_PER_MS = 1000
};

const int start_ending_signals[START_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

static void
end(struct start *start, enum cause cause)
{
	start->cause = cause;
	uv_timer_stop(&start->timer);
	uv_stop(&start->loop);
}

static void
on_signal(uv_signal_t *handle, int number)
{
	struct start *start = handle->data;

	if (!start->is_told_to_end)
		log_info("server", "ending on signal %d", number);
	start->is_told_to_end = true;
	end(start, CAUSE_NONE);
}

static void
step(uv_timer_t *timer)
{
	struct start *start = timer->data;
	bool is_done = false;
	enum cause cause = job_step(start->job, &is_done, start->why);

	if (is_done || cause != CAUSE_NONE) {
		job_free(start->job);
		start->job = NULL;
		end(start, cause);
		return;
	}
	uv_timer_start(timer, step, (start->job->wait_us + US_PER_MS - 1) / US_PER_MS, 0);
}

static void
begin_to_connect(struct start *start)
{
	start->job = board_connect(start->board);
	uv_timer_start(&start->timer, step, 0, 0);
}

/* Once for each thing that it waits for. */
static void
tell_waiting(struct start *start)
{
	if (strcmp(start->waits_for, reason_root(start->why)) == 0)
		return;
	snprintf(start->waits_for, sizeof(start->waits_for), "%s", reason_root(start->why));
	log_info("server", "%s; waiting for a probe", start->waits_for);
}

/* Which of the ways not to get a probe may pass by themselves, and how soon to look again;
 * 0: none. */
static unsigned
retry_after_ms(const struct start *start, enum cause cause)
{
	if (cause == CAUSE_HOST && !deadline_is_over(&start->patience))
		return RETRY_MS;
	if (start->options->wait &&
	    (cause == CAUSE_GONE || cause == CAUSE_HOST || cause == CAUSE_TIMEOUT))
		return SEEK_MS;
	return 0;
}

static void
open_probe(uv_timer_t *timer)
{
	struct start *start = timer->data;
	struct probe *probe = NULL;
	enum cause cause;
	unsigned retry_ms;

	*start->why = (struct reason)REASON_INIT;
	cause = probe_open(start->options->probe, start->clock, &probe, start->why);
	if (cause == CAUSE_NONE) {
		cause = board_new(probe, &start->options->board, &start->board, start->why);
		if (cause == CAUSE_NONE)
			begin_to_connect(start);
		else
			end(start, cause);
		return;
	}
	retry_ms = retry_after_ms(start, cause);
	if (retry_ms == 0) {
		end(start, cause);
		return;
	}
	if (retry_ms == SEEK_MS)
		tell_waiting(start);
	else
		log_debug("server", "%s; trying again", reason_root(start->why));
	uv_timer_start(timer, open_probe, retry_ms, 0);
}

enum cause
start_init(struct start *start, const struct options *options, struct clock *clock,
	   struct reason *why)
{
	int status;

	*start = (struct start){ .options = options, .clock = clock };
	status = uv_loop_init(&start->loop);
	if (status != 0)
		return reason_begin(why, CAUSE_HOST, "no event loop: %s",
				    uv_strerror(status));
	for (size_t i = 0; i < START_SIGNALS; i++) {
		uv_signal_init(&start->loop, &start->signals[i]);
		start->signals[i].data = start;
		uv_signal_start(&start->signals[i], on_signal, start_ending_signals[i]);
		uv_unref((uv_handle_t *)&start->signals[i]);
	}
	uv_timer_init(&start->loop, &start->timer);
	start->timer.data = start;
	return CAUSE_NONE;
}

static void
cancel(struct start *start)
{
	struct reason why = REASON_INIT;

	if (start->job == NULL)
		return;
	if (job_cancel(start->job, &why) != CAUSE_NONE)
		log_warning("server", "%s was cancelled, and that failed: %s",
			    start->job->name, reason_root(&why));
	job_free(start->job);
	start->job = NULL;
}

static void
let_board_go(struct start *start)
{
	board_free(start->board);
	start->board = NULL;
}

enum cause
start_run(struct start *start, struct reason *why)
{
	start->why = why;
	start->patience = deadline_in_ms(start->clock, PATIENCE_MS);
	uv_timer_start(&start->timer, open_probe, 0, 0);
	uv_run(&start->loop, UV_RUN_DEFAULT);
	cancel(start);
	if (start->cause != CAUSE_NONE || start->is_told_to_end)
		let_board_go(start);
	return start->cause;
}

bool
start_is_told_to_end(struct start *start)
{
	uv_run(&start->loop, UV_RUN_NOWAIT);
	return start->is_told_to_end;
}

void
start_free(struct start *start)
{
	int status;

	let_board_go(start);
	for (size_t i = 0; i < START_SIGNALS; i++)
		uv_close((uv_handle_t *)&start->signals[i], NULL);
	uv_close((uv_handle_t *)&start->timer, NULL);
	uv_run(&start->loop, UV_RUN_DEFAULT);
	status = uv_loop_close(&start->loop);
	if (status != 0)
		log_debug("server", "closing the first event loop: %s",
			  uv_strerror(status));
}
