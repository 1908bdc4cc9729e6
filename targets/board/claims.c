/* SPDX-License-Identifier: MIT */
/* claims.c - who works on what, here and among the programs that share the probe. */
#include "targets/board/board_internal.h"

#include "transport/base/log.h"
#include "transport/probe/claims.h"

/* Often enough that the owner of the probe can say how far it is. */
enum { KEEP_US = 500000 };

static const struct board_work *
find_claimant(const struct board *board, unsigned claims)
{
	for (size_t i = 0; i < BOARD_MAX_JOBS; i++)
		if (board->works[i].job != NULL && (board->works[i].claims & claims) != 0)
			return &board->works[i];
	return NULL;
}

const struct job *
board_claimant(const struct board *board, unsigned claims)
{
	const struct board_work *work = find_claimant(board, claims);

	return work == NULL ? NULL : work->job;
}

const struct job *
board_job_of(const struct board *board, const void *by)
{
	for (size_t i = 0; i < BOARD_MAX_JOBS; i++)
		if (board->works[i].job != NULL && board->works[i].by == by)
			return board->works[i].job;
	return NULL;
}

static enum cause
refuse_for(const struct board_work *work, struct reason *why)
{
	if (work->is_ending)
		reason_begin(why, CAUSE_REQUEST, "%s was cancelled and is not over yet",
			     work->job->name);
	else
		reason_begin(why, CAUSE_REQUEST, "%s is under way (%u %% done)",
			     work->job->name, work->job->done_permille / 10);
	reason_suspect(why, FINDING_REQUEST_BUSY);
	return CAUSE_REQUEST;
}

static bool
is_of_all(unsigned claims)
{
	return (claims & (CLAIM_RESET | CLAIM_FLASH | CLAIM_POWER)) != 0 &&
	       (claims & CLAIM_HERE) == 0;
}

static enum cause
check_free_here(const struct board *board, unsigned claims, struct reason *why)
{
	const struct board_work *work = find_claimant(board, claims);

	return work == NULL ? CAUSE_NONE : refuse_for(work, why);
}

/* The only core is the one that another program loads by. */
static bool
is_core_of_all(const struct board *board, unsigned claims)
{
	return sharers_have_core(board) && (claims & board_core_claim(0)) != 0 &&
	       (claims & CLAIM_HERE) == 0;
}

bool
claims_are_elsewhere(const struct board *board)
{
	struct reason busy = REASON_INIT;

	return sharers_have_core(board) && !board->has_claim &&
	       probe_claim(board->probe, PROBE_CLAIM_LOOK, "", 0, &busy) == CAUSE_REQUEST;
}

enum cause
board_check_free(const struct board *board, unsigned claims, struct reason *why)
{
	enum cause cause = check_free_here(board, claims, why);

	if (cause != CAUSE_NONE || board->has_claim ||
	    (!is_of_all(claims) && !is_core_of_all(board, claims)))
		return cause;
	return probe_claim(board->probe, PROBE_CLAIM_LOOK, "", 0, why);
}

static enum cause
take_claim(struct board *board, unsigned claims, const char *what, const char *asker,
	   struct reason *why)
{
	enum cause cause;

	if ((claims & CLAIM_RESET) != 0 || is_of_all(claims))
		sharers_name(board, what, asker);
	if (!is_of_all(claims) || !probe_has_claims(board->probe))
		return CAUSE_NONE;
	cause = probe_claim(board->probe, PROBE_CLAIM_TAKE, board->resetting, 0, why);
	if (cause != CAUSE_NONE)
		return cause;
	board->has_claim = true;
	board->claim_due_us = clock_now_us(board_clock(board)) + KEEP_US;
	return CAUSE_NONE;
}

enum cause
board_reserve(struct board *board, unsigned claims, const char *what, struct reason *why)
{
	enum cause cause = check_free_here(board, claims, why);

	return cause == CAUSE_NONE ? take_claim(board, claims, what, NULL, why) : cause;
}

bool
claims_are_shared(const struct board_work *work)
{
	return work->job != NULL && is_of_all(work->claims);
}

/* NULL: no job needs the claim. */
static struct board_work *
find_claiming(struct board *board)
{
	for (size_t i = 0; i < BOARD_MAX_JOBS; i++)
		if (claims_are_shared(&board->works[i]))
			return &board->works[i];
	return NULL;
}

enum cause
board_keep_reserved(struct board *board, const struct job *job, struct reason *why)
{
	uint64_t now_us;
	enum cause cause;

	if (!board->has_claim)
		return CAUSE_NONE;
	now_us = clock_now_us(board_clock(board));
	if (now_us < board->claim_due_us)
		return CAUSE_NONE;
	board->claim_due_us = now_us + KEEP_US;
	cause = probe_claim(board->probe, PROBE_CLAIM_KEEP, job->name, job->done_permille,
			    why);
	board->has_claim = cause != CAUSE_REQUEST;
	/* That the owner does not answer is for the job's own steps to meet. */
	return board->has_claim ? CAUSE_NONE : cause;
}

enum cause
claims_keep(struct board *board, struct reason *why)
{
	struct board_work *work = board->has_claim ? find_claiming(board) : NULL;

	return work == NULL ? CAUSE_NONE : board_keep_reserved(board, work->job, why);
}

void
board_explain_reserved(struct board *board, struct reason *why)
{
	struct probe_claim by;
	char buffer[128];
	struct text words;

	if (!board->has_claim || why->cause == CAUSE_GONE ||
	    !probe_claim_deeds(board->probe, &by))
		return;
	text_init(&words, buffer, sizeof(buffer));
	probe_claim_describe(&by, &words);
	reason_while(why, "%s has changed the target meanwhile", buffer);
	/* Protection of a sector is not the other program's doing. */
	if (why->cause != CAUSE_PROTECTED)
		reason_suspect(why, FINDING_REQUEST_MEDDLED);
}

static void
drop_claim(struct board *board)
{
	struct reason why = REASON_INIT;

	if (!board->has_claim)
		return;
	board->has_claim = false;
	/* An owner that does not answer has forgotten it, or will (claims.h). */
	if (probe_claim(board->probe, PROBE_CLAIM_DROP, "", 0, &why) != CAUSE_NONE)
		log_debug("board", "letting the claim go: %s", reason_root(&why));
}

void
board_end_reserved(struct board *board)
{
	sharers_tell(board);
	drop_claim(board);
}

void
claims_settle(struct board *board)
{
	if (board_claimant(board, CLAIM_RESET) == NULL)
		sharers_tell(board);
	if (find_claiming(board) == NULL)
		drop_claim(board);
}

static bool
uses_ram(const struct job *job, uint32_t at, uint32_t size)
{
	return job->ram_size > 0 && at < (uint64_t)job->ram_at + job->ram_size &&
	       job->ram_at < (uint64_t)at + size;
}

enum cause
board_check_ram(const struct board *board, uint32_t at, uint32_t size, struct reason *why)
{
	for (size_t i = 0; i < BOARD_MAX_JOBS; i++) {
		const struct board_work *work = &board->works[i];

		if (work->job == NULL || !uses_ram(work->job, at, size))
			continue;
		refuse_for(work, why);
		return reason_while(why, "%s uses the RAM at 0x%08x", work->job->name,
				    (unsigned)at);
	}
	return CAUSE_NONE;
}

/* Of claimed cores the registers are kept for readers, and a range step is over. */
static void
claim_cores(struct board *board, unsigned claims)
{
	for (unsigned i = 0; i < board->cores_len; i++) {
		if ((claims & board_core_claim(i)) == 0)
			continue;
		run_remember(board, i);
		board->runs[i].is_stepping = false;
		board->runs[i].is_stale = true;
	}
}

static struct board_work *
find_free(struct board *board)
{
	for (size_t i = 0; i < BOARD_MAX_JOBS; i++)
		if (board->works[i].job == NULL)
			return &board->works[i];
	return NULL;
}

enum cause
board_begin(struct board *board, struct job *job, unsigned claims, const void *by,
	    board_done *done, void *context, struct reason *why)
{
	struct board_work *work = find_free(board);
	enum cause cause = check_free_here(board, claims, why);

	if (cause == CAUSE_NONE && work == NULL)
		cause = reason_begin(why, CAUSE_REQUEST, "%d jobs are under way already",
				     BOARD_MAX_JOBS);
	if (cause == CAUSE_NONE && job != NULL)
		cause = take_claim(board, claims, job->name, job->asker, why);
	if (cause != CAUSE_NONE || work == NULL) {
		job_free(job);
		return cause;
	}
	if (board->is_connected && !board->is_lost)
		claim_cores(board, claims);
	*work = (struct board_work){
		.job = job, .claims = claims, .by = by, .done = done, .context = context
	};
	cause = group_settle(board, why);
	if (cause != CAUSE_NONE) {
		job_free(job);
		work->job = NULL;
	}
	return cause;
}

static void
join_again(struct board *board)
{
	struct reason why = REASON_INIT;

	if (group_settle(board, &why) != CAUSE_NONE)
		log_warning("board", "the cores may not halt together any more: %s",
			    reason_outermost(&why));
}

void
board_work_finish(struct board *board, struct board_work *work)
{
	struct board_event flashed = { .kind = EVENT_FLASHED,
				       .source = SOURCE_CLIENT,
				       .by = work->by };
	unsigned claims = work->claims;

	job_free(work->job);
	*work = (struct board_work){ 0 };
	join_again(board);
	for (unsigned i = 0; i < board->cores_len; i++) {
		/* What cannot be seen now is seen by the next look, or refused there. */
		struct reason unseen = REASON_INIT;

		if (board->is_connected && !board->is_lost && board->runs[i].is_stale &&
		    (claims & board_core_claim(i)) != 0)
			run_freshen(board, i, &unseen);
	}
	if ((claims & CLAIM_FLASH) != 0 && (claims & CLAIM_EVERYTHING) != CLAIM_EVERYTHING)
		board_report(board, &flashed);
}

static void
cancel_now(struct board *board, struct board_work *work)
{
	struct reason why = REASON_INIT;
	char line[REASON_SPACE];

	/* Nothing more can be tried when that fails (job.h). */
	if (job_cancel(work->job, &why) != CAUSE_NONE) {
		reason_line(&why, line, sizeof(line));
		log_warning("board", "%s was cancelled, and that failed: %s",
			    work->job->name, line);
	}
	board_work_finish(board, work);
}

void
board_work_cancel(struct board *board, struct board_work *work)
{
	work->done = NULL;
	work->by = NULL;
	work->is_cancelled = work->is_busy;
	if (work->is_busy)
		return;
	work->is_ending = true;
	work->due_us = 0;
	if (!job_end(work->job))
		cancel_now(board, work);
}

void
board_cancel(struct board *board, const void *by)
{
	for (size_t i = 0; i < BOARD_MAX_JOBS; i++)
		if (board->works[i].job != NULL && board->works[i].by == by &&
		    !board->works[i].is_ending)
			board_work_cancel(board, &board->works[i]);
}

bool
board_interrupt(struct board *board, const void *by)
{
	bool is_any = false;

	for (size_t i = 0; i < BOARD_MAX_JOBS; i++) {
		struct board_work *work = &board->works[i];

		if (work->job == NULL || work->by != by)
			continue;
		is_any = work->is_interrupted = true;
		work->due_us = 0;
		work->is_ending = job_end(work->job);
	}
	return is_any;
}

void
board_cancel_all(struct board *board)
{
	for (size_t i = 0; i < BOARD_MAX_JOBS; i++)
		if (board->works[i].job != NULL)
			cancel_now(board, &board->works[i]);
}
