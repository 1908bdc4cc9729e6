/* SPDX-License-Identifier: MIT */
/*
 * sharers.c - resets by other programs that share the probe, which the cores do not show to all of
 * them (transport/probe/claims.h), and what others hear of ours.
 */
#include "targets/board/board_internal.h"

#include "transport/base/log.h"
#include "transport/base/text.h"

enum {
	/* How late a client hears at most, and one that is not there. */
	NEWS_SOON_US = 100000,
	NEWS_SELDOM_US = 500000
};

static uint64_t
now_us(const struct board *board)
{
	return clock_now_us(board_clock(board));
}

static bool
is_asking(const struct board *board)
{
	return board->is_connected && !board->is_lost && probe_has_claims(board->probe);
}

static bool
is_client_there(const struct board *board)
{
	for (unsigned i = 0; i < board->cores_len; i++)
		if (board->runs[i].stays_halted || board->runs[i].is_waited_for)
			return true;
	return false;
}

bool
sharers_have_core(const struct board *board)
{
	return board->cores_len == 1 && !board->cores[0].is_ours_alone;
}

/* A core of one's own shows each reset by itself. */
uint64_t
sharers_due_us(const struct board *board)
{
	bool is_due =
		is_asking(board) && (board->wants_news || !board->cores[0].is_ours_alone);

	return is_due ? board->news_due_us : UINT64_MAX;
}

static enum probe_claim_verdict
ask(struct board *board, struct probe_claim *by)
{
	enum probe_claim_verdict verdict;
	struct reason why = REASON_INIT;

	/* An owner that is lost is noticed by the next access. */
	if (probe_claim_news(board->probe, &verdict, by, &why) == CAUSE_NONE)
		return verdict;
	log_debug("board", "asking for resets by others: %s", reason_root(&why));
	return PROBE_CLAIM_GRANTED;
}

static bool
is_reported(const struct board *board, const struct probe_claim *by)
{
	return board->has_seen_reset && board->reset_by == by->process;
}

static void
report(struct board *board, unsigned core, const struct probe_claim *by)
{
	char buffer[128];
	struct board_event event = {
		.kind = EVENT_RESET, .source = SOURCE_SHARER, .core = core, .words = buffer
	};
	struct text words;

	text_init(&words, buffer, sizeof(buffer));
	probe_claim_describe(by, &words);
	board_report(board, &event);
}

/* The other program has read S_RESET_ST away, and may have left the core halted elsewhere, with
 * breakpoints and vector catch of its own. */
static void
look_again(struct board *board)
{
	for (unsigned i = 0; i < board->cores_len; i++) {
		struct board_run *run = &board->runs[i];

		run->is_reset_unseen = !core_is_held(&board->cores[i]);
		run->expects_reset = true;
		run->is_reset_due = false;
		run->due_us = 0;
	}
}

static void
take(struct board *board, unsigned core, const struct probe_claim *by)
{
	look_again(board);
	if (!is_reported(board, by))
		report(board, core, by);
	board->has_seen_reset = false;
}

void
sharers_turn(struct board *board)
{
	struct probe_claim by;
	enum probe_claim_verdict verdict;

	if (now_us(board) < sharers_due_us(board))
		return;
	board->news_due_us =
		now_us(board) + (is_client_there(board) ? NEWS_SOON_US : NEWS_SELDOM_US);
	verdict = ask(board, &by);
	board->wants_news = verdict == PROBE_CLAIM_HELD;
	if (verdict == PROBE_CLAIM_NEWS)
		take(board, 0, &by);
	else if (verdict == PROBE_CLAIM_GRANTED)
		board->has_seen_reset = false;
}

/* A core saw a reset while another program was about to do one. */
static void
take_early(struct board *board, unsigned core, const struct probe_claim *by)
{
	if (!is_reported(board, by))
		report(board, core, by);
	board->has_seen_reset = true;
	board->reset_by = by->process;
}

void
sharers_report_reset(struct board *board, unsigned core)
{
	struct board_event event = { .kind = EVENT_RESET,
				     .source = SOURCE_CHIP,
				     .core = core };
	struct probe_claim by;
	enum probe_claim_verdict verdict =
		is_asking(board) ? ask(board, &by) : PROBE_CLAIM_GRANTED;

	if (verdict == PROBE_CLAIM_NEWS)
		take(board, core, &by);
	else if (verdict == PROBE_CLAIM_HELD)
		take_early(board, core, &by);
	else
		board_report(board, &event);
}

void
sharers_name(struct board *board, const char *what, const char *asker)
{
	struct text words;

	text_init(&words, board->resetting, sizeof(board->resetting));
	text_add(&words, "%s%s%s", what, asker == NULL ? "" : " for ",
		 asker == NULL ? "" : asker);
}

void
sharers_tell(struct board *board)
{
	struct reason why = REASON_INIT;

	if (!board->has_reset)
		return;
	board->has_reset = false;
	if (probe_has_claims(board->probe) &&
	    probe_claim(board->probe, PROBE_CLAIM_HAS_RESET, board->resetting, 0, &why) !=
		    CAUSE_NONE)
		log_debug("board", "saying that the target was reset: %s",
			  reason_root(&why));
}
