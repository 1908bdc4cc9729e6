/* SPDX-License-Identifier: MIT */
#include "server/debug/debuggee.h"

#include "server/debug/run.h"
#include "targets/core/instruction.h"
#include "transport/base/bytes.h"
#include "transport/base/log.h"

#include <assert.h>
#include <stdio.h>

/* A stop is seen within POLL_SOON_MS; a reset by button or a lost probe within
 * POLL_SELDOM_MS when nobody waits. */
enum {
	POLL_SOON_MS = 5,
	POLL_SELDOM_MS = 500,
	DETOUR_MS = 1,
	STEP_SLICE_MS = 20,
	BLIND_MAX_US = 2000000,
	RESET_ECHO_US = 1000000
};

static void poll_core(uv_timer_t *timer);

void
debuggee_init(struct debuggee *debuggee, struct server *server, unsigned index)
{
	*debuggee = (struct debuggee){ .server = server, .index = index };
	snprintf(debuggee->name, sizeof(debuggee->name), "%s",
		 core_name(debuggee_core(debuggee)));
	debuggee_forget(debuggee);
	uv_timer_init(&server->loop, &debuggee->poll);
	debuggee->poll.data = debuggee;
}

void
debuggee_close(struct debuggee *debuggee)
{
	uv_close((uv_handle_t *)&debuggee->poll, NULL);
}

void
debuggee_forget(struct debuggee *debuggee)
{
	debuggee->is_halted = debuggee->has_registers = false;
	debuggee->steps_range = debuggee->is_blind = debuggee->has_detour = false;
	debuggee->state = CORE_RUNNING;
	debuggee->stop = (struct stop){ .halt.reason = HALT_REQUESTED };
	/* S_RESET_ST may be set since before we came. */
	debuggee->expects_reset = true;
}

struct core *
debuggee_core(const struct debuggee *debuggee)
{
	return board_core(debuggee->server->board, debuggee->index);
}

static bool
is_job_under_way(const struct debuggee *debuggee)
{
	return work_is_busy(&debuggee->server->work);
}

/* The end of a detour counts as that of a step. Elsewhere the core has met a breakpoint in
 * a handler, or was halted. */
static enum cause
end_detour(struct debuggee *debuggee, struct halt *halt, struct reason *why)
{
	if (!debuggee->has_detour)
		return CAUSE_NONE;
	debuggee->has_detour = false;
	if (halt->reason == HALT_BREAKPOINT && halt->pc == debuggee->detour_at)
		halt->reason = HALT_STEPPED;
	return core_breakpoint_remove(debuggee_core(debuggee), debuggee->detour_at, true,
				      why);
}

static enum cause
take_halt(struct debuggee *debuggee, struct reason *why)
{
	struct stop stop = { .is_locked_up = debuggee->state == CORE_LOCKED_UP };
	enum cause cause = core_halt_why(debuggee_core(debuggee), &stop.halt, why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = end_detour(debuggee, &stop.halt, why);
	debuggee->stop = stop;
	debuggee->is_halted = true;
	debuggee->has_registers = false;
	return cause;
}

/* A reset takes a halted core out of debug state. gdb still shows what was, and would
 * let it run from there: it is halted again, and that is told. */
static enum cause
halt_again(struct debuggee *debuggee, struct reason *why)
{
	enum cause cause;

	server_say(debuggee->server, debuggee, NULL,
		   "note: %s had been halted and began to run by itself%s; it was halted "
		   "again",
		   debuggee->name,
		   share_users(&debuggee->server->share) > 0
			   ? " or by another program that uses the probe"
			   : "");
	cause = core_halt(debuggee_core(debuggee), why);
	return cause == CAUSE_NONE ? take_halt(debuggee, why) : cause;
}

/* While NRST is held low every look sees a reset, and some programs do nothing but reset
 * themselves: what comes within a second of the last one is the same story. */
static void
note_reset(struct debuggee *debuggee)
{
	uint64_t now_us = clock_now_us(debuggee->server->clock);
	bool is_new = debuggee->reset_seen_us == 0 ||
		      now_us - debuggee->reset_seen_us > RESET_ECHO_US;

	debuggee->reset_seen_us = now_us;
	if (debuggee->expects_reset || !is_new)
		return;
	log_info("session", "%s: the target was reset by somebody else", debuggee->name);
	server_say(
		debuggee->server, debuggee, NULL,
		"note: the target was reset by somebody else: %sits reset pin, a watchdog, "
		"its supply, or its own program%s",
		share_users(&debuggee->server->share) > 0
			? "another program that uses the probe, "
			: "",
		debuggee->is_halted ? "; registers seen before are no longer true" : "");
}

static bool
is_wanted_halted(const struct debuggee *debuggee)
{
	return server_sessions_of(debuggee->server, debuggee, NULL) > 0;
}

static enum cause
take_state(struct debuggee *debuggee, struct reason *why)
{
	switch (debuggee->state) {
	case CORE_HALTED:
		return debuggee->is_halted ? CAUSE_NONE : take_halt(debuggee, why);
	case CORE_LOCKED_UP:
		return debuggee_halt(debuggee, why);
	case CORE_RUNNING:
	case CORE_SLEEPING:
		if (debuggee->is_halted && is_wanted_halted(debuggee))
			return halt_again(debuggee, why);
		debuggee->is_halted = false;
		return CAUSE_NONE;
	case CORE_IN_RESET:
		return CAUSE_NONE; /* what was halted is to be halted again afterwards */
	}
	return CAUSE_NONE;
}

enum cause
debuggee_look(struct debuggee *debuggee, struct reason *why)
{
	bool was_reset = false;
	enum cause cause;

	/* While a job has the core, what DHCSR says is the job's business. */
	if (is_job_under_way(debuggee))
		return CAUSE_NONE;
	cause = core_poll(debuggee_core(debuggee), &debuggee->state, &was_reset, why);
	if (cause != CAUSE_NONE)
		return cause;
	if (was_reset)
		note_reset(debuggee);
	/* It may be halted still, or again, but elsewhere. */
	if (was_reset && debuggee->state == CORE_HALTED)
		debuggee->is_halted = false;
	debuggee->expects_reset = false;
	return take_state(debuggee, why);
}

enum cause
debuggee_halt(struct debuggee *debuggee, struct reason *why)
{
	enum cause cause;

	debuggee->steps_range = false;
	if (debuggee->is_halted)
		return CAUSE_NONE;
	cause = core_halt(debuggee_core(debuggee), why);
	return cause == CAUSE_NONE ? take_halt(debuggee, why) : cause;
}

enum cause
debuggee_resume(struct debuggee *debuggee, struct reason *why)
{
	enum cause cause;

	debuggee_remember(debuggee);
	cause = core_resume(debuggee_core(debuggee), why);
	if (cause == CAUSE_NONE)
		debuggee->is_halted = false;
	return cause;
}

/* A step that has not ended in time is one over WFI or a stalled access, for instance. */
enum cause
debuggee_step(struct debuggee *debuggee, struct reason *why)
{
	enum cause cause = core_step(debuggee_core(debuggee), why);

	if (cause == CAUSE_NONE)
		return take_halt(debuggee, why);
	if (cause != CAUSE_TIMEOUT)
		return cause;
	debuggee->is_halted = debuggee->has_registers = false;
	return CAUSE_NONE;
}

void
debuggee_step_range(struct debuggee *debuggee, uint32_t from, uint32_t to)
{
	debuggee_remember(debuggee);
	debuggee->range_from = from;
	debuggee->range_to = to;
	debuggee->steps_range = true;
	uv_timer_start(&debuggee->poll, poll_core, 0, 0);
}

/* Is the step that just ended the last one of the range? A breakpoint at the new PC is one
 * that gdb wants to hear of, though the core has not run into it. */
static bool
is_range_left(struct debuggee *debuggee)
{
	struct halt *halt = &debuggee->stop.halt;
	const struct breakpoint *here = breakpoints_find(&debuggee->breakpoints, halt->pc);

	if (halt->reason != HALT_STEPPED)
		return true;
	if (here != NULL) {
		halt->reason = HALT_BREAKPOINT;
		halt->is_software = here->kind == BREAKPOINT_SOFTWARE;
		return true;
	}
	return halt->pc < debuggee->range_from || halt->pc >= debuggee->range_to;
}

/* Steps are taken with interrupts masked, so a loop that waits for an interrupt would be
 * stepped for ever. Once in a slice the core is let run over one instruction, to a
 * breakpoint behind it: what is pending is served on the way. Needs a free comparator; a
 * loop is stepped on masked without. */
static enum cause
begin_detour(struct debuggee *debuggee, struct reason *why)
{
	struct core *core = debuggee_core(debuggee);
	uint32_t pc = debuggee->stop.halt.pc;
	struct reason none_free = REASON_INIT;
	uint8_t bytes[2];
	enum cause cause = core_memory_read(core, pc, bytes, sizeof(bytes), why);

	if (cause != CAUSE_NONE)
		return cause;
	if (!instruction_goes_straight_on(le16_get(bytes)) ||
	    breakpoints_find(&debuggee->breakpoints, pc) != NULL ||
	    breakpoints_find(&debuggee->breakpoints, pc + sizeof(bytes)) != NULL ||
	    core_breakpoint_insert(core, pc + sizeof(bytes), true, &none_free) !=
		    CAUSE_NONE)
		return CAUSE_NONE;
	debuggee->has_detour = true;
	debuggee->detour_at = pc + sizeof(bytes);
	cause = core_resume(core, why);
	if (cause == CAUSE_NONE)
		debuggee->is_halted = false;
	return cause;
}

/* At most so many steps are taken to find an instruction that a detour can begin at. */
enum { DETOUR_SEARCH = 16 };

static enum cause
find_detour(struct debuggee *debuggee, struct reason *why)
{
	enum cause cause = begin_detour(debuggee, why);

	for (unsigned i = 0; i < DETOUR_SEARCH && cause == CAUSE_NONE &&
			     debuggee->is_halted && debuggee->steps_range;
	     i++) {
		cause = debuggee_step(debuggee, why);
		if (cause == CAUSE_NONE && debuggee->is_halted && is_range_left(debuggee))
			debuggee->steps_range = false;
		else if (cause == CAUSE_NONE && debuggee->is_halted)
			cause = begin_detour(debuggee, why);
	}
	return cause;
}

static enum cause
step_slice(struct debuggee *debuggee, struct reason *why)
{
	struct deadline slice = deadline_in_ms(debuggee->server->clock, STEP_SLICE_MS);
	enum cause cause;

	do {
		cause = debuggee->is_halted ? debuggee_step(debuggee, why)
					    : debuggee_look(debuggee, why);
		if (cause == CAUSE_NONE && debuggee->is_halted && is_range_left(debuggee))
			debuggee->steps_range = false;
	} while (cause == CAUSE_NONE && debuggee->is_halted && debuggee->steps_range &&
		 !deadline_is_over(&slice));
	if (cause == CAUSE_NONE && debuggee->is_halted && debuggee->steps_range)
		cause = find_detour(debuggee, why);
	return cause;
}

static void
tell_blindness(struct debuggee *debuggee, const struct reason *why)
{
	char line[REASON_SPACE];

	debuggee->is_blind = true;
	debuggee->blind_since_us = clock_now_us(debuggee->server->clock);
	reason_line(why, line, sizeof(line));
	log_warning("session", "%s: %s", debuggee->name, line);
	server_say(debuggee->server, debuggee, NULL,
		   "note: it cannot be seen whether the core runs: %s", line);
}

/* Some failures pass, so polling goes on, and who waits is told once. Those that last are
 * a loss, whatever the probe calls them. */
static enum cause
judge_poll(struct debuggee *debuggee, enum cause cause, struct reason *why)
{
	uint64_t now_us = clock_now_us(debuggee->server->clock);

	if (cause == CAUSE_NONE || cause == CAUSE_GONE) {
		debuggee->is_blind = false;
		return cause;
	}
	if (!debuggee->is_blind)
		tell_blindness(debuggee, why);
	else if (now_us - debuggee->blind_since_us > BLIND_MAX_US)
		return reason_becomes(why, CAUSE_GONE);
	return cause;
}

/* What the probe's driver has met since the last poll. */
static void
tell_remark(struct server *server)
{
	char remark[160];

	if (probe_take_remark(board_probe(server->board), remark, sizeof(remark)))
		server_say(server, NULL, NULL, "note: %s", remark);
}

static void
poll_core(uv_timer_t *timer)
{
	struct debuggee *debuggee = timer->data;
	struct server *server = debuggee->server;
	struct reason why = REASON_INIT;
	bool was_halted = debuggee->is_halted;
	bool was_stepping = debuggee->steps_range;
	enum cause cause;

	if (board_is_lost(server->board) || is_job_under_way(debuggee)) {
		debuggee_poll_seldom(debuggee);
		return;
	}
	tell_remark(server);
	cause = was_stepping ? step_slice(debuggee, &why) : debuggee_look(debuggee, &why);
	cause = judge_poll(debuggee, cause, &why);
	if (debuggee->steps_range)
		uv_timer_start(timer, poll_core, debuggee->is_halted ? 0 : DETOUR_MS, 0);
	else if (debuggee->is_halted && (!was_halted || was_stepping))
		run_tell_stop(debuggee);
	else if (uv_timer_get_repeat(timer) == 0)
		debuggee_poll_seldom(debuggee);
	server_judge(server, cause, &why);
}

void
debuggee_poll_soon(struct debuggee *debuggee)
{
	uv_timer_start(&debuggee->poll, poll_core, POLL_SOON_MS, POLL_SOON_MS);
}

void
debuggee_poll_seldom(struct debuggee *debuggee)
{
	uv_timer_start(&debuggee->poll, poll_core, POLL_SELDOM_MS, POLL_SELDOM_MS);
}

static uint8_t
features_of(const struct debuggee *debuggee)
{
	return core_identity(debuggee_core(debuggee))->features;
}

void
debuggee_remember(struct debuggee *debuggee)
{
	struct core *core = debuggee_core(debuggee);
	unsigned count = core_register_count(features_of(debuggee));

	assert(count <= DEBUGGEE_MAX_REGISTERS);
	if (!debuggee->is_halted || debuggee->has_registers)
		return;
	for (unsigned i = 0; i < count; i++) {
		/* A copy for later that cannot be made is none; whoever needs it then is
		 * told that there is none. */
		struct reason why = REASON_INIT;

		if (core_register_read(core, core_register_at(features_of(debuggee), i),
				       &debuggee->registers[i], &why) != CAUSE_NONE)
			return;
	}
	debuggee->has_registers = true;
}

enum cause
debuggee_register(struct debuggee *debuggee, unsigned number, uint64_t *value,
		  struct reason *why)
{
	const struct core_register *reg = core_register_at(features_of(debuggee), number);

	if (reg == NULL)
		return reason_begin(why, CAUSE_REQUEST, "%s has no register number %u",
				    debuggee->name, number);
	if (debuggee->is_halted && !is_job_under_way(debuggee))
		return core_register_read(debuggee_core(debuggee), reg, value, why);
	if (!debuggee->has_registers && is_job_under_way(debuggee))
		return work_check_free(&debuggee->server->work, why);
	if (!debuggee->has_registers) {
		reason_begin(why, CAUSE_REQUEST,
			     "%s runs, and its registers were not read before",
			     debuggee->name);
		reason_suspect(why, FINDING_REQUEST_CORE_RUNS);
		return why->cause;
	}
	*value = debuggee->registers[number];
	return CAUSE_NONE;
}

void
debuggee_describe(const struct debuggee *debuggee, struct text *words)
{
	static const char *const states[] = {
		[CORE_RUNNING] = "running",   [CORE_SLEEPING] = "running, asleep",
		[CORE_HALTED] = "running",    [CORE_LOCKED_UP] = "locked up",
		[CORE_IN_RESET] = "in reset",
	};

	if (board_is_lost(debuggee->server->board))
		text_add(words, "lost");
	else if (debuggee->is_halted)
		stop_describe(&debuggee->stop, words);
	else
		text_add(words, "%s", states[debuggee->state]);
}
