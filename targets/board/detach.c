/* SPDX-License-Identifier: MIT */
/* detach.c - letting the target run as without us. */
#include "targets/board/board_internal.h"
#include "transport/base/log.h"

#include <stdlib.h>

struct detach_job {
	struct staged_job staged;
	struct board *board;
	unsigned core;    /* the next one of a stage */
	enum cause first; /* failure; what comes after it is done all the same */
	struct reason why;
};

static struct detach_job *
detach_of(struct staged_job *job)
{
	return container_of(job, struct detach_job, staged);
}

static bool
is_there(struct staged_job *job)
{
	const struct board *board = detach_of(job)->board;

	return board->is_connected && !board->is_lost && !dap_is_lost(&board->dap);
}

/* A failure keeps nothing that comes after it from being undone. */
static void
keep_first(struct detach_job *detach, enum cause cause, const struct reason *why)
{
	if (cause == CAUSE_NONE || detach->first != CAUSE_NONE)
		return;
	detach->first = cause;
	detach->why = *why;
}

/* One core a step. */
static enum cause
each_core(struct detach_job *detach, bool *done,
	  enum cause (*call)(struct core *core, struct reason *why))
{
	struct board *board = detach->board;
	struct reason why = REASON_INIT;

	if (detach->core < board->cores_len)
		keep_first(detach, call(&board->cores[detach->core++], &why), &why);
	*done = detach->core >= board->cores_len;
	if (*done)
		detach->core = 0;
	return CAUSE_NONE;
}

static enum cause
part_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct detach_job *detach = detach_of(job);
	struct reason failure = REASON_INIT;

	(void)why;
	*done = true;
	keep_first(detach, board_group_end(detach->board, &failure), &failure);
	return CAUSE_NONE;
}

static enum cause
clear_stage(struct staged_job *job, bool *done, struct reason *why)
{
	(void)why;
	return each_core(detach_of(job), done, core_breakpoints_clear);
}

/* DBGMCU comes when the cores run on: without DBG_SLEEP one that sleeps cannot be reached. */
static enum cause
restore_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct detach_job *detach = detach_of(job);
	struct reason failure = REASON_INIT;

	(void)why;
	*done = true;
	keep_first(detach, held_end(detach->board, &failure), &failure);
	failure = (struct reason)REASON_INIT;
	keep_first(detach, debug_bits_restore(detach->board, &failure), &failure);
	return CAUSE_NONE;
}

static enum cause
release_stage(struct staged_job *job, bool *done, struct reason *why)
{
	(void)why;
	return each_core(detach_of(job), done, core_release);
}

static enum cause
finish_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct detach_job *detach = detach_of(job);

	detach->board->is_connected = false;
	*done = true;
	if (detach->first != CAUSE_NONE)
		*why = detach->why;
	return detach->first;
}

static const struct job_stage stages[] = {
	{ "part the cores", part_stage, is_there },
	{ "remove breakpoints", clear_stage, is_there },
	{ "let the cores run", release_stage, is_there },
	{ "restore DBGMCU", restore_stage, is_there },
	{ "finish", finish_stage, NULL },
	{ 0 },
};

/* What failed once is not tried again. */
static enum cause
detach_clean_up(struct staged_job *job, enum cause after, struct reason *why)
{
	(void)after, (void)why;
	detach_of(job)->board->is_connected = false;
	return CAUSE_NONE;
}

static enum cause
detach_failed(struct staged_job *job, enum cause cause, struct reason *why)
{
	(void)job, (void)cause;
	return reason_while(why, "detaching from the target");
}

struct job *
board_detach_job(struct board *board)
{
	static const struct staged_ops ops = { .clean_up = detach_clean_up,
					       .failed = detach_failed };
	struct detach_job *detach = calloc(1, sizeof(*detach));

	if (detach == NULL)
		return board_no_job(board, "detaching");
	staged_job_init(&detach->staged, "detaching", stages, &ops);
	detach->board = board;
	return &detach->staged.job;
}

enum cause
board_detach(struct board *board, struct reason *why)
{
	struct job *job;
	enum cause cause;

	if (!board->is_connected)
		return CAUSE_NONE;
	job = board_detach_job(board);
	cause = job_run(job, board_clock(board), why);
	job_free(job);
	return cause;
}

/* An examination has let the program run and seen it keep debuggers out. */
static bool
is_kept_out(const struct board *board)
{
	return facts_is(&board->facts, FACT_RUN_END, RUN_SILENT) ||
	       facts_is(&board->facts, FACT_RUN_END, RUN_SLEEPS);
}

/* That such a program does so again says nothing of wires or supply. */
static void
warn_of_what_stays(const struct board *board, const struct reason *why)
{
	char words[512];

	if (is_kept_out(board)) {
		log_warning("board",
			    "the program keeps debuggers out again: what tether has set in "
			    "DHCSR and DBGMCU may stay until the board is switched off and "
			    "on: %s",
			    reason_root(why));
		return;
	}
	reason_line(why, words, sizeof(words));
	log_warning("board", "the target may not run on as without a debugger: %s", words);
}

void
board_free(struct board *board)
{
	struct reason why = REASON_INIT;

	if (board == NULL)
		return;
	board_cancel_all(board);
	if (board->is_connected && !board->is_lost &&
	    board_detach(board, &why) != CAUSE_NONE)
		warn_of_what_stays(board, &why);
	probe_close(board->probe);
	free(board);
}
