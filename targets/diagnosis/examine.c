/* SPDX-License-Identifier: MIT */
#include "targets/diagnosis/examine_internal.h"

#include "transport/base/log.h"

#include <stdlib.h>
#include <string.h>

/* What an experiment needs of the bench. */
enum {
	NEEDS_NOTHING = 0,
	NEEDS_SILENCE =
		1 << 0,      /* the target does not answer, or did only at a slower clock */
	NEEDS_CORE = 1 << 1, /* connected */
	NEEDS_RESCUE = 1 << 2, /* connected, and halted at its reset vector to get there */
	NEEDS_WISH = 1 << 3,   /* the test of NRST was asked for */
	NEEDS_PORT = 1 << 4    /* not connected, although a debug port answered */
};

static const struct entry {
	struct experiment experiment;
	experiment_function *run;
	experiment_words *say;
} table[] = {
	{ { "supply",
	    "supply",
	    "measured the target's supply for 100 ms",
	    SIDE_NONE,
	    NEEDS_NOTHING,
	    { 20, 400, 5 },
	    { FACT_TARGET_VOLTAGE, FACT_TARGET_VOLTAGE_LEAST, FACT_TARGET_VOLTAGE_MOST,
	      FACT_VOLTAGE_DIPS, FACT_VAPP_FLOATS, FACTS } },
	  examine_supply,
	  say_supply },
	{ { "pins",
	    "pins",
	    "read the levels of the probe's pins",
	    SIDE_NONE,
	    NEEDS_NOTHING,
	    { 10, 100, 1 },
	    { FACT_SWDIO, FACT_SWCLK, FACT_NRST_LEVEL, FACTS } },
	  examine_pins,
	  say_pins },
	{ { "link",
	    "SWD",
	    "read DPIDR at each clock",
	    SIDE_CLOCK,
	    NEEDS_NOTHING,
	    { 300, 2000, 60 },
	    { FACT_LINK_READS, FACT_LINK_LOST, FACT_LINK_DAMAGED, FACT_LINK_FAILURES,
	      FACT_LINK_BREAKS, FACT_CLEAN_CLOCK, FACT_SLOW_CLOCK_HELPS,
	      FACT_CLOCK_UNANSWERED, FACTS } },
	  examine_link,
	  say_link },
	{ { "held",
	    "reset",
	    "read DHCSR after NRST was let go",
	    SIDE_NONE,
	    NEEDS_PORT,
	    { 100, 1500, 10 },
	    { FACT_NRST_STUCK, FACTS } },
	  examine_held,
	  say_held },
	{ { "flags",
	    "cause",
	    "read the reset flags of RCC and PWR",
	    SIDE_NONE,
	    NEEDS_CORE,
	    { 10, 200, 3 },
	    { FACT_WATCHDOG_FLAG, FACT_SOFTWARE_FLAG, FACT_POWER_FLAG, FACT_LOW_POWER_FLAG,
	      FACT_STANDBY_FLAG, FACTS } },
	  examine_flags,
	  say_flags },
	{ { "core",
	    "core",
	    "watched DHCSR of the core",
	    SIDE_NONE,
	    NEEDS_CORE,
	    { 350, 3000, 4 },
	    { FACT_CORE_NONSENSE, FACT_SLEEPS, FACT_LOCKED_UP, FACT_WAS_HALTED,
	      FACT_RESETS_SEEN, FACT_RESET_PERIOD, FACTS } },
	  examine_core,
	  say_core },
	{ { "ports",
	    "chip",
	    "read the ROM table of the core's access port",
	    SIDE_NONE,
	    NEEDS_CORE,
	    { 20, 200, 70 },
	    { FACT_CORE_PORT, FACT_DESIGNER, FACT_IS_FROM_ST, FACT_DEV_ID, FACT_IS_IN_TABLE,
	      FACT_SECOND_CORE_HELD, FACT_SECOND_CORE_ASLEEP, FACTS } },
	  examine_ports,
	  say_ports },
	{ { "memory",
	    "flash",
	    "read the option bytes and the first words of flash",
	    SIDE_NONE,
	    NEEDS_CORE,
	    { 50, 500, 40 },
	    { FACT_RDP, FACT_RDP_LEVEL, FACT_FLASH_READS, FACT_FLASH_EMPTY, FACT_BUS_HANGS,
	      FACT_FLASH_WORD, FACT_FLASH_WORD_FITS, FACT_EXECUTE_ONLY, FACT_BANKS_SWAP,
	      FACT_BOOT_LOCK, FACT_TRUSTZONE, FACT_SECURE_DEBUG, FACT_BOOT0_IS_SWCLK,
	      FACT_HSI_OFF, FACTS } },
	  examine_memory,
	  say_memory },
	{ { "carry",
	    "64 KiB",
	    "read up to 64 KiB of flash",
	    SIDE_NONE,
	    NEEDS_CORE,
	    { 50, 600, 2 },
	    { FACT_DATA_DAMAGED, FACTS } },
	  examine_carry,
	  say_carry },
	{ { "program",
	    "PC",
	    "sampled the program counter",
	    SIDE_NONE,
	    NEEDS_CORE,
	    { 20, 300, 2 },
	    { FACT_PC, FACT_IN_BOOT_LOADER, FACTS } },
	  examine_program,
	  say_program },
	{ { "run",
	    "run",
	    "let the program run from reset and watched how it is lost",
	    SIDE_HALT,
	    NEEDS_RESCUE,
	    { 1600, 2500, 10 },
	    { FACT_RUN_END, FACT_RUN_TIME, FACT_RUN_VOLTAGE, FACT_SUPPLY_SAGS, FACTS } },
	  examine_run,
	  say_run },
	{ { "nrst",
	    "NRST",
	    "pulled NRST low, released it, and where that had no effect reset by "
	    "AIRCR.SYSRESETREQ",
	    SIDE_RESET,
	    NEEDS_CORE | NEEDS_WISH,
	    { 0, 0, 0 },
	    { FACT_NRST_RESETS, FACT_NRST_FALL, FACT_NRST_RISE, FACT_NRST_RISE_MOST,
	      FACT_NRST_CAPACITANCE, FACT_NRST_LEVEL_PULLED, FACT_SOFT_RESET,
	      FACT_SOFT_RESET_ENDS, FACTS } },
	  examine_nrst,
	  say_nrst },
};

const struct experiment *
experiment_at(size_t index)
{
	return index < array_len(table) ? &table[index].experiment : NULL;
}

bool
experiment_was_run(const struct board *board, size_t index)
{
	return (board->experiments >> index & 1) != 0;
}

bool
experiment_was_short(const struct board *board, size_t index)
{
	return (board->experiments_short >> index & 1) != 0;
}

void
experiment_add_words(const struct board *board, size_t index, struct text *words)
{
	table[index].say(board, words);
}

const struct bench_readings *
board_readings(const struct board *board)
{
	return &board->readings;
}

static unsigned
state_of(const struct examination *x)
{
	const struct board *board = x->nrst.board;
	unsigned state = 0;

	if (board->is_connected)
		state |= NEEDS_CORE;
	if (board->is_connected && facts_is(&board->facts, FACT_CAUGHT_AT_RESET, 1))
		state |= NEEDS_RESCUE;
	if (x->tests_nrst)
		state |= NEEDS_WISH;
	if (!board->is_connected && board->facts.of[FACT_DPIDR].is_known &&
	    !board->facts.of[FACT_NRST_STUCK].is_known)
		state |= NEEDS_PORT;
	return state;
}

static bool
is_wanted(const struct examination *x)
{
	const struct experiment *experiment = &table[x->at].experiment;

	return experiment->side <= x->permitted &&
	       (experiment->needs & ~state_of(x)) == 0 &&
	       !experiment_was_run(x->nrst.board, x->at);
}

/* What it was to find out remains open, and nothing may be concluded from that. */
static void
leave_short(struct examination *x)
{
	const struct experiment *experiment = &table[x->at].experiment;

	x->nrst.board->experiments_short |= UINT32_C(1) << x->at;
	for (size_t i = 0; i < EXPERIMENT_MAX_YIELDS && experiment->yields[i] != FACTS; i++)
		facts_skip(facts_of(x), experiment->yields[i]);
}

/* Microseconds that a read of a register takes: by the core's port, where the clock may be slow; else by a
 * probe that is slow. */
static uint64_t
read_us(const struct examination *x)
{
	struct board *board = x->nrst.board;
	uint64_t begun_us = clock_now_us(board_clock(board));
	uint32_t cpuid;

	if ((table[x->at].experiment.needs & NEEDS_CORE) == 0)
		return probe_answer_us(board->probe);
	(void)examine_read(board, CPUID_AT, &cpuid);
	return clock_now_us(board_clock(board)) - begun_us;
}

static bool
is_to_run(struct examination *x)
{
	enum { US_PER_MS = 1000 };
	const struct experiment *experiment = &table[x->at].experiment;

	if (!is_wanted(x))
		return false;
	if (examine_has_ms(x,
			   experiment->takes.least_ms + (uint32_t)(experiment->takes.reads *
								   read_us(x) / US_PER_MS)))
		return true;
	leave_short(x);
	return false;
}

static void
begin_next(struct examination *x)
{
	x->step = x->count = x->seen = x->asleep = x->undebugged = 0;
	x->damaged = x->whole = x->failures = x->rounds_back = 0;
	x->looks_back = x->is_short = x->is_run_silent = false;
	x->run_looks = 0;
	x->last_us = x->round_us = 0;
	x->most_ms = x->at < array_len(table) ? table[x->at].experiment.takes.most_ms : 0;
	x->begun_us = clock_now_us(board_clock(x->nrst.board));
}

/* A target that is silent once and then answers was reset, as by a supply that dips; or, unless it
 * sleeps, it gave an answer that was damaged on its way: what the experiment found after it counts for
 * nothing. */
static bool
has_link_broken(struct examination *x)
{
	struct board *board = x->nrst.board;
	struct reason why = REASON_INIT;
	uint32_t dhcsr = 0;

	if (!board->is_connected || !dap_is_lost(&board->dap) ||
	    probe_is_lost(board->probe))
		return false;
	dap_forget_loss(&board->dap);
	if (dap_connect(&board->dap, &why) != CAUSE_NONE ||
	    core_dhcsr_read(board_main_core(board), &dhcsr, &why) != CAUSE_NONE)
		return false;
	if (REG_GET(dhcsr, DHCSR_S_RESET_ST) != 0 &&
	    table[x->at].experiment.side == SIDE_NONE)
		examine_count_reset(board, 1);
	if ((dhcsr & (REG_MASK(DHCSR_S_RESET_ST) | REG_MASK(DHCSR_S_SLEEP))) != 0)
		return false;
	facts_know(&board->facts, FACT_DATA_DAMAGED, 1);
	return true;
}

/* Runs the next step of the experiment. True: it is over. */
static bool
run_experiment(struct examination *x)
{
	enum { REPEATS_MAX = 3 };

	if (!table[x->at].run(x))
		return false;
	if (!has_link_broken(x) || x->repeats == REPEATS_MAX || examine_is_late(x))
		return true;
	x->repeats++;
	begin_next(x);
	return false;
}

/* Where the target did not answer the probe may not have been asked anything that shows it. */
static void
know_answer_time(struct board *board)
{
	enum { ASKS = 4 };
	uint32_t us;

	for (unsigned i = 0; i < ASKS && board->probe->answers.counted < ASKS; i++) {
		struct reason why = REASON_INIT;
		struct probe_pins pins;
		unsigned millivolts;

		if (probe_measure_vtarget(board->probe, &millivolts, &why) ==
		    CAUSE_UNSUPPORTED)
			(void)probe_read_pins(board->probe, &pins, &why);
		if (board->probe->answers.least_us < PROBE_SLOW_US)
			return;
	}
	us = probe_answer_us(board->probe);
	if (us != 0)
		facts_know(&board->facts, FACT_ANSWER_TIME, us);
}

/* x->is_begun stays false: there is none. */
static void
find_next(struct examination *x)
{
	while (x->at < array_len(table) && !is_to_run(x))
		x->at++;
	begin_next(x);
	x->is_begun = x->at < array_len(table);
}

static enum cause
examine_stage(struct staged_job *job, bool *done, struct reason *why)
{
	struct examination *x = container_of(nrst_job_of(job), struct examination, nrst);
	struct board *board = x->nrst.board;

	(void)why;
	if (x->at == 0)
		know_answer_time(board);
	if (!x->is_begun)
		find_next(x);
	*done = !x->is_begun;
	if (*done || !run_experiment(x))
		return CAUSE_NONE;
	log_debug("job", "%s: \"%s\" took %u ms", job->job.name,
		  table[x->at].experiment.name, (unsigned)(examine_age_us(x) / 1000));
	/* A clock that gave way, since the connection began, has hidden what was damaged. */
	if (link_clock_has_given_way(&board->dap))
		facts_know(&board->facts, FACT_DATA_DAMAGED, 1);
	board->experiments |= UINT32_C(1) << x->at;
	if (x->is_short)
		leave_short(x);
	x->at++;
	x->is_begun = false;
	return CAUSE_NONE;
}

static const struct job_stage stages[] = {
	{ "examine", examine_stage, NULL },
	{ 0 },
};

static enum cause
clean_up(struct staged_job *job, enum cause after, struct reason *why)
{
	(void)after;
	return nrst_let_go(nrst_job_of(job), why);
}

struct job *
board_examine(struct board *board, enum side_effect permitted, bool tests_nrst)
{
	static const struct staged_ops ops = { .clean_up = clean_up };
	struct examination *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return board_no_job(board, "examining the target");
	nrst_job_init(&x->nrst, board, "examining the target", stages, &ops);
	x->permitted = permitted;
	x->tests_nrst = tests_nrst;
	if (board->is_connected)
		board->verdict = deadline_in_ms(board_clock(board), EXAMINATION_MS);
	return &x->nrst.staged.job;
}
