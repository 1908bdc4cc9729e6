/* SPDX-License-Identifier: MIT */
#include "server/debug/view_internal.h"

#include "targets/core/cortex_m.h"

/* DDI 0403E.e B3.1, the private peripheral bus. */
#define PRIVATE_AT  0xe0000000u
#define PRIVATE_END 0xe0100000u

enum cause
view_open(struct view *view, const struct view_ops *ops, struct debugger *debugger,
	  unsigned home, struct reason *why)
{
	*view = (struct view){ .ops = ops,
			       .debugger = debugger,
			       .home = home,
			       .general = home,
			       .control = home,
			       .go_on = view_go_on };
	for (unsigned i = 0; i < DEBUGGER_MAX_VIEWS; i++) {
		if (debugger->views[i] != NULL)
			continue;
		debugger->views[i] = view;
		view->place = i;
		return CAUSE_NONE;
	}
	view->debugger = NULL;
	return reason_begin(why, CAUSE_REQUEST, "%d clients are here already",
			    DEBUGGER_MAX_VIEWS);
}

void
view_close(struct view *view)
{
	char words[64];
	struct text fate;

	if (view->debugger == NULL)
		return;
	text_init(&fate, words, sizeof(words));
	view_cancel(view);
	keeper_forget(view->debugger, view);
	view_release(view, ~0u, &fate);
	view->debugger->views[view->place] = NULL;
	view->debugger = NULL;
}

unsigned
view_cores(const struct view *view)
{
	return view->debugger->cores_len;
}

bool
view_find_core(const struct view *view, int process, int thread, unsigned *core)
{
	if (thread > 1)
		return false;
	if (process <= 0)
		*core = view->home;
	else
		*core = (unsigned)process - 1;
	return *core < view_cores(view);
}

/* The next turn looks at the latch. */
static enum cause
seen(struct view *view, enum cause cause)
{
	if (cause == CAUSE_GONE)
		debugger_wake(view->debugger);
	return cause;
}

const struct core_identity *
view_identity(const struct view *view, unsigned core)
{
	return core_identity(board_core(view_board(view), core));
}

const char *
view_core_name(const struct view *view, unsigned core)
{
	return core_name(board_core(view_board(view), core));
}

bool
view_is_halted(const struct view *view, unsigned core)
{
	return board_is_halted(view_board(view), core);
}

const struct stop *
view_stop(const struct view *view, unsigned core)
{
	return board_stop(view_board(view), core);
}

void
view_describe(const struct view *view, unsigned core, struct text *words)
{
	static const char *const states[] = {
		[CORE_RUNNING] = "running",   [CORE_SLEEPING] = "running, asleep",
		[CORE_HALTED] = "running",    [CORE_LOCKED_UP] = "locked up",
		[CORE_IN_RESET] = "in reset",
	};
	struct board *board = view_board(view);

	if (board_is_lost(board))
		text_add(words, "lost");
	else if (board_is_asleep(board, core))
		text_add(words, "asleep, without a clock");
	else if (core_is_held(board_core(board, core)))
		text_add(words, "waits: %s holds it", board_held_core(board)->gate.name);
	else if (board_is_halted(board, core))
		stop_describe(board_stop(board, core), words);
	else
		text_add(words, "%s", states[board_core_state(board, core)]);
}

enum cause
view_register_read(struct view *view, unsigned number, uint64_t *value, struct reason *why)
{
	enum cause cause =
		board_register_read(view_board(view), view->general, number, value, why);

	return seen(view, cause);
}

enum cause
view_register_write(struct view *view, unsigned number, uint64_t value, struct reason *why)
{
	enum cause cause =
		board_register_write(view_board(view), view->general, number, value, why);

	return seen(view, cause);
}

static struct core *
core_of(const struct view *view)
{
	return board_core(view_board(view), view->general);
}

/* What a core that waits to be started will see is seen by the main one, but for its own registers. */
static struct core *
memory_core_of(const struct view *view, uint32_t at)
{
	struct core *core = core_of(view);

	if (!core_is_held(core) || (at >= PRIVATE_AT && at < PRIVATE_END))
		return core;
	return board_main_core(view_board(view));
}

static enum cause
check_general(const struct view *view, struct reason *why)
{
	return board_check_free(view_board(view), board_core_claim(view->general), why);
}

/* A job may use RAM that another core reaches as well. */
static enum cause
check_general_at(const struct view *view, uint32_t at, uint32_t size, struct reason *why)
{
	enum cause cause = check_general(view, why);

	return cause == CAUSE_NONE ? board_check_ram(view_board(view), at, size, why)
				   : cause;
}

enum cause
view_memory_read(struct view *view, uint32_t at, void *bytes, uint32_t size,
		 struct reason *why)
{
	/* A chip in reset answers with zeros where it answers at all. */
	enum cause cause =
		board_check_free(view_board(view), CLAIM_RESET | CLAIM_HERE, why);

	if (cause == CAUSE_NONE &&
	    code_cache_read(view->debugger, view->general, at, bytes, size))
		return CAUSE_NONE;
	if (cause == CAUSE_NONE)
		cause = core_memory_read(memory_core_of(view, at), at, bytes, size, why);
	return seen(view, cause);
}

enum cause
view_memory_write(struct view *view, uint32_t at, const void *bytes, uint32_t size,
		  struct reason *why)
{
	enum cause cause = check_general_at(view, at, size, why);

	code_cache_forget(view->debugger);
	if (cause == CAUSE_NONE)
		cause = core_memory_write(memory_core_of(view, at), at, bytes, size, why);
	return seen(view, cause);
}

enum cause
view_breakpoint_insert(struct view *view, const struct breakpoint *wanted,
		       struct reason *why)
{
	enum cause cause = check_general_at(view, wanted->at, BKPT_SIZE, why);

	if (cause == CAUSE_NONE)
		cause = breakpoints_insert(view_breakpoints(view, view->general),
					   core_of(view), wanted, view->place, why);
	return seen(view, cause);
}

enum cause
view_breakpoint_remove(struct view *view, const struct breakpoint *wanted,
		       struct reason *why)
{
	enum cause cause = check_general_at(view, wanted->at, BKPT_SIZE, why);

	if (cause == CAUSE_NONE)
		cause = breakpoints_remove(view_breakpoints(view, view->general),
					   core_of(view), wanted, view->place, why);
	return seen(view, cause);
}

static unsigned
claims_of(const struct view *view, unsigned claims)
{
	if ((claims & VIEW_CLAIM_CORES) != 0)
		for (unsigned i = 0; i < view_cores(view); i++)
			claims |= board_core_claim(i);
	claims &= ~(unsigned)VIEW_CLAIM_CORES;
	if ((claims & VIEW_CLAIM_CORE) == 0)
		return claims;
	return (claims & ~(unsigned)VIEW_CLAIM_CORE) | board_core_claim(view->general);
}

enum cause
view_check_free(const struct view *view, unsigned claims, struct reason *why)
{
	return board_check_free(view_board(view), claims_of(view, claims), why);
}

enum cause
view_reserve(struct view *view, unsigned claims, const char *what, struct reason *why)
{
	debugger_wake(view->debugger);
	return board_reserve(view_board(view), claims_of(view, claims), what, why);
}

static void
job_done(void *context, enum cause cause, const struct reason *why)
{
	struct view *view = context;

	view->done(view, cause, why);
}

/* Of cores that the job has not claimed the registers are kept, too: its end is waited for
 * by a client that looks at all of them. */
enum cause
view_begin(struct view *view, struct job *job, unsigned claims, view_done *done,
	   struct reason *why)
{
	debugger_wake(view->debugger);
	code_cache_forget(view->debugger);
	if (view_job(view) != NULL) {
		job_free(job);
		return reason_begin(why, CAUSE_REQUEST, "%s is under way for this client",
				    view_job(view)->name);
	}
	view->done = done;
	if (job != NULL)
		job->asker = view->name;
	return board_begin(view_board(view), job, claims_of(view, claims), view, job_done,
			   view, why);
}

const struct job *
view_job(const struct view *view)
{
	return board_job_of(view_board(view), view);
}

void
view_cancel(struct view *view)
{
	board_cancel(view_board(view), view);
	debugger_wake(view->debugger);
}

bool
view_interrupt_job(struct view *view)
{
	debugger_wake(view->debugger);
	if (view->by_hand != NULL)
		return keeper_interrupt(view->debugger, view);
	return board_interrupt(view_board(view), view);
}
