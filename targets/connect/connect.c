/* SPDX-License-Identifier: MIT */
/* connect.c - the ways to connect, in the order in which they are tried. */
#include "targets/connect/connect_internal.h"

#include "targets/chip/vitals.h"
#include "targets/diagnosis/verdict.h"
#include "transport/base/log.h"

#include <stdlib.h>
#include <string.h>

static const struct job_stage attach_stages[] = {
	{ "find a debug port", connect_link_stage, NULL },
	{ "find a core", connect_find_awake_stage, NULL },
	{ "wait until out of reset", connect_awake_stage, NULL },
	{ "identify the chip", connect_identify_stage, NULL },
	{ "claim the cores", connect_claim_stage, NULL },
	{ "halt", connect_halt_stage, NULL },
	{ "finish", connect_finish_stage, NULL },
	{ 0 },
};

/* The first is where it begins, and is not come back to. */
static bool
suits_attach(const struct connect_job *connect)
{
	return connect->step == NULL;
}

/* Damaged bits; and what attached and then fell silent, as with wires that lose a bit in
 * thousands. */
static bool
suits_slower(const struct connect_job *connect)
{
	const struct facts *facts = &connect->nrst.board->facts;

	return !facts_is(facts, FACT_FIRST_ANSWER, ANSWER_HELD_IN_RESET) &&
	       connect->hz == 0 &&
	       (probe_is_link_suspect(&connect->last_why) ||
		(facts->of[FACT_DPIDR].is_known &&
		 connect->last_why.cause == CAUSE_GONE)) &&
	       probe_slower_clock(connect_wanted_hz(connect)) != 0;
}

static bool
suits_catch(const struct connect_job *connect)
{
	uint32_t answer = ANSWER_NONE;

	facts_get(&connect->nrst.board->facts, FACT_FIRST_ANSWER, &answer);
	return answer == ANSWER_WAIT || answer == ANSWER_NONE_OR_ASLEEP;
}

/* A chip that is held in reset does not come out of it by another. */
static bool
suits_under_reset(const struct connect_job *connect)
{
	return !facts_is(&connect->nrst.board->facts, FACT_FIRST_ANSWER,
			 ANSWER_HELD_IN_RESET);
}

/* What answered while NRST was low and then broke off, although no program ran; if that did not take
 * so long that the verdict would come late. */
static bool
suits_under_reset_slower(const struct connect_job *connect)
{
	return connect->cut_hz != 0 && connect->cause == CAUSE_GONE &&
	       probe_slower_clock(connect->cut_hz) != 0 &&
	       !deadline_is_over(&connect->retries);
}

static const struct step ladder[] = {
	{ "attach", attach_stages, SIDE_NONE, false, suits_attach },
	{ "attach at a slower clock", attach_stages, SIDE_CLOCK, true, suits_slower },
	{ "catch the core awake", connect_catch_stages, SIDE_HALT, false, suits_catch },
	{ "connect under reset", connect_under_reset_stages, SIDE_RESET, false,
	  suits_under_reset },
	{ "connect under reset at a slower clock", connect_under_reset_stages, SIDE_RESET,
	  true, suits_under_reset_slower },
};
enum {
	STEPS = sizeof(ladder) / sizeof(ladder[0]),
	UNDER_RESET = 3,
	RETRIES_MS = 2500 /* of VERDICT_MS */
};

static enum link_answer
answer_of(enum cause cause, const struct reason *why)
{
	if (probe_is_link_suspect(why))
		return ANSWER_DAMAGED;
	switch (reason_finding(why)) {
	case FINDING_B12:
		return ANSWER_HELD_IN_RESET;
	case FINDING_C3:
		return ANSWER_NO_POWER_UP;
	case FINDING_TARGET_SILENT:
		return ANSWER_NONE_OR_ASLEEP;
	default:
		break;
	}
	if (cause == CAUSE_TIMEOUT)
		return ANSWER_WAIT;
	return cause == CAUSE_GONE ? ANSWER_NONE : ANSWER_REFUSED;
}

static bool
is_silence(enum cause cause)
{
	return cause == CAUSE_GONE || cause == CAUSE_TIMEOUT;
}

/* Held by NRST, or halted at its vector, a chip runs no program that could turn anything off. */
static bool
has_broken_off(const struct connect_job *connect, enum cause cause)
{
	return connect->cut_hz != 0 && cause == CAUSE_GONE &&
	       facts_is(&connect->nrst.board->facts, FACT_NRST_RESETS, 1);
}

/* Damaged bits are an answer as well: of a link, and of a target that is there. */
static void
know_answer(struct connect_job *connect, enum cause cause, const struct reason *why)
{
	struct facts *facts = &connect->nrst.board->facts;
	bool is_damaged = probe_is_link_suspect(why);

	if (is_damaged)
		facts_know(facts, FACT_DATA_DAMAGED, 1);
	if (connect->is_under_reset && cause == CAUSE_GONE &&
	    !facts->of[FACT_ANSWERS_IN_RESET].is_known)
		facts_know(facts, FACT_ANSWERS_IN_RESET, is_damaged);
	if (has_broken_off(connect, cause))
		facts_know(facts, FACT_LOST_IN_RESET, 1);
}

/* The first failure is the one that says how the target is met. */
static void
take_failure(struct connect_job *connect, enum cause cause, const struct reason *why)
{
	struct board *board = connect->nrst.board;
	struct facts *facts = &board->facts;

	board_tried(board, connect->step->name, reason_root(why));
	connect->cause = cause;
	connect->last_why = *why;
	know_answer(connect, cause, why);
	if (facts->of[FACT_FIRST_ANSWER].is_known || connect->is_under_reset)
		return;
	connect->attach_why = *why;
	/* The core answered by then: it is memory beyond it that does not. */
	if (cause == CAUSE_TIMEOUT && facts->of[FACT_CORE_PORT].is_known)
		facts_know(facts, FACT_BUS_HANGS, answer_of(cause, why) == ANSWER_WAIT);
	facts_know(facts, FACT_FIRST_ANSWER, answer_of(cause, why));
	facts_know(facts, FACT_ATTACHED, 0);
}

static bool
climb(struct connect_job *connect)
{
	const struct step *step = connect->step + 1;
	uint32_t hz = connect_wanted_hz(connect);

	if (connect->step == &ladder[STEPS - 1])
		step = connect->step;
	while (step < ladder + STEPS &&
	       (step->side > connect->permitted || !step->suits(connect)))
		step++;
	if (step == ladder + STEPS)
		return false;
	log_info("board", "%s; trying to %s", reason_root(&connect->last_why), step->name);
	if (step->is_slower && connect->cut_hz != 0)
		hz = connect->cut_hz;
	connect->hz = step->is_slower ? probe_slower_clock(hz) : 0;
	connect->cut_hz = 0;
	connect->is_second_look = step->is_slower;
	connect->is_under_reset = step->side == SIDE_RESET;
	connect->step = step;
	return true;
}

/* What it is that does not answer: experiments without any effect on it. */
static enum cause
examine_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	enum cause cause = job_step(connect->examination, done, why);

	job->job.wait_us = connect->examination->wait_us;
	return cause;
}

static enum cause
fail_stage(struct staged_job *job, bool *done, struct reason *why)
{
	(void)done;
	*why = connect_of(job)->last_why;
	return connect_of(job)->cause;
}

static const struct job_stage examine_stages[] = {
	{ "examine the bench", examine_stage, NULL },
	{ "report", fail_stage, NULL },
	{ 0 },
};

static enum cause
word_failure(struct connect_job *connect, enum cause cause, struct reason *why)
{
	const struct probe *probe = connect->nrst.board->probe;
	const char *root = reason_root(&connect->attach_why);

	if (is_silence(cause))
		verdict_conclude(&connect->nrst.board->facts, why);
	if (root[0] != '\0' && strcmp(root, reason_root(why)) != 0)
		reason_while(why, "attaching without a reset had failed before: %s", root);
	return reason_while(why, "cannot connect%s to the target through %s (%s)",
			    connect->is_under_reset ? " under reset" : "",
			    probe->identity.kind, probe->identity.where);
}

/* As without us. Goes on after a failure and reports the first. */
static enum cause
let_go(struct board *board, struct reason *why)
{
	struct board_finder *finder = board->options.finder;
	struct reason echo = REASON_INIT;
	enum cause cause = CAUSE_NONE, further;

	if (finder != NULL)
		cause = finder->give_up(finder, board, why);
	for (unsigned i = 0; i < board->cores_len; i++) {
		further = core_release(&board->cores[i], cause == CAUSE_NONE ? why : &echo);
		cause = cause == CAUSE_NONE ? further : cause;
	}
	further = debug_bits_restore(board, cause == CAUSE_NONE ? why : &echo);
	return cause == CAUSE_NONE ? further : cause;
}

static enum cause
connect_clean_up(struct staged_job *job, enum cause after, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	enum cause cause;

	if (after == CAUSE_HOST || after == CAUSE_NONE)
		probe_lift_limit(board_of(job)->probe);
	cause = nrst_let_go(nrst_job_of(job), why);

	/* Otherwise another way is tried. */
	if (cause != CAUSE_NONE || after != CAUSE_NONE || !connect->is_claimed)
		return cause;
	return let_go(board_of(job), why);
}

static enum cause
connect_failed(struct staged_job *job, enum cause cause, struct reason *why)
{
	struct connect_job *connect = connect_of(job);

	board_of(job)->dap.wait_ms = DAP_WAIT_MS;
	connect->is_claimed = false;
	if (connect->watch_ms != 0)
		return cause;
	if (connect->examination != NULL || probe_is_lost(board_of(job)->probe))
		return word_failure(connect, cause, why);
	if (cause == CAUSE_HOST) {
		board_tried(board_of(job), connect->step->name, reason_root(why));
		return word_failure(connect, cause, why);
	}
	take_failure(connect, cause, why);
	/* What the wires damaged is no refusal. */
	if (!is_silence(cause) && !probe_is_link_suspect(why))
		return word_failure(connect, cause, why);
	if (climb(connect)) {
		staged_job_go(job, connect->step->stages);
		return CAUSE_NONE;
	}
	connect->examination = board_examine(board_of(job), SIDE_NONE, false);
	staged_job_go(job, examine_stages);
	return CAUSE_NONE;
}

static void
connect_free(struct staged_job *job)
{
	struct connect_job *connect = connect_of(job);

	if (connect->examination != NULL)
		job_free(connect->examination);
	free(connect);
}

static enum side_effect
permitted(const struct board *board, bool is_gentle)
{
	enum connect_mode mode = board->options.connect;

	if (is_gentle || mode == CONNECT_ATTACH || mode == CONNECT_HALT)
		return SIDE_CLOCK;
	return SIDE_RESET;
}

static const struct staged_ops connect_ops = { .clean_up = connect_clean_up,
					       .failed = connect_failed,
					       .free = connect_free };

/* Of a chip that was met before, or that the user has named: it decides what silence means. */
static void
know_part(struct board *board)
{
	const struct device *device = board->chip.device;
	const struct vitals *vitals;

	if (device == NULL && board->options.target != NULL)
		device = device_by_name(board->table, board->options.target);
	vitals = vitals_of(board->table, device);
	if (vitals != NULL)
		facts_know(&board->facts, FACT_IS_H7, vitals->is_supply_chosen_once);
}

static struct job *
begin(struct board *board, bool is_gentle)
{
	struct connect_job *connect = calloc(1, sizeof(*connect));

	if (connect == NULL)
		return board_no_job(board, "connecting");
	board_begin_tries(board);
	board_begin_verdict(board);
	know_part(board);
	connect->retries = deadline_in_ms(board_clock(board), RETRIES_MS);
	connect->permitted = permitted(board, is_gentle);
	connect->is_under_reset =
		!is_gentle && board->options.connect == CONNECT_UNDER_RESET;
	connect->is_after_silence = board->is_lost && board->is_lost_by_silence;
	board->is_lost_by_silence = false;
	connect->step = connect->is_under_reset ? &ladder[UNDER_RESET] : &ladder[0];
	nrst_job_init(&connect->nrst, board, "connecting", connect->step->stages,
		      &connect_ops);
	return &connect->nrst.staged.job;
}

struct job *
board_connect(struct board *board)
{
	return begin(board, false);
}

struct job *
board_reconnect(struct board *board)
{
	return begin(board, true);
}

struct job *
board_connect_watching(struct board *board, uint32_t ms)
{
	static const struct step watch = { .name = "watch for a sign of life",
					   .stages = connect_watch_stages,
					   .side = SIDE_HALT };
	struct connect_job *connect = calloc(1, sizeof(*connect));

	if (connect == NULL)
		return board_no_job(board, "watching");
	connect->permitted = SIDE_HALT;
	connect->watch_ms = ms;
	connect->step = &watch;
	if (board->is_lost)
		connect->attach_why = board->lost_why;
	nrst_job_init(&connect->nrst, board, "watching", connect_watch_stages,
		      &connect_ops);
	return &connect->nrst.staged.job;
}

struct job *
board_connect_held(struct board *board)
{
	struct connect_job *connect = calloc(1, sizeof(*connect));

	if (connect == NULL)
		return board_no_job(board, "connecting");
	board_begin_verdict(board);
	connect->permitted = SIDE_RESET;
	connect->is_under_reset = true;
	connect->step = &ladder[UNDER_RESET];
	nrst_job_init(&connect->nrst, board, "connecting", connect_held_stages,
		      &connect_ops);
	connect->nrst.is_low = true;
	return &connect->nrst.staged.job;
}
