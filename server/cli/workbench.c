/* SPDX-License-Identifier: MIT */
#include "server/cli/workbench.h"

#include "server/cli/core_choice.h"
#include "targets/connect/connect.h"
#include "transport/base/host.h"
#include "transport/base/log.h"
#include "transport/base/progress.h"
#include "transport/probe/recorder.h"
#include "transport/probe/replay.h"

#include <signal.h>

enum {
	SLICE_US = 20000,
	BAR_MAX = 128,
	/* A program that ended or was killed has let its probe go by then: as in keeper.c. */
	PATIENCE_MS = 1000,
	RETRY_US = 100000
};

static volatile sig_atomic_t is_interrupted;

static void
interrupt(int number)
{
	(void)number;
	is_interrupted = 1;
}

bool
workbench_is_interrupted(void)
{
	return is_interrupted != 0;
}

/* A bar on a terminal, else lines in the log. */
struct display {
	bool has_bar;
	struct progress progress;
};

static void
display_begin(struct display *display, struct clock *clock)
{
	display->has_bar = log_status(NULL);
	progress_begin(&display->progress, clock_now_us(clock),
		       display->has_bar ? PROGRESS_BAR_US : PROGRESS_PERIOD_US,
		       display->has_bar ? 1 : PROGRESS_LOG_PERCENT);
}

static void
display_show(struct display *display, struct clock *clock, const struct job *job)
{
	char buffer[BAR_MAX];
	struct text words;

	if (!progress_is_due(&display->progress, job, clock_now_us(clock)))
		return;
	text_init(&words, buffer, sizeof(buffer));
	(display->has_bar ? progress_add_bar : progress_add_words)(job, &words);
	if (display->has_bar)
		log_status(buffer);
	else
		log_info("job", "%s", buffer);
}

enum cause
workbench_run_kept(struct workbench *bench, struct job *job, struct reason *why)
{
	bool done = false;
	enum cause cause = CAUSE_NONE;
	struct display display;

	display_begin(&display, bench->clock);
	while (cause == CAUSE_NONE && !done && !workbench_is_interrupted()) {
		cause = job_step(job, &done, why);
		if (cause == CAUSE_NONE && !done && bench->board != NULL)
			cause = board_keep_reserved(bench->board, job, why);
		if (!done)
			display_show(&display, bench->clock, job);
		if (cause == CAUSE_NONE && !done && job->wait_us > 0)
			clock_sleep_us(bench->clock,
				       job->wait_us < SLICE_US ? job->wait_us : SLICE_US);
	}
	log_status(NULL);
	if (cause != CAUSE_NONE && bench->board != NULL)
		board_explain_reserved(bench->board, why);
	if (cause != CAUSE_NONE || done)
		return cause;
	/* What cannot be cleaned up any more does not matter to who wants to leave. */
	(void)job_cancel(job, why);
	return reason_begin(why, CAUSE_REQUEST, "%s was interrupted", job->name);
}

enum cause
workbench_run(struct workbench *bench, struct job *job, struct reason *why)
{
	enum cause cause = workbench_run_kept(bench, job, why);

	job_free(job);
	return cause;
}

static enum cause
try_to_open(struct workbench *bench, const struct options *options, struct probe **probe,
	    struct reason *why)
{
	struct job *job = probe_open_job(options->probe, bench->clock, probe);

	if (job == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for opening a probe");
	return workbench_run(bench, job, why);
}

static enum cause
open_probe(struct workbench *bench, const struct options *options, struct probe **probe,
	   struct reason *why)
{
	struct deadline patience = deadline_in_ms(bench->clock, PATIENCE_MS);
	enum cause cause = try_to_open(bench, options, probe, why);

	while (cause == CAUSE_HOST && reason_finding(why) == FINDING_A3 &&
	       !deadline_is_over(&patience) && !workbench_is_interrupted()) {
		log_debug("probe", "%s; trying again", reason_root(why));
		clock_sleep_us(bench->clock, RETRY_US);
		*why = (struct reason)REASON_INIT;
		cause = try_to_open(bench, options, probe, why);
	}
	return cause;
}

static enum cause
open_taped(struct workbench *bench, const struct options *options,
	   const struct workbench_tape *tape, struct probe **probe, struct reason *why)
{
	struct probe *opened = NULL;
	enum cause cause;

	if (tape->replay != NULL)
		cause = replay_open(tape->replay, &opened, why);
	else
		cause = open_probe(bench, options, &opened, why);
	bench->played = tape->replay != NULL ? opened : NULL;
	if (tape->redaction != NULL && cause == CAUSE_NONE) {
		redaction_add_name(tape->redaction, opened->identity.serial);
		redaction_add_name(tape->redaction, opened->identity.where);
	}
	if (tape->record != NULL && cause != CAUSE_NONE)
		recorder_write_failure(tape->record, tape->redaction, why);
	if (tape->record != NULL && cause == CAUSE_NONE)
		cause = recorder_wrap(opened, tape->record, tape->redaction, &opened, why);
	*probe = opened;
	return cause;
}

enum cause
workbench_begin_taped(struct workbench *bench, const struct options *options,
		      const struct workbench_tape *tape, struct reason *why)
{
	struct board_options board = options->board;
	struct probe *probe = NULL;
	enum cause cause;

	host_catch_ending(interrupt, false);
	*bench = (struct workbench){ .clock = clock_host() };
	cause = algorithms_read(&bench->algorithms, options, &board, why);
	if (cause == CAUSE_NONE)
		cause = open_taped(bench, options, tape, &probe, why);
	if (cause != CAUSE_NONE)
		return cause;
	/* That of a recording is the one by which those below it must wait, too. */
	bench->clock = probe->clock;
	return board_new(probe, &board, &bench->board, why);
}

enum cause
workbench_begin(struct workbench *bench, const struct options *options, struct reason *why)
{
	const struct workbench_tape none = { .record = NULL };

	return workbench_begin_taped(bench, options, &none, why);
}

static bool
is_busy(enum cause cause, const struct reason *why)
{
	return cause == CAUSE_REQUEST && reason_finding(why) == FINDING_REQUEST_BUSY;
}

enum cause
workbench_claim(struct workbench *bench, const char *what, struct reason *why)
{
	enum cause cause = board_reserve(bench->board, CLAIM_EVERYTHING, what, why);

	if (is_busy(cause, why))
		log_info("job", "%s waits: %s", what, reason_root(why));
	while (is_busy(cause, why) && !workbench_is_interrupted()) {
		clock_sleep_us(bench->clock, RETRY_US);
		*why = (struct reason)REASON_INIT;
		cause = board_reserve(bench->board, CLAIM_EVERYTHING, what, why);
	}
	return is_busy(cause, why) ? reason_while(why, "%s was interrupted", what) : cause;
}

static bool
disturbs(const struct options *options)
{
	return options->board.connect == CONNECT_HALT ||
	       options->board.connect == CONNECT_UNDER_RESET;
}

enum cause
workbench_connect(struct workbench *bench, const struct options *options, const char *what,
		  struct reason *why)
{
	enum cause cause = workbench_begin(bench, options, why);

	if (cause == CAUSE_NONE && (what != NULL || disturbs(options)))
		cause = workbench_claim(bench, what == NULL ? "connecting" : what, why);
	if (cause == CAUSE_NONE)
		cause = workbench_run(bench, board_connect(bench->board), why);
	return cause == CAUSE_NONE
		       ? core_choose(bench->board, options->core, &bench->core, why)
		       : cause;
}

void
workbench_end(struct workbench *bench)
{
	if (bench->board != NULL)
		board_end_reserved(bench->board);
	board_free(bench->board);
	bench->board = NULL;
	algorithms_free(&bench->algorithms);
}
