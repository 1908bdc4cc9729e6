/* SPDX-License-Identifier: MIT */
#include "targets/connect/connect.h"

#include "targets/chip/vitals.h"
#include "targets/diagnosis/examine.h"
#include "targets/diagnosis/verdict.h"
#include "targets/reset/nrst.h"
#include "transport/base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KHZ = 1000,
	/* A chip that is in reset when it is first met: after power-up 47 uF on NRST take 2.3 s.
	 * A verdict on one that stays so comes within 5 s. */
	AWAKE_MS = 4000,
	CATCH_MS = 300,    /* of tries to catch a core awake */
	CATCH_WAIT_MS = 4, /* for which each of them bears WAIT */
	CATCH_PAUSE_US =
		100 /* between them: a try that fails at once must not be all there is */
};

struct connect_job;

/* A way to connect. The first that suits is tried first; after one that met silence the next
 * that suits. */
struct step {
	const char *name;
	const struct job_stage *stages;
	enum side_effect side; /* on the target */
	/* Is there hope in it, by what is known so far? */
	bool (*suits)(const struct connect_job *connect);
};

struct connect_job {
	struct nrst_job nrst;
	enum side_effect permitted;
	const struct step *step;
	bool is_under_reset, is_caught;
	bool was_released;        /* NRST, in case an earlier program left it low */
	uint32_t hz;              /* the clock that is tried; 0: the one wanted */
	uint32_t watch_ms;        /* a job that watches: for so long; 0: it is none */
	bool is_reached;          /* the core, by the last try to catch it */
	bool is_second_look;      /* the clock wanted is tried once more */
	bool is_unanswered;       /* the clock wanted, however often it was tried */
	struct reason link_why;   /* why no debug port answered at the clock wanted */
	struct reason attach_why; /* why attaching failed, before it went on otherwise */
	enum cause cause;         /* of `last_why` */
	struct reason last_why;   /* of the last step, while the bench is examined */
	struct job *examination;
	struct deadline patience; /* of the step "catch" */
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

	if (cause == CAUSE_NONE)
		facts_know(&board->facts, FACT_CLOCK, hz);
	/* A probe without a clock to set has one that works. */
	return cause == CAUSE_UNSUPPORTED ? CAUSE_NONE : cause;
}

/* Long wires and isolators swallow fast clocks. 0: no slower one is left to try. */
static uint32_t
slower_than(uint32_t hz)
{
	static const uint32_t ladder[] = { 950 * KHZ, 240 * KHZ, 25 * KHZ };

	for (size_t i = 0; i < array_len(ladder); i++)
		if (ladder[i] < hz)
			return ladder[i];
	return 0;
}

static uint32_t
wanted_hz(const struct connect_job *connect)
{
	return connect->nrst.board->options.speed_hz;
}

static uint32_t
clock_of(const struct connect_job *connect)
{
	return connect->hz == 0 ? wanted_hz(connect) : connect->hz;
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
	if (connect->link_why.cause != CAUSE_NONE)
		*why = connect->link_why;
	forget_clocks(why);
	return reason_while(why, "nor does it answer at slower clocks, down to %u kHz",
			    (unsigned)slowest_hz / KHZ);
}

/* No debug port answers at that clock: the next one, or the reason. */
static enum cause
slow_down(struct connect_job *connect, uint32_t hz, struct reason *why)
{
	if (hz == wanted_hz(connect))
		connect->link_why = *why;
	connect->hz = slower_than(hz);
	if (connect->hz != 0)
		return CAUSE_NONE;
	return hz == wanted_hz(connect) ? forget_clocks(why) : no_link(connect, hz, why);
}

static void
know_link(struct connect_job *connect)
{
	struct board *board = connect->nrst.board;

	facts_know(&board->facts, FACT_DPIDR, board->dap.dpidr);
}

/* An ST-LINK/V2-ISOL has the name and the id of an ST-LINK/V2, as UM1075 has one manual for both.
 * What tells it is its isolator: of a clock that is too fast for it comes back nothing at all,
 * where a long wire or noise leaves some answers whole and damages others. */
static bool
is_never_answered(struct board *board)
{
	enum { LOOKS = 4 };

	if (strcmp(board->probe->identity.kind, "ST-LINK/V2") != 0)
		return false;
	for (unsigned i = 0; i < LOOKS; i++) {
		struct reason why = REASON_INIT;

		if (dap_connect(&board->dap, &why) != CAUSE_GONE ||
		    reason_finding(&why) == FINDING_B10)
			return false;
	}
	return true;
}

/* Answered at a slower clock: it may have been the time that passed and not the clock, as with
 * a core that wakes now and then. So the clock wanted is tried once more. */
static bool
is_to_look_again(struct connect_job *connect)
{
	uint32_t slow_hz = connect->hz;
	struct reason why = REASON_INIT;
	struct board *board = connect->nrst.board;

	if (connect->is_second_look || clock_of(connect) >= wanted_hz(connect))
		return false;
	connect->is_second_look = true;
	if (set_clock(board, wanted_hz(connect), &why) == CAUSE_NONE &&
	    dap_connect(&board->dap, &why) == CAUSE_NONE) {
		connect->hz = 0;
		return false;
	}
	connect->is_unanswered = is_never_answered(board);
	connect->hz = slow_hz;
	return true;
}

/* One clock after the other, until a debug port answers. */
static enum cause
link_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	struct board *board = board_of(job);
	uint32_t hz = clock_of(connect);
	enum cause cause = set_clock(board, hz, why);

	if (cause != CAUSE_NONE)
		return cause;
	cause = dap_connect(&board->dap, why);
	if (cause == CAUSE_GONE)
		return slow_down(connect, hz, why);
	*done = cause == CAUSE_NONE && !is_to_look_again(connect);
	if (*done)
		know_link(connect);
	return cause;
}

static enum cause
find_stage(struct staged_job *job, bool *done, struct reason *why)
{
	enum cause cause = board_find_core(board_of(job), why);

	*done = true;
	if (cause == CAUSE_NONE)
		facts_know(&board_of(job)->facts, FACT_CORE_PORT,
			   board_of(job)->cores[0].mem.ap);
	return cause;
}

/* A chip that was just switched on may still be in reset, by a slow NRST; one that stays in
 * it answers for its debug port, but not for what identifies it. */
static enum cause
find_awake_stage(struct staged_job *job, bool *done, struct reason *why)
{
	uint32_t ms = nrst_settle_ms(board_of(job));

	nrst_wait_for(nrst_job_of(job), ms < AWAKE_MS ? ms : AWAKE_MS);
	return find_stage(job, done, why);
}

/* An earlier program may have left NRST low, and the probe has kept it so. */
static enum cause
awake_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	enum cause cause = nrst_settle(job, done, why);

	if (cause != CAUSE_NONE || *done || connect->was_released ||
	    !board_of(job)->cores[0].was_reset)
		return cause;
	connect->was_released = true;
	cause = probe_drive_nrst(board_of(job)->probe, false, why);
	return cause == CAUSE_UNSUPPORTED ? CAUSE_NONE : cause;
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
	if (cause == CAUSE_NONE && !connect_of(job)->is_under_reset &&
	    !connect_of(job)->is_caught)
		facts_know(&board->facts, FACT_WAS_HALTED, board->cores[0].is_halted);
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

/* What was in the way is what has to be changed, in the program or on the board. */
static void
tell_rescue(struct connect_job *connect, const char *how)
{
	struct board *board = connect->nrst.board;
	struct reason *why = &board->rescue;
	char words[REASON_SPACE];

	reason_begin(why, CAUSE_GONE, "%s",
		     reason_root(&connect->attach_why)[0] != '\0'
			     ? reason_root(&connect->attach_why)
			     : reason_root(&connect->link_why));
	verdict_conclude(&board->facts, why);
	reason_while(why, "connected %s", how);
	board->is_rescued = true;
	reason_line(why, words, sizeof(words));
	log_warning("board", "%s", words);
}

static void
tell_slower(struct connect_job *connect)
{
	struct board *board = connect->nrst.board;
	char how[64];

	facts_know(&board->facts, FACT_SLOW_CLOCK_HELPS, 1);
	if (connect->is_unanswered)
		facts_know(&board->facts, FACT_CLOCK_UNANSWERED, 1);
	snprintf(how, sizeof(how), "at %u kHz only, not at %u kHz",
		 (unsigned)clock_of(connect) / KHZ, (unsigned)wanted_hz(connect) / KHZ);
	tell_rescue(connect, how);
}

static void
tell_rescues(struct connect_job *connect)
{
	const char *root = reason_root(&connect->attach_why);

	if (connect->is_under_reset && root[0] != '\0') {
		tell_rescue(connect, "under reset only");
	} else if (connect->is_caught) {
		tell_rescue(connect, connect->watch_ms != 0
					     ? "by catching the core as it started"
					     : "by catching the core awake");
	} else if (clock_of(connect) < wanted_hz(connect)) {
		tell_slower(connect);
	}
}

static enum cause
finish_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);
	struct board *board = board_of(job);

	(void)why;
	if (!connect->is_under_reset && !connect->is_caught)
		facts_know(&board->facts, FACT_ATTACHED, 1);
	board_tried(board, connect->step->name, "connected");
	tell_rescues(connect);
	log_debug("board", "connected%s: %s", connect->is_under_reset ? " under reset" : "",
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
		facts_know(&board_of(job)->facts, FACT_ANSWERS_IN_RESET, 1);
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

	if (cause == CAUSE_NONE && *done)
		facts_know(&board->facts, FACT_CAUGHT_AT_RESET, board->cores[0].was_reset);
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

/* After a reset that was needed: what the flags of RCC and PWR tell of the program. */
static enum cause
flags_stage(struct staged_job *job, bool *done, struct reason *why)
{
	(void)why;
	*done = true;
	board_look_at_flags(board_of(job));
	return CAUSE_NONE;
}

static bool
reach_core(struct connect_job *connect)
{
	struct board *board = connect->nrst.board;
	struct reason why = REASON_INIT;

	if (connect->is_reached)
		return true;
	if (dap_connect(&board->dap, &why) == CAUSE_NONE)
		return board_find_core(board, &why) == CAUSE_NONE;
	/* A chip on its way into Stop is met with WAIT first. */
	if (reason_finding(&why) == FINDING_C3)
		facts_know(&board->facts, FACT_FIRST_ANSWER, ANSWER_NO_POWER_UP);
	return false;
}

/* A core that sleeps lets a debugger in when it wakes, for as long as it is awake: at once C_HALT,
 * which keeps it so. Before that nothing that takes time. One that is in reset stops at its
 * vector. */
static bool
try_to_catch(struct connect_job *connect)
{
	struct core *core = &connect->nrst.board->cores[0];
	struct reason why = REASON_INIT;
	uint32_t dhcsr = 0;

	connect->is_reached =
		reach_core(connect) &&
		mem_write32(&core->mem, DHCSR_AT, core_control(REG_MASK(DHCSR_C_HALT)),
			    &why) == CAUSE_NONE &&
		core_dhcsr_read(core, &dhcsr, &why) == CAUSE_NONE;
	if (connect->is_reached && connect->watch_ms != 0 &&
	    REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0)
		connect->is_reached = core_demcr_write(core, REG_MASK(DEMCR_VC_CORERESET),
						       &why) == CAUSE_NONE;
	return connect->is_reached && core->is_halted;
}

static uint32_t
catch_ms(const struct connect_job *connect)
{
	return connect->watch_ms != 0 ? connect->watch_ms : CATCH_MS;
}

static enum cause
begin_catch_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);

	connect->patience = deadline_in_ms(board_clock(board_of(job)), catch_ms(connect));
	board_of(job)->dap.wait_ms = CATCH_WAIT_MS;
	*done = true;
	return set_clock(board_of(job), wanted_hz(connect), why);
}

static enum cause
catch_asleep_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct connect_job *connect = connect_of(job);

	connect->is_caught = *done = try_to_catch(connect);
	job->job.wait_us = *done ? 0 : CATCH_PAUSE_US;
	if (*done)
		board_of(job)->dap.wait_ms = DAP_WAIT_MS;
	/* Without a probe no core is caught. */
	if (!*done && probe_is_lost(board_of(job)->probe)) {
		*why = *probe_lost_why(board_of(job)->probe);
		return why->cause;
	}
	if (*done || !deadline_is_over(&connect->patience))
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_TIMEOUT, "the core was not caught awake in %u ms",
			    (unsigned)catch_ms(connect));
}

/* DBGMCU keeps its debug clock on from here. */
static enum cause
let_run_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct core *core = &board_of(job)->cores[0];
	enum cause cause = mem_write32(&core->mem, DFSR_AT, DFSR_ALL, why);

	*done = true;
	facts_know(&board_of(job)->facts, FACT_CAUGHT, 1);
	return cause == CAUSE_NONE ? core_let_run(core, why) : cause;
}

static const struct job_stage catch_stages[] = {
	{ "begin to catch the core awake", begin_catch_stage, NULL },
	{ "catch the core awake", catch_asleep_stage, NULL },
	{ "identify the chip", identify_stage, NULL },
	{ "claim the cores", claim_stage, NULL },
	{ "let it run", let_run_stage, NULL },
	{ "finish", finish_stage, NULL },
	{ 0 },
};

/* It stays halted: what the program does next is to close the door. */
static enum cause
forget_catch_stage(struct staged_job *job, bool *done, struct reason *why)
{
	*done = true;
	return mem_write32(&board_of(job)->cores[0].mem, DFSR_AT, DFSR_ALL, why);
}

static const struct job_stage watch_stages[] = {
	{ "begin to watch", begin_catch_stage, NULL },
	{ "catch the core at a sign of life", catch_asleep_stage, NULL },
	{ "identify the chip", identify_stage, NULL },
	{ "claim the cores", claim_stage, NULL },
	{ "forget the catch", forget_catch_stage, NULL },
	{ "finish", finish_stage, NULL },
	{ 0 },
};

static const struct job_stage attach_stages[] = {
	{ "find a debug port", link_stage, NULL },
	{ "find a core", find_awake_stage, NULL },
	{ "wait until out of reset", awake_stage, NULL },
	{ "identify the chip", identify_stage, NULL },
	{ "claim the cores", claim_stage, NULL },
	{ "halt", halt_stage, NULL },
	{ "finish", finish_stage, NULL },
	{ 0 },
};

/* Pulling NRST comes before everything, letting it go after the core is set to stop: the
 * program that made the chip unreachable must not get to run. */
#define STAGES_BEFORE_LOW                                                            \
	{ "leave debug mode", leave_stage, NULL }, { "pull NRST", nrst_pull, NULL }, \
	{                                                                            \
		"hold NRST", nrst_hold, NULL                                         \
	}
#define STAGES_FROM_LOW                                           \
	{ "find a debug port", link_low_stage, NULL },            \
		{ "find a core", find_stage, NULL },              \
		{ "set vector catch", catch_stage, NULL },        \
		{ "see NRST low", nrst_see_low, NULL },           \
		{ "release NRST", release_stage, NULL },          \
		{ "wait until out of reset", nrst_settle, NULL }, \
		{ "wait for the halt", caught_stage, NULL },      \
		{ "identify the chip", identify_stage, NULL },    \
		{ "look at the reset flags", flags_stage, NULL }, \
		{ "claim the cores", claim_stage, NULL },         \
		{ "finish", finish_stage, NULL },                 \
	{                                                         \
		0                                                 \
	}

static const struct job_stage under_reset_stages[] = { STAGES_BEFORE_LOW, STAGES_FROM_LOW };
static const struct job_stage held_stages[] = { STAGES_FROM_LOW };

/* The first is where it begins, and is not come back to. */
static bool
suits_attach(const struct connect_job *connect)
{
	return connect->step == NULL;
}

/* What attached and then fell silent, as with wires that lose a bit in thousands. */
static bool
suits_slower(const struct connect_job *connect)
{
	const struct facts *facts = &connect->nrst.board->facts;

	return !facts_is(facts, FACT_FIRST_ANSWER, ANSWER_HELD_IN_RESET) &&
	       facts->of[FACT_DPIDR].is_known && connect->hz == 0 &&
	       connect->last_why.cause == CAUSE_GONE &&
	       slower_than(wanted_hz(connect)) != 0;
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

static const struct step ladder[] = {
	{ "attach", attach_stages, SIDE_NONE, suits_attach },
	{ "attach at a slower clock", attach_stages, SIDE_CLOCK, suits_slower },
	{ "catch the core awake", catch_stages, SIDE_HALT, suits_catch },
	{ "connect under reset", under_reset_stages, SIDE_RESET, suits_under_reset },
};
enum { STEPS = sizeof(ladder) / sizeof(ladder[0]) };

static enum link_answer
answer_of(enum cause cause, const struct reason *why)
{
	switch (reason_finding(why)) {
	case FINDING_B12:
		return ANSWER_HELD_IN_RESET;
	case FINDING_B10:
	case FINDING_LINK_NO_CLOCK_HELPS:
		return ANSWER_DAMAGED;
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

/* The first failure is the one that says how the target is met. */
static void
take_failure(struct connect_job *connect, enum cause cause, const struct reason *why)
{
	struct board *board = connect->nrst.board;
	struct facts *facts = &board->facts;

	board_tried(board, connect->step->name, reason_root(why));
	connect->cause = cause;
	connect->last_why = *why;
	if (connect->is_under_reset && cause == CAUSE_GONE &&
	    !facts->of[FACT_ANSWERS_IN_RESET].is_known)
		facts_know(facts, FACT_ANSWERS_IN_RESET, 0);
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

	while (step < ladder + STEPS &&
	       (step->side > connect->permitted || !step->suits(connect)))
		step++;
	if (step == ladder + STEPS)
		return false;
	log_info("board", "%s; trying to %s", reason_root(&connect->last_why), step->name);
	connect->hz = step->side == SIDE_CLOCK ? slower_than(wanted_hz(connect)) : 0;
	connect->is_second_look = step->side == SIDE_CLOCK;
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

	board_of(job)->dap.wait_ms = DAP_WAIT_MS;
	if (connect->watch_ms != 0)
		return cause;
	if (connect->examination != NULL || probe_is_lost(board_of(job)->probe))
		return word_failure(connect, cause, why);
	take_failure(connect, cause, why);
	if (!is_silence(cause))
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
	know_part(board);
	connect->permitted = permitted(board, is_gentle);
	connect->is_under_reset =
		!is_gentle && board->options.connect == CONNECT_UNDER_RESET;
	connect->step = connect->is_under_reset ? &ladder[STEPS - 1] : &ladder[0];
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
					   .stages = watch_stages,
					   .side = SIDE_HALT };
	struct connect_job *connect = calloc(1, sizeof(*connect));

	if (connect == NULL)
		return board_no_job(board, "watching");
	connect->permitted = SIDE_HALT;
	connect->watch_ms = ms;
	connect->step = &watch;
	if (board->is_lost)
		connect->attach_why = board->lost_why;
	nrst_job_init(&connect->nrst, board, "watching", watch_stages, &connect_ops);
	return &connect->nrst.staged.job;
}

struct job *
board_connect_held(struct board *board)
{
	struct connect_job *connect = calloc(1, sizeof(*connect));

	if (connect == NULL)
		return board_no_job(board, "connecting");
	connect->permitted = SIDE_RESET;
	connect->is_under_reset = true;
	connect->step = &ladder[STEPS - 1];
	nrst_job_init(&connect->nrst, board, "connecting", held_stages, &connect_ops);
	connect->nrst.is_low = true;
	return &connect->nrst.staged.job;
}
