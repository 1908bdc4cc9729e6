/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "transport/base/log.h"
#include "transport/probe/vtarget.h"

#include <stdlib.h>

enum { KHZ = 1000 };

struct connect_job;

/* One stage; *done: go on with the next, else it is called again after job.wait_us. */
typedef enum cause
connect_stage(struct connect_job *connect, bool *done, struct reason *why);

struct connect_job {
	struct job job;
	struct board *board;
	connect_stage *const *next; /* ends with NULL */
	bool is_gentle;             /* never resets */
	bool is_under_reset;
	bool is_nrst_low; /* by us */
	bool is_nrst_without_effect;
	uint32_t hz; /* the clock that is tried; 0: the one wanted */
	struct reset_wait wait;
	struct reason link_why;   /* why no debug port answered at the clock wanted */
	struct reason attach_why; /* why attaching failed, before it went on under reset */
};

static enum cause
set_clock(struct board *board, uint32_t hz, struct reason *why)
{
	enum cause cause = probe_set_clock(board->probe, &hz, why);

	/* A probe without a clock to set has one that works. */
	return cause == CAUSE_UNSUPPORTED ? CAUSE_NONE : cause;
}

/* Long wires and isolators swallow fast clocks: an ST-LINK/V2-ISOL is for about 1 MHz. 0: no
 * slower one is left to try. */
static uint32_t
slower_than(uint32_t hz)
{
	static const uint32_t ladder[] = { 950 * KHZ, 240 * KHZ, 25 * KHZ };

	for (size_t i = 0; i < array_len(ladder); i++)
		if (ladder[i] < hz)
			return ladder[i];
	return 0;
}

static void
tell_slow_link(const struct connect_job *connect)
{
	log_warning(
		"board",
		"the target does not answer at %u kHz, but at %u kHz: going on so; shorten "
		"the wires, or say --speed %u",
		(unsigned)connect->board->options.speed_hz / KHZ,
		(unsigned)connect->hz / KHZ, (unsigned)connect->hz / KHZ);
}

/* The story to tell is the one at the clock wanted. */
static enum cause
no_link(struct connect_job *connect, uint32_t slowest_hz, struct reason *why)
{
	*why = connect->link_why;
	return reason_while(why, "nor does it answer at slower clocks, down to %u kHz",
			    (unsigned)slowest_hz / KHZ);
}

/* No debug port answers at that clock: the next one, or the story. */
static enum cause
slow_down(struct connect_job *connect, uint32_t hz, struct reason *why)
{
	uint32_t wanted_hz = connect->board->options.speed_hz;

	if (hz == wanted_hz)
		connect->link_why = *why;
	connect->hz = slower_than(hz);
	if (connect->hz != 0)
		return CAUSE_NONE;
	return hz == wanted_hz ? CAUSE_GONE : no_link(connect, hz, why);
}

/* One clock after the other, until a debug port answers. */
static enum cause
link_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	uint32_t hz = connect->hz == 0 ? board->options.speed_hz : connect->hz;
	enum cause cause = set_clock(board, hz, why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = dap_connect(&board->dap, why);
	if (cause == CAUSE_GONE)
		return slow_down(connect, hz, why);
	*done = cause == CAUSE_NONE;
	if (*done && hz != board->options.speed_hz)
		tell_slow_link(connect);
	return cause;
}

static enum cause
find_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	*done = true;
	return board_find_core(connect->board, why);
}

/* A chip that was just switched on may still be in reset, by a slow NRST; one that stays in
 * it answers for its debug port, but not for what identifies it. */
static enum cause
find_awake_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;

	connect->wait = (struct reset_wait){
		deadline_in_ms(board_clock(board), board->options.nrst_settle_ms), 0
	};
	return find_stage(connect, done, why);
}

static enum cause
awake_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	enum cause cause = reset_wait_settled(connect->board, &connect->wait, done, why);

	connect->job.wait_us = *done || connect->wait.quiet > 0 ? 0 : RESET_POLL_US;
	return cause;
}

static enum cause
identify_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	enum cause cause = board_identify(connect->board, why);

	*done = true;
	return cause == CAUSE_NONE ? board_open_cores(connect->board, why) : cause;
}

/* Comparators that a dead session left would halt the core at places nobody asked for,
 * or, without a debugger, end in a HardFault. So each connection claims the breakpoint
 * unit, also one that neither halts nor resets. The freeze bits come first, so that no
 * watchdog bites while the core is halted. */
static enum cause
claim_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	enum cause cause = debug_bits_set(board, why);

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		cause = core_claim(&board->cores[i], why);
	*done = true;
	return cause;
}

static enum cause
halt_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	enum cause cause = CAUSE_NONE;

	if (board->options.connect == CONNECT_HALT)
		for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
			cause = core_halt(&board->cores[i], why);
	*done = true;
	return cause;
}

static enum cause
finish_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board_event back = { .kind = EVENT_BACK };
	struct board *board = connect->board;
	bool was_lost = board->is_lost;

	(void)why;
	board->is_connected = true;
	board->is_lost = false;
	log_debug("board", "connected%s: %s", connect->is_under_reset ? " under reset" : "",
		  board->description);
	if (was_lost)
		board_tell(board, &back);
	*done = true;
	return CAUSE_NONE;
}

static enum cause
drive_nrst(struct connect_job *connect, bool low, struct reason *why)
{
	enum cause cause = probe_drive_nrst(connect->board->probe, low, why);

	if (cause == CAUSE_NONE)
		connect->is_nrst_low = low;
	return cause == CAUSE_NONE
		       ? cause
		       : reason_while(why, low ? "pulling NRST low" : "letting NRST go");
}

/* The probe leaves its debug mode first: in it a stale session may still poll the target.
 * A probe that is not in any has nothing to leave. */
static enum cause
pull_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	struct reason not_entered = REASON_INIT;
	enum cause cause = probe_leave(board->probe, &not_entered);

	if (cause == CAUSE_GONE) {
		*why = not_entered;
		return cause;
	}
	connect->wait.deadline =
		deadline_in_ms(board_clock(board), board->options.nrst_hold_ms);
	*done = true;
	return drive_nrst(connect, true, why);
}

static enum cause
hold_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	(void)why;
	*done = deadline_is_over(&connect->wait.deadline);
	connect->job.wait_us = *done ? 0 : RESET_POLL_US;
	return CAUSE_NONE;
}

/* Entering SWD may have let NRST go: an ST-LINK does not know its pin before it is in a
 * mode. */
static enum cause
link_low_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	enum cause cause = link_stage(connect, done, why);

	if (cause == CAUSE_NONE && *done)
		cause = drive_nrst(connect, true, why);
	connect->wait.deadline = deadline_in_ms(board_clock(connect->board), RESET_SEEN_MS);
	return cause;
}

/* Enabled while in reset, so that not one instruction is executed after it. */
static enum cause
catch_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct core *core = &connect->board->cores[0];
	enum cause cause = mem_write32(
		&core->mem, DHCSR_AT,
		DHCSR_KEY | REG_MASK(DHCSR_C_DEBUGEN) | REG_MASK(DHCSR_C_HALT), why);

	if (cause == CAUSE_NONE)
		cause = core_demcr_write(core, REG_MASK(DEMCR_VC_CORERESET), why);
	*done = true;
	return cause;
}

/* S_RESET_ST keeps a reset that is over until it is read: two readings in a row tell one
 * that lasts. */
static enum cause
confirm_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	bool was = false, is = false, is_over = false;
	enum cause cause = reset_wait_seen(board, &connect->wait, &was, &is_over, why);

	if (cause == CAUSE_NONE)
		cause = reset_wait_seen(board, &connect->wait, &is, &is_over, why);
	if (cause != CAUSE_NONE)
		return cause;
	*done = (was && is) || is_over;
	connect->job.wait_us = *done ? 0 : RESET_POLL_US;
	connect->is_nrst_without_effect = *done && !(was && is);
	return CAUSE_NONE;
}

static enum cause
release_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	enum cause cause = drive_nrst(connect, false, why);

	board->cores[0].was_reset = !connect->is_nrst_without_effect;
	if (cause == CAUSE_NONE && connect->is_nrst_without_effect) {
		log_warning("board",
			    "pulling NRST low did not reset the chip (is it wired?); "
			    "it is reset by AIRCR.SYSRESETREQ instead");
		cause = reset_request(board, why);
	}
	connect->wait = (struct reset_wait){
		deadline_in_ms(board_clock(board), board->options.nrst_settle_ms), 0
	};
	*done = true;
	return cause;
}

static enum cause
settle_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	enum cause cause = reset_wait_settled(board, &connect->wait, done, why);

	if (cause == CAUSE_NONE && *done)
		connect->wait.deadline =
			deadline_in_ms(board_clock(board), board->options.halt_timeout_ms);
	else
		connect->job.wait_us = RESET_POLL_US;
	return cause;
}

/* The halt is one that was asked for: DFSR forgets the vector catch. */
static enum cause
finish_catch(struct core *core, struct reason *why)
{
	if (!core->was_reset)
		log_warning("board",
			    "AIRCR.SYSRESETREQ did not reset the chip either; %s is halted "
			    "where it was",
			    core->name);
	return mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);
}

/* A core that ran past its vector is still one that can be halted: connected is better
 * than not, and the log says what is different. */
static enum cause
caught_stage(struct connect_job *connect, bool *done, struct reason *why)
{
	struct board *board = connect->board;
	enum cause cause = reset_wait_halted(board, &connect->wait, done, why);

	if (cause == CAUSE_TIMEOUT) {
		log_warning("board", "%s; it is halted where it is", reason_root(why));
		cause = core_halt(&board->cores[0], why);
		*done = true;
	}
	if (cause == CAUSE_NONE && *done)
		cause = finish_catch(&board->cores[0], why);
	connect->job.wait_us = *done ? 0 : RESET_POLL_US;
	return cause;
}

static connect_stage *const attach_stages[] = { link_stage,   find_awake_stage,
						awake_stage,  identify_stage,
						claim_stage,  halt_stage,
						finish_stage, NULL };

/* Pulling NRST comes before everything, letting it go after the core is set to stop: the
 * program that made the chip unreachable must not get to run. */
static connect_stage *const under_reset_stages[] = {
	pull_stage,   hold_stage,     link_low_stage, find_stage,
	catch_stage,  confirm_stage,  release_stage,  settle_stage,
	caught_stage, identify_stage, claim_stage,    finish_stage,
	NULL
};

static void
hint_at_voltage(const struct connect_job *connect, const struct vtarget *vtarget,
		struct reason *why)
{
	const char *remedy = vtarget_remedy(vtarget);

	if (remedy != NULL)
		reason_hint(why, "%s", remedy);
	else if (!connect->is_under_reset)
		reason_hint(why, "the program may sleep or have turned the SWD pins off: "
				 "connect under reset (--connect under-reset)");
	else
		reason_hint(why,
			    "not even in reset does it answer: check SWDIO, SWCLK, GND "
			    "and NRST, and try a lower --speed");
}

/* What the probe sees from the outside goes with a target that does not answer. A probe
 * that cannot measure, or does not answer either, has nothing to add. */
static void
tell_voltage(const struct connect_job *connect, enum cause cause, struct reason *why)
{
	struct reason unmeasured = REASON_INIT;
	struct vtarget vtarget;
	char buffer[64];
	struct text volts;
	const char *meaning;

	if (vtarget_measure(connect->board->probe, &vtarget, &unmeasured) != CAUSE_NONE)
		return;
	text_init(&volts, buffer, sizeof(buffer));
	vtarget_add_volts(&vtarget, &volts);
	meaning = vtarget_meaning(&vtarget);
	/* A hint given next to the wire knew neither the voltage nor what else was tried. */
	if (cause == CAUSE_GONE)
		reason_unhint(why);
	reason_while(why, "the probe measures %s of target voltage%s%s", buffer,
		     meaning == NULL ? "" : ": ", meaning == NULL ? "" : meaning);
	hint_at_voltage(connect, &vtarget, why);
}

static bool
is_silence(enum cause cause)
{
	return cause == CAUSE_GONE || cause == CAUSE_TIMEOUT;
}

static enum cause
tell_failure(struct connect_job *connect, enum cause cause, struct reason *why)
{
	const struct probe *probe = connect->board->probe;
	const char *root = reason_root(&connect->attach_why);

	if (is_silence(cause))
		tell_voltage(connect, cause, why);
	if (root[0] != '\0')
		reason_while(why, "attaching without a reset had failed before: %s", root);
	return reason_while(why, "cannot connect%s to the target through %s (%s)",
			    connect->is_under_reset ? " under reset" : "",
			    probe->identity.kind, probe->identity.where);
}

/* Leaves NRST as a probe at rest has it; a probe that cannot do even that has failed
 * before, and that is the story. */
static void
let_nrst_go(struct connect_job *connect)
{
	struct reason second = REASON_INIT;

	if (connect->is_nrst_low)
		drive_nrst(connect, false, &second);
}

static enum cause
stage_failed(struct connect_job *connect, enum cause cause, struct reason *why)
{
	bool is_auto =
		connect->board->options.connect == CONNECT_AUTO && !connect->is_gentle;

	if (is_auto && !connect->is_under_reset && is_silence(cause)) {
		connect->attach_why = *why;
		connect->is_under_reset = true;
		connect->hz = 0;
		connect->next = under_reset_stages;
		log_info("board", "%s; trying under reset", reason_root(why));
		return CAUSE_NONE;
	}
	let_nrst_go(connect);
	return tell_failure(connect, cause, why);
}

static enum cause
connect_step(struct job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = container_of(job, struct connect_job, job);
	bool is_stage_done = false;
	enum cause cause = (*connect->next)(connect, &is_stage_done, why);

	if (cause != CAUSE_NONE)
		return stage_failed(connect, cause, why);
	if (is_stage_done)
		connect->next++;
	*done = *connect->next == NULL;
	return CAUSE_NONE;
}

static enum cause
connect_cancel(struct job *job, struct reason *why)
{
	struct connect_job *connect = container_of(job, struct connect_job, job);

	return connect->is_nrst_low ? drive_nrst(connect, false, why) : CAUSE_NONE;
}

static void
connect_free(struct job *job)
{
	free(container_of(job, struct connect_job, job));
}

static struct job *
begin(struct board *board, bool is_gentle)
{
	static const struct job_ops ops = { .step = connect_step,
					    .cancel = connect_cancel,
					    .free = connect_free };
	struct connect_job *connect = calloc(1, sizeof(*connect));

	if (connect == NULL)
		return board_no_job(board, "connecting");
	connect->job = (struct job){ .ops = &ops, .name = "connecting" };
	connect->board = board;
	connect->is_gentle = is_gentle;
	connect->is_under_reset =
		!is_gentle && board->options.connect == CONNECT_UNDER_RESET;
	connect->next = connect->is_under_reset ? under_reset_stages : attach_stages;
	return &connect->job;
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
