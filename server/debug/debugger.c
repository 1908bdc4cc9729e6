/* SPDX-License-Identifier: MIT */
#include "server/debug/debugger_internal.h"

#include "transport/base/log.h"
#include "transport/base/patience.h"
#include "transport/probe/absent.h"

#include <stdlib.h>

/* Time left for the target all the same, when clients have used what an ending program has. */
enum { END_MIN_MS = 50, US_PER_MS = 1000 };

static void
end_now(struct debugger *debugger)
{
	debugger->is_ended = true;
	uv_timer_stop(&debugger->timer);
	uv_idle_stop(&debugger->soon);
	debugger->ended(debugger->end_context);
}

static void
detached(void *context, enum cause cause, const struct reason *why)
{
	struct debugger *debugger = context;
	char words[REASON_SPACE];

	debugger->is_ended = true;
	if (cause == CAUSE_NONE)
		return;
	reason_line(why, words, sizeof(words));
	if (board_is_lost(debugger->board))
		log_info("server", "the target may not run on as without a debugger: %s",
			 words);
	else
		log_warning("server", "the target may not run on as without a debugger: %s",
			    words);
}

/* Once the jobs that were cancelled are over the target is let go. */
static void
detach(struct debugger *debugger)
{
	struct reason why = REASON_INIT;

	if (debugger->is_detaching ||
	    board_claimant(debugger->board, CLAIM_EVERYTHING) != NULL)
		return;
	debugger->is_detaching = true;
	if (board_begin(debugger->board, board_detach_job(debugger->board),
			CLAIM_EVERYTHING | CLAIM_HERE, debugger, detached, debugger,
			&why) != CAUSE_NONE)
		debugger->is_ended = true;
}

static void
end_turn(struct debugger *debugger, uint64_t *wait_us)
{
	uint64_t left_us = (uint64_t)deadline_left_ms(&debugger->end_patience) * US_PER_MS;

	detach(debugger);
	if (debugger->is_detaching && !debugger->is_ended)
		board_turn(debugger->board, wait_us);
	if (!debugger->is_ended && left_us == 0) {
		log_warning("server", "the target could not be released in time");
		board_cancel_all(debugger->board);
		debugger->is_ended = true;
	}
	if (left_us < *wait_us)
		*wait_us = left_us;
}

static void
begin_turn(uv_timer_t *timer)
{
	struct debugger *debugger = timer->data;

	uv_idle_start(&debugger->soon, debugger->turn);
}

/* A timer that its callback starts with 0 ms is due at once: libuv 1.44 runs it again before
 * it looks at signals and sockets. */
static void
arm(struct debugger *debugger, uint64_t wait_us)
{
	if (debugger->is_awake || wait_us == 0)
		return;
	uv_idle_stop(&debugger->soon);
	if (wait_us == UINT64_MAX)
		uv_timer_stop(&debugger->timer);
	else
		uv_timer_start(&debugger->timer, begin_turn,
			       (wait_us + US_PER_MS - 1) / US_PER_MS, 0);
}

struct tape *
debugger_tape(const struct debugger *debugger)
{
	return debugger->options->tape;
}

struct clock *
debugger_clock(const struct debugger *debugger)
{
	return debugger->clock;
}

/* Jobs, looks, attempts, the end; called in each round of the loop while it is due. */
void
debugger_take_turn(struct debugger *debugger)
{
	uint64_t wait_us;

	tape_do(debugger->options->tape, "turn", 0, "");
	debugger->is_awake = false;
	board_turn(debugger->board, &wait_us);
	debugger_tidy(debugger);
	keeper_turn(debugger, &wait_us);
	handover_turn(debugger, &wait_us);
	if (debugger->is_ending)
		end_turn(debugger, &wait_us);
	if (debugger->is_ended)
		end_now(debugger);
	else
		arm(debugger, wait_us);
}

static void
turn(uv_idle_t *soon)
{
	debugger_take_turn(soon->data);
}

/* Stands for the probe until one has been opened. */
static struct probe *
no_probe(struct clock *clock)
{
	const struct probe never_seen = { .clock = clock, .identity = { .kind = "probe" } };

	return absent_new(&never_seen);
}

static enum cause
make_board(struct debugger *debugger, struct reason *why)
{
	struct probe *probe = no_probe(debugger->clock);

	if (probe == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a probe");
	return board_new(probe, &debugger->options->board, &debugger->board, why);
}

static enum cause
begin_listening(struct debugger *debugger, struct reason *why)
{
	if (board_listen(debugger->board, debugger_hear, debugger))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_BUG, "the board has too many listeners");
}

enum cause
debugger_new(uv_loop_t *loop, const struct debugger_options *options, struct clock *clock,
	     struct debugger **debugger, struct reason *why)
{
	struct debugger *made = calloc(1, sizeof(*made));
	enum cause cause;

	*debugger = NULL;
	if (made == NULL)
		return reason_begin(why, CAUSE_HOST, "no memory for a debugger");
	made->options = options;
	made->clock = clock;
	made->turn = turn;
	cause = make_board(made, why);
	if (cause == CAUSE_NONE)
		cause = begin_listening(made, why);
	if (cause != CAUSE_NONE) {
		board_free(made->board);
		free(made);
		return cause;
	}
	uv_timer_init(loop, &made->timer);
	uv_idle_init(loop, &made->soon);
	made->timer.data = made->soon.data = made;
	*debugger = made;
	return CAUSE_NONE;
}

void
debugger_adopt(struct debugger *debugger, struct board *board)
{
	struct reason why = REASON_INIT;

	board_free(debugger->board);
	debugger->board = board;
	debugger->cores_len = board_cores(board);
	debugger->keeper.phase = KEEPER_CONNECTED;
	debugger->keeper.was_connected = true;
	if (begin_listening(debugger, &why) != CAUSE_NONE)
		log_error("server", "%s", reason_root(&why));
	debugger_wake(debugger);
}

void
debugger_on_missing(struct debugger *debugger, debugger_missing *missing)
{
	debugger->keeper.missing = missing;
}

void
debugger_begin(struct debugger *debugger, debugger_ready *ready, void *context)
{
	keeper_begin(debugger, ready, context);
}

static uint32_t
end_ms(void)
{
	uint32_t left_ms = patience_ending_left_ms();

	return left_ms > END_MIN_MS ? left_ms : END_MIN_MS;
}

void
debugger_end(struct debugger *debugger, void (*ended)(void *context), void *context)
{
	if (debugger->is_ending) {
		debugger->end_patience = deadline_in_ms(debugger->clock, 0);
		debugger_wake(debugger);
		return;
	}
	debugger->is_ending = true;
	debugger->ended = ended;
	debugger->end_context = context;
	debugger->end_patience = deadline_in_ms(debugger->clock, end_ms());
	keeper_end(debugger);
	debugger_wake(debugger);
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	struct debugger *debugger = handle->data;

	uv_close((uv_handle_t *)&debugger->soon, on_closed);
}

void
debugger_free(struct debugger *debugger)
{
	if (debugger == NULL)
		return;
	debugger->is_ended = true;
	uv_idle_stop(&debugger->soon);
	board_unlisten(debugger->board, debugger_hear, debugger);
	board_free(debugger->board);
	uv_close((uv_handle_t *)&debugger->timer, on_timer_closed);
}

struct board *
debugger_board(struct debugger *debugger)
{
	return debugger->board;
}

bool
debugger_is_lost(const struct debugger *debugger)
{
	return board_is_lost(debugger->board);
}

const struct reason *
debugger_lost_why(const struct debugger *debugger)
{
	return board_lost_why(debugger->board);
}

bool
debugger_has_lost_probe(const struct debugger *debugger)
{
	return board_has_lost_probe(debugger->board);
}

void
debugger_set_sharers(struct debugger *debugger, unsigned sharers)
{
	debugger->sharers = sharers;
}

void
debugger_on_probe(struct debugger *debugger, void (*changed)(void *context), void *context)
{
	debugger->probe_changed = changed;
	debugger->probe_context = context;
}

void
debugger_on_host_call(struct debugger *debugger, const struct host_calls *calls,
		      void *context)
{
	debugger->calls = calls;
	debugger->call_context = context;
}

void
debugger_allow_host_calls(struct debugger *debugger, bool are_served)
{
	debugger->refuses_calls = !are_served;
}

bool
debugger_allows_host_calls(const struct debugger *debugger)
{
	return debugger->calls != NULL && !debugger->refuses_calls;
}
