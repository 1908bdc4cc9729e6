/* SPDX-License-Identifier: MIT */
#include "targets/connect/connect.h"

#include "targets/reset/nrst.h"
#include "transport/base/log.h"

#include <stdlib.h>

enum { KHZ = 1000 };

struct connect_job {
	struct nrst_job nrst;
	bool is_gentle; /* never resets */
	bool is_under_reset;
	uint32_t hz;              /* the clock that is tried; 0: the one wanted */
	struct reason link_why;   /* why no debug port answered at the clock wanted */
	struct reason attach_why; /* why attaching failed, before it went on under reset */
};

static struct connect_job *
connect_of(struct staged_job *job)
{
	return container_of(nrst_job_of(job), struct connect_job, nrst);
}

static struct board *
board_of(struct staged_job *job)
{
	return nrst_job_of(job)->board;
}

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
		(unsigned)connect->nrst.board->options.speed_hz / KHZ,
		(unsigned)connect->hz / KHZ, (unsigned)connect->hz / KHZ);
}

/* A slower clock is no remedy when the slowest was tried. */
static enum cause
forget_clocks(struct reason *why)
{
	if (reason_finding(why) == FINDING_B10 || reason_finding(why) == FINDING_B11)
		reason_suspect(why, FINDING_LINK_NO_CLOCK_HELPS);
	return CAUSE_GONE;
}

/* The reason to report is the one at the clock wanted. */
static enum cause
no_link(struct connect_job *connect, uint32_t slowest_hz, struct reason *why)
{
	*why = connect->link_why;
	forget_clocks(why);
	return reason_while(why, "nor does it answer at slower clocks, down to %u kHz",
			    (unsigned)slowest_hz / KHZ);
}

/* No debug port answers at that clock: the next one, or the reason. */
static enum cause
slow_down(struct connect_job *connect, uint32_t hz, struct reason *why)
{
	uint32_t wanted_hz = connect->nrst.board->options.speed_hz;

	if (hz == wanted_hz)
		connect->link_why = *why;
	connect->hz = slower_than(hz);
	if (connect->hz != 0)
		return CAUSE_NONE;
	return hz == wanted_hz ? forget_clocks(why) : no_link(connect, hz, why);
}

/* One clock after the other, until a debug port answers. */
static enum cause
link_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	struct board *board = board_of(job);
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
find_stage(struct staged_job *job, bool *done, struct reason *why)
{
	*done = true;
	return board_find_core(board_of(job), why);
}

/* A chip that was just switched on may still be in reset, by a slow NRST; one that stays in
 * it answers for its debug port, but not for what identifies it. */
static enum cause
find_awake_stage(struct staged_job *job, bool *done, struct reason *why)
{
	nrst_wait_for(nrst_job_of(job), board_of(job)->options.nrst_settle_ms);
	return find_stage(job, done, why);
}

static enum cause
identify_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = board_identify(board_of(job), why);

	*done = true;
	return cause == CAUSE_NONE ? board_open_cores(board_of(job), why) : cause;
}

/* Comparators that a dead session left would halt the core at places nobody asked for,
 * or, without a debugger, end in a HardFault. So each connection claims the breakpoint
 * unit, also one that neither halts nor resets. The freeze bits come first, so that no
 * watchdog bites while the core is halted. */
static enum cause
claim_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = board_of(job);
	enum cause cause = debug_bits_set(board, why);

	for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
		cause = core_claim(&board->cores[i], why);
	*done = true;
	return cause;
}

static enum cause
halt_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = board_of(job);
	enum cause cause = CAUSE_NONE;

	if (board->options.connect == CONNECT_HALT)
		for (unsigned i = 0; i < board->cores_len && cause == CAUSE_NONE; i++)
			cause = core_halt(&board->cores[i], why);
	*done = true;
	return cause;
}

static enum cause
finish_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = board_of(job);

	(void)why;
	log_debug("board", "connected%s: %s",
		  connect_of(job)->is_under_reset ? " under reset" : "",
		  board->description);
	*done = true;
	board_is_back(board);
	return CAUSE_NONE;
}

/* In its debug mode a probe with a stale session may still poll the target. One that is not
 * in any mode has nothing to leave. */
static enum cause
leave_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct reason not_entered = REASON_INIT;
	enum cause cause = probe_leave(board_of(job)->probe, &not_entered);

	*done = true;
	if (cause != CAUSE_GONE)
		return CAUSE_NONE;
	*why = not_entered;
	return cause;
}

/* Entering SWD may have let NRST go: an ST-LINK does not know its pin before it is in a
 * mode. */
static enum cause
link_low_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = link_stage(job, done, why);

	if (cause == CAUSE_NONE && *done)
		cause = nrst_drive(nrst_job_of(job), true, why);
	nrst_wait_for(nrst_job_of(job), RESET_SEEN_MS);
	return cause;
}

/* Enabled while in reset, so that not one instruction is executed after it. */
static enum cause
catch_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct core *core = &board_of(job)->cores[0];
	enum cause cause = mem_write32(&core->mem, DHCSR_AT,
				       core_control(REG_MASK(DHCSR_C_HALT)), why);

	if (cause == CAUSE_NONE)
		cause = core_demcr_write(core, REG_MASK(DEMCR_VC_CORERESET), why);
	*done = true;
	return cause;
}

static enum cause
release_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct nrst_job *nrst = nrst_job_of(job);
	enum cause cause = nrst_release(job, done, why);

	nrst->board->cores[0].was_reset = !nrst->is_without_effect;
	if (cause != CAUSE_NONE || !nrst->is_without_effect)
		return cause;
	log_warning("board", "pulling NRST low did not reset the chip (is it wired?); "
			     "it is reset by AIRCR.SYSRESETREQ instead");
	return nrst_request_instead(nrst, why);
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
caught_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct board *board = board_of(job);
	enum cause cause = nrst_look_for_halt(nrst_job_of(job), done, why);

	if (cause == CAUSE_TIMEOUT) {
		log_warning("board", "%s; it is halted where it is", reason_root(why));
		cause = core_halt(&board->cores[0], why);
		*done = true;
	}
	if (cause == CAUSE_NONE && *done)
		cause = finish_catch(&board->cores[0], why);
	job->job.wait_us = *done ? 0 : RESET_POLL_US;
	return cause;
}

static const struct job_stage attach_stages[] = {
	{ "find a debug port", link_stage, NULL },
	{ "find a core", find_awake_stage, NULL },
	{ "wait until out of reset", nrst_settle, NULL },
	{ "identify the chip", identify_stage, NULL },
	{ "claim the cores", claim_stage, NULL },
	{ "halt", halt_stage, NULL },
	{ "finish", finish_stage, NULL },
	{ 0 },
};

/* Pulling NRST comes before everything, letting it go after the core is set to stop: the
 * program that made the chip unreachable must not get to run. */
static const struct job_stage under_reset_stages[] = {
	{ "leave debug mode", leave_stage, NULL },
	{ "pull NRST", nrst_pull, NULL },
	{ "hold NRST", nrst_hold, NULL },
	{ "find a debug port", link_low_stage, NULL },
	{ "find a core", find_stage, NULL },
	{ "set vector catch", catch_stage, NULL },
	{ "see NRST low", nrst_see_low, NULL },
	{ "release NRST", release_stage, NULL },
	{ "wait until out of reset", nrst_settle, NULL },
	{ "wait for the halt", caught_stage, NULL },
	{ "identify the chip", identify_stage, NULL },
	{ "claim the cores", claim_stage, NULL },
	{ "finish", finish_stage, NULL },
	{ 0 },
};

/* What was tried speaks for a finding, and what the probe sees from the outside as well. */
static void
suspect_silence(const struct connect_job *connect, enum cause cause, struct reason *why)
{
	if (!connect->is_under_reset)
		reason_suspect(why, FINDING_TARGET_SILENT);
	else if (cause == CAUSE_GONE)
		reason_suspect(why, FINDING_B6);
	board_add_voltage(connect->nrst.board, why);
}

static bool
is_silence(enum cause cause)
{
	return cause == CAUSE_GONE || cause == CAUSE_TIMEOUT;
}

static enum cause
word_failure(struct connect_job *connect, enum cause cause, struct reason *why)
{
	const struct probe *probe = connect->nrst.board->probe;
	const char *root = reason_root(&connect->attach_why);

	if (is_silence(cause))
		suspect_silence(connect, cause, why);
	if (root[0] != '\0')
		reason_while(why, "attaching without a reset had failed before: %s", root);
	return reason_while(why, "cannot connect%s to the target through %s (%s)",
			    connect->is_under_reset ? " under reset" : "",
			    probe->identity.kind, probe->identity.where);
}

static enum cause
connect_clean_up(struct staged_job *job, enum cause after, struct reason *why)
{
	(void)after;
	return nrst_let_go(nrst_job_of(job), why);
}

static enum cause
connect_failed(struct staged_job *job, enum cause cause, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	bool is_auto =
		board_of(job)->options.connect == CONNECT_AUTO && !connect->is_gentle;

	if (!is_auto || connect->is_under_reset || !is_silence(cause))
		return word_failure(connect, cause, why);
	connect->attach_why = *why;
	connect->is_under_reset = true;
	connect->hz = 0;
	log_info("board", "%s; trying under reset", reason_root(why));
	staged_job_go(job, under_reset_stages);
	return CAUSE_NONE;
}

static struct job *
begin(struct board *board, bool is_gentle)
{
	static const struct staged_ops ops = { .clean_up = connect_clean_up,
					       .failed = connect_failed };
	struct connect_job *connect = calloc(1, sizeof(*connect));

	if (connect == NULL)
		return board_no_job(board, "connecting");
	connect->is_gentle = is_gentle;
	connect->is_under_reset =
		!is_gentle && board->options.connect == CONNECT_UNDER_RESET;
	nrst_job_init(&connect->nrst, board, "connecting",
		      connect->is_under_reset ? under_reset_stages : attach_stages, &ops);
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
