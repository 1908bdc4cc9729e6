/* SPDX-License-Identifier: MIT */
/*
 * keeper.c - having probe and target, and taking them up again: failure modes F4 and F5.
 *
 * The start is a loss with a probe never seen, and a board that is missing then is looked for as
 * one that was lost: twice a second, the probe by its serial once it was seen. Nobody asked for
 * that, so it never resets the target; a client that connects meanwhile does ask
 * (keeper_hurry()).
 */
#include "server/debug/debugger_internal.h"

#include "targets/connect/connect.h"
#include "targets/connect/power_cycle.h"
#include "transport/base/log.h"
#include "transport/probe/absent.h"
#include "transport/probe/probe_open_taped.h"

#include <string.h>

enum {
	/* A server that ends needs up to 0.5 s to let its probe go (failure mode A3), and
	 * udev some 0.1 s to open a node that is new. */
	PATIENCE_MS = 1000,
	/* Of one that shares the probe with another that is just starting: until that is connected. */
	SHARED_PATIENCE_MS = 10000,
	RETRY_MS = 100,
	SEEK_MS = 500,
	/* After a client was refused: time to read why, find the reset button and try again. */
	WATCH_MS = 30000,
	/* To find the switch, or to pull a plug and put it back. */
	POWER_CYCLE_MS = 120000,
	US_PER_MS = 1000,
	/* Connecting is no reset for those who ask what a job has. */
	CONNECT_CLAIMS = CLAIM_EVERYTHING | CLAIM_HERE
};

static void attempt(struct debugger *debugger, bool may_not_reset);
static void connect_target(struct debugger *debugger);
static void watched(struct debugger *debugger, enum cause cause, const struct reason *why);

static void
wait_ms(struct debugger *debugger, unsigned ms)
{
	debugger->keeper.phase = KEEPER_WAITING;
	debugger->keeper.due_us = clock_now_us(debugger->clock) + (uint64_t)ms * US_PER_MS;
}

/* Once for each reason, so that what goes on is not repeated. A board that gets its power, and whose
 * program keeps debuggers out, fails with the same words for another reason. */
static bool
is_news(struct keeper *keeper, const struct reason *why)
{
	if (keeper->suspected == reason_finding(why) &&
	    strcmp(keeper->sought, reason_root(why)) == 0)
		return false;
	keeper->suspected = reason_finding(why);
	text_copy(keeper->sought, sizeof(keeper->sought), reason_root(why));
	return true;
}

static void
log_news(struct keeper *keeper, const struct reason *why)
{
	char line[REASON_SPACE];

	if (!is_news(keeper, why))
		return;
	reason_line(why, line, sizeof(line));
	log_info("server", "not yet: %s", line);
}

static void
end_start(struct debugger *debugger, enum cause cause, const struct reason *why)
{
	struct keeper *keeper = &debugger->keeper;
	debugger_ready *ready = keeper->ready;

	keeper->ready = NULL;
	if (cause != CAUSE_NONE)
		keeper->phase = KEEPER_OVER;
	if (ready != NULL)
		ready(keeper->context, cause, why);
}

/* Does it pass by itself, or by a hand at the bench? What needs another command line, other firmware
 * in the probe or another tether does not. */
static bool
may_pass(enum cause cause)
{
	return cause == CAUSE_GONE || cause == CAUSE_TIMEOUT || cause == CAUSE_HOST ||
	       cause == CAUSE_FAULT;
}

static void
report_missing(struct debugger *debugger, const struct reason *why)
{
	struct keeper *keeper = &debugger->keeper;
	bool is_first = !keeper->is_missing;

	keeper->is_missing = true;
	board_is_missing(debugger->board, why, keeper->phase == KEEPER_OPENING);
	if (!is_first)
		return;
	is_news(keeper, why);
	keeper->missing(keeper->context, why);
}

/* False: nothing more is tried. */
static bool
is_start_kept_up(struct debugger *debugger, enum cause cause)
{
	const struct keeper *keeper = &debugger->keeper;

	return keeper->is_missing ||
	       (may_pass(cause) && (debugger->options->waits || keeper->missing != NULL));
}

/* Returns true when the start is over or its next attempt is set; false: the board is missing, as
 * after a loss. */
static bool
start_failed(struct debugger *debugger, enum cause cause, const struct reason *why)
{
	struct keeper *keeper = &debugger->keeper;
	bool is_opening = keeper->phase == KEEPER_OPENING;

	if (is_opening && cause == CAUSE_HOST && !deadline_is_over(&keeper->patience)) {
		log_debug("server", "%s; trying again", reason_root(why));
		wait_ms(debugger, RETRY_MS);
		return true;
	}
	if (!is_start_kept_up(debugger, cause)) {
		end_start(debugger, cause, why);
		return true;
	}
	if (keeper->missing != NULL) {
		report_missing(debugger, why);
		return false;
	}
	if (is_news(keeper, why))
		log_info("server", "%s; waiting for a %s", reason_root(why),
			 is_opening ? "probe" : "target");
	wait_ms(debugger, SEEK_MS);
	return true;
}

static bool
is_worth_watching(const struct keeper *keeper)
{
	return keeper->watch.clock != NULL && !deadline_is_over(&keeper->watch);
}

/* A target that was silent for a client, even under reset: what its program closes at once can be
 * caught as it starts, by who keeps trying. Halting is for --connect that may reset as well. */
static void
begin_watch(struct debugger *debugger)
{
	enum connect_mode mode = debugger->options->board.connect;

	if (!recovery_is_asked_for(debugger) || recovery_is_by_hand(debugger, NULL) ||
	    debugger->keeper.phase == KEEPER_OPENING ||
	    (mode != CONNECT_AUTO && mode != CONNECT_UNDER_RESET))
		return;
	debugger->keeper.watch = deadline_in_ms(debugger->clock, WATCH_MS);
	log_info(
		"server",
		"for %u s the core is caught if it is reset or powered up: press the reset "
		"button, or switch the board off and on",
		(unsigned)WATCH_MS / 1000);
}

static const char *
attempted(const struct keeper *keeper, bool is_opening)
{
	if (!keeper->was_connected)
		return is_opening ? "no probe yet, tether goes on looking"
				  : "no target yet, tether goes on looking";
	return is_opening ? "reopening the probe, which was lost"
			  : "reconnecting to the target, which was lost";
}

/* The target has no power, or is in reset already. */
static bool
is_reset_in_vain(const struct reason *why)
{
	enum finding finding = reason_finding(why);

	return finding == FINDING_B1 || finding == FINDING_B2 || finding == FINDING_B3 ||
	       finding == FINDING_B12;
}

static unsigned
seek_ms(const struct debugger *debugger, bool is_opening)
{
	if (debugger->is_handing_over)
		return RETRY_MS;
	return is_opening || !is_worth_watching(&debugger->keeper) ? SEEK_MS : 0;
}

/* Nothing has answered, even under reset, and a client is there whose user has a hand at the board. */
static bool
begin_power_cycle(struct debugger *debugger, enum cause cause, const struct reason *why)
{
	char words[REASON_SPACE + REASON_LINE_MAX];

	if (debugger->keeper.is_cycling || debugger->keeper.phase == KEEPER_OPENING ||
	    !recovery_is_by_hand(debugger, NULL) ||
	    (cause != CAUSE_GONE && cause != CAUSE_TIMEOUT) ||
	    !board_may_need_power_cycle(debugger->board))
		return false;
	reason_text(why, words, sizeof(words));
	recovery_print(debugger, words);
	recovery_print(debugger, "Ctrl-C ends the wait; gdb asks at the second one\n");
	debugger->keeper.is_cycling = true;
	connect_target(debugger);
	return true;
}

/* For a client that asked meanwhile it is tried again at once, a reset allowed. */
static void
attempt_failed(struct debugger *debugger, enum cause cause, const struct reason *why)
{
	struct keeper *keeper = &debugger->keeper;
	bool is_opening = keeper->phase == KEEPER_OPENING;
	struct reason whole = *why;

	if (!keeper->was_connected && start_failed(debugger, cause, why))
		return;
	/* The one that had it lets it go within a second: who asks hears of the end. */
	if (debugger->is_handing_over) {
		debugger->handover_why = *why;
		wait_ms(debugger, RETRY_MS);
		return;
	}
	if (keeper->may_not_reset && recovery_is_asked_for(debugger)) {
		attempt(debugger, false);
		return;
	}
	if (begin_power_cycle(debugger, cause, why))
		return;
	debugger->keeper.is_cycling = false;
	begin_watch(debugger);
	wait_ms(debugger, seek_ms(debugger, is_opening));
	log_news(keeper, why);
	if (!is_opening && is_worth_watching(keeper) && !is_reset_in_vain(why))
		reason_while(&whole, "press the reset button now, or switch the board off "
				     "and on, to have the core caught as it starts");
	reason_while(&whole, "%s", attempted(keeper, is_opening));
	recovery_answer_all(debugger, cause, &whole);
}

/* Nothing here can serve cores that were not there at the start. */
static bool
is_same_chip(struct debugger *debugger)
{
	struct reason why = REASON_INIT;
	unsigned cores = board_cores(debugger->board);

	if (cores == debugger->cores_len)
		return true;
	reason_begin(&why, CAUSE_MISMATCH,
		     "another chip is there than before: it has %u cores, not %u", cores,
		     debugger->cores_len);
	reason_suspect(&why, FINDING_HOST_RESTART);
	board_give_up(debugger->board, &why);
	debugger->keeper.phase = KEEPER_OVER;
	recovery_answer_all(debugger, CAUSE_MISMATCH, &why);
	return false;
}

static void
connected(void *context, enum cause cause, const struct reason *why)
{
	struct debugger *debugger = context;
	struct keeper *keeper = &debugger->keeper;
	const struct reason none = REASON_INIT;

	if (cause != CAUSE_NONE && keeper->is_watching) {
		watched(debugger, cause, why);
		return;
	}
	if (cause != CAUSE_NONE) {
		attempt_failed(debugger, cause, why);
		return;
	}
	keeper->phase = KEEPER_CONNECTED;
	keeper->is_cycling = false;
	keeper->watch = deadline_in_ms(debugger->clock, 0);
	keeper->sought[0] = '\0';
	if (!keeper->was_connected) {
		keeper->was_connected = true;
		debugger->cores_len = board_cores(debugger->board);
		debugger_let_go(debugger);
		end_start(debugger, CAUSE_NONE, &none);
	} else if (is_same_chip(debugger)) {
		debugger_take_up(debugger);
		debugger_let_go(debugger);
		recovery_answer_all(debugger, CAUSE_NONE, &none);
	}
}

static struct job *
connect_job(struct debugger *debugger)
{
	struct keeper *keeper = &debugger->keeper;

	if (keeper->is_cycling)
		return board_connect_through_power_cycle(debugger->board, POWER_CYCLE_MS,
							 recovery_say, debugger);
	if (keeper->is_watching)
		return board_connect_watching(debugger->board,
					      deadline_left_ms(&keeper->watch));
	return keeper->may_not_reset ? board_reconnect(debugger->board)
				     : board_connect(debugger->board);
}

/* Under reset it waits for a load that another program has under way through the same probe. */
static unsigned
connect_claims(const struct debugger *debugger)
{
	return debugger->options->board.connect == CONNECT_UNDER_RESET &&
			       !debugger->keeper.may_not_reset
		       ? CLAIM_EVERYTHING
		       : CONNECT_CLAIMS;
}

static void
wait_for_others(struct debugger *debugger, const struct reason *why)
{
	struct keeper *keeper = &debugger->keeper;

	if (keeper->suspected != FINDING_REQUEST_BUSY)
		log_info("server", "connecting under reset waits: %s", reason_root(why));
	keeper->suspected = FINDING_REQUEST_BUSY;
	wait_ms(debugger, RETRY_MS);
}

static void
connect_target(struct debugger *debugger)
{
	struct keeper *keeper = &debugger->keeper;
	struct reason why = REASON_INIT;
	enum cause cause;

	keeper->phase = KEEPER_CONNECTING;
	keeper->is_watching = keeper->may_not_reset && is_worth_watching(keeper);
	cause = board_begin(debugger->board, connect_job(debugger),
			    connect_claims(debugger), keeper, connected, debugger, &why);
	if (reason_finding(&why) == FINDING_REQUEST_BUSY)
		wait_for_others(debugger, &why);
	else if (cause != CAUSE_NONE)
		attempt_failed(debugger, cause, &why);
}

/* A client that asks gets all that can be done, now. */
static void
end_watch(struct debugger *debugger)
{
	debugger->keeper.is_watching = false;
	board_cancel(debugger->board, &debugger->keeper);
	wait_ms(debugger, 0);
}

/* That the watch is over says nothing new about the target. */
static void
watched(struct debugger *debugger, enum cause cause, const struct reason *why)
{
	debugger->keeper.is_watching = false;
	if (cause != CAUSE_TIMEOUT)
		attempt_failed(debugger, cause, why);
	if (cause == CAUSE_TIMEOUT || debugger->keeper.phase == KEEPER_WAITING)
		wait_ms(debugger, RETRY_MS);
}

static void
replace_probe(struct debugger *debugger, struct probe *probe)
{
	board_replace_probe(debugger->board, probe);
	if (debugger->probe_changed != NULL)
		debugger->probe_changed(debugger->probe_context);
}

static unsigned
ms_since_loss(const struct debugger *debugger)
{
	return (unsigned)((clock_now_us(debugger->clock) - debugger->keeper.lost_us) /
			  US_PER_MS);
}

static void
report_handover(struct debugger *debugger)
{
	static const char ended[] =
		"the tether that had the probe on USB has ended; this one took it over";
	static const char other[] = "the tether that has the probe answers again";
	const char *what =
		board_probe(debugger->board)->is_claimed_elsewhere ? other : ended;
	unsigned ms = ms_since_loss(debugger);

	log_info("server", "%s after %u ms", what, ms);
	debugger_say(debugger, ANY_CORE, NULL, "note: %s after %u ms", what, ms);
}

/* Failure mode A9: nobody pulls a plug and puts it back within two seconds, but a dip of
 * USB's supply does. */
static void
report_probe_back(struct debugger *debugger)
{
	enum { BY_ITSELF_MS = 2000 };

	const struct probe_identity *identity = &board_probe(debugger->board)->identity;
	unsigned away_ms = ms_since_loss(debugger);
	const struct finding_row *row = finding_row(FINDING_A9);
	char guess[256] = "";
	struct text words;

	text_init(&words, guess, sizeof(guess));
	if (away_ms <= BY_ITSELF_MS)
		text_add(&words, "; if nobody pulled it, %s; try: %s", row->sentence,
			 row->remedy);
	log_info("server", "the probe is back: %s %s at %s, after %u ms%s", identity->kind,
		 identity->serial, identity->where, away_ms, guess);
	debugger_say(debugger, ANY_CORE, NULL, "note: the probe is back after %u ms%s",
		     away_ms, guess);
}

static void
opened(void *context, enum cause cause, const struct reason *why)
{
	struct debugger *debugger = context;
	struct keeper *keeper = &debugger->keeper;

	if (cause != CAUSE_NONE) {
		attempt_failed(debugger, cause, why);
		return;
	}
	replace_probe(debugger, keeper->opened);
	keeper->opened = NULL;
	if (debugger->is_handing_over)
		report_handover(debugger);
	else if (keeper->was_connected)
		report_probe_back(debugger);
	connect_target(debugger);
}

/* Closes the probe, whose place an absent one takes: what is not let go cannot be opened. */
static enum cause
let_probe_go(struct debugger *debugger, struct reason *why)
{
	struct probe *absent;

	if (probe_is_absent(board_probe(debugger->board)))
		return CAUSE_NONE;
	absent = absent_new(board_probe(debugger->board));
	if (absent == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	replace_probe(debugger, absent);
	return CAUSE_NONE;
}

/* Once a board was met: the same one, not just one that fits the command line. */
static const char *
spec_of(const struct debugger *debugger)
{
	const char *spec = board_probe(debugger->board)->identity.spec;

	return debugger->keeper.was_connected && spec[0] != '\0' ? spec
								 : debugger->options->probe;
}

static void
open_probe(struct debugger *debugger)
{
	struct keeper *keeper = &debugger->keeper;
	struct reason why = REASON_INIT;
	struct job *job;
	enum cause cause;

	keeper->phase = KEEPER_OPENING;
	cause = let_probe_go(debugger, &why);
	job = probe_open_taped_job(spec_of(debugger), debugger->clock,
				   debugger->options->tape, &keeper->opened);
	if (cause == CAUSE_NONE && job == NULL)
		cause = reason_begin(&why, CAUSE_HOST, "no memory for opening a probe");
	if (cause == CAUSE_NONE)
		cause = board_begin(debugger->board, job, CONNECT_CLAIMS, keeper, opened,
				    debugger, &why);
	else
		job_free(job);
	if (cause != CAUSE_NONE)
		attempt_failed(debugger, cause, &why);
}

/* A probe that is there is kept. While a job that the loss has ended is still under way,
 * nothing is tried. */
static void
attempt(struct debugger *debugger, bool may_not_reset)
{
	if (board_claimant(debugger->board, CLAIM_EVERYTHING) != NULL) {
		wait_ms(debugger, RETRY_MS);
		return;
	}
	debugger->keeper.may_not_reset = may_not_reset;
	if (board_is_probe_there(debugger->board))
		connect_target(debugger);
	else
		open_probe(debugger);
	debugger_wake(debugger);
}

void
keeper_begin(struct debugger *debugger, debugger_ready *ready, void *context)
{
	struct keeper *keeper = &debugger->keeper;

	keeper->ready = ready;
	keeper->context = context;
	keeper->patience = deadline_in_ms(debugger->clock, debugger->options->hands_over
								   ? SHARED_PATIENCE_MS
								   : PATIENCE_MS);
	wait_ms(debugger, 0);
	debugger_wake(debugger);
}

void
keeper_lost(struct debugger *debugger)
{
	struct keeper *keeper = &debugger->keeper;

	if (debugger->is_ending || keeper->phase == KEEPER_OVER)
		return;
	log_info("server", "waiting for the %s to come back",
		 board_has_lost_probe(debugger->board) ? "probe" : "target");
	keeper->sought[0] = '\0';
	keeper->lost_us = clock_now_us(debugger->clock);
	/* A view that met the loss before the board noticed it may have asked already. */
	wait_ms(debugger,
		recovery_is_asked_for(debugger) || debugger->is_handing_over ? 0 : SEEK_MS);
}

void
keeper_hurry(struct debugger *debugger)
{
	if (debugger->keeper.phase == KEEPER_WAITING)
		debugger->keeper.due_us = 0;
	debugger_wake(debugger);
}

/* What is cut short is answered by connected(). */
bool
keeper_interrupt(struct debugger *debugger, struct view *view)
{
	struct reason why = REASON_INIT;

	if (board_interrupt(debugger->board, &debugger->keeper))
		return true;
	reason_begin(&why, CAUSE_REQUEST, "connecting was interrupted by Ctrl-C");
	recovery_answer(view, why.cause, &why);
	return true;
}

void
keeper_forget(struct debugger *debugger, struct view *view)
{
	view->by_hand = NULL;
	if (!debugger->keeper.is_cycling || recovery_is_by_hand(debugger, view))
		return;
	debugger->keeper.is_cycling = false;
	board_cancel(debugger->board, &debugger->keeper);
	wait_ms(debugger, SEEK_MS);
}

/* The first attempt may, and one that a client asks for. --connect under-reset asks for each. */
static bool
may_reset(const struct debugger *debugger)
{
	const struct keeper *keeper = &debugger->keeper;

	if (recovery_is_asked_for(debugger))
		return true;
	if (keeper->was_connected)
		return false;
	return !keeper->is_missing ||
	       debugger->options->board.connect == CONNECT_UNDER_RESET;
}

void
keeper_turn(struct debugger *debugger, uint64_t *wait_us)
{
	const struct keeper *keeper = &debugger->keeper;
	const struct reason none = REASON_INIT;
	uint64_t now_us = clock_now_us(debugger->clock);

	/* A view asked, and the loss it met is over, or was none. */
	if (keeper->phase == KEEPER_CONNECTED && recovery_is_asked_for(debugger))
		recovery_answer_all(debugger, CAUSE_NONE, &none);
	if (keeper->phase == KEEPER_CONNECTING && keeper->is_cycling)
		recovery_refuse_others(debugger);
	if (keeper->phase == KEEPER_CONNECTING && keeper->is_watching &&
	    recovery_is_asked_for(debugger))
		end_watch(debugger);
	if (keeper->phase != KEEPER_WAITING)
		return;
	if (now_us >= keeper->due_us)
		attempt(debugger, !may_reset(debugger));
	else if (keeper->due_us - now_us < *wait_us)
		*wait_us = keeper->due_us - now_us;
}

void
keeper_end(struct debugger *debugger)
{
	debugger->keeper.ready = NULL;
	debugger->keeper.phase = KEEPER_OVER;
	board_cancel(debugger->board, &debugger->keeper);
}
