/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include "flash/algorithms/status.h"
#include "transport/base/bytes.h"

#include <string.h>

/* The second parameter of Init and the only one of UnInit, by CMSIS-Pack. */
enum algorithm_function { FUNCTION_ERASE = 1, FUNCTION_PROGRAM = 2, FUNCTION_VERIFY = 3 };

enum cause
load_start_call(struct load *load, const struct runner_call *call, struct reason *why)
{
	enum cause cause = runner_start(load->runner, call, why);

	load->is_calling = cause == CAUSE_NONE;
	return cause;
}

unsigned
load_bank_index(const struct load *load, const struct flash_bank *bank)
{
	return (unsigned)(bank - load->part->geometry.banks);
}

static uint64_t
wait_us(struct load *load)
{
	uint64_t us = runner_wait_us(load->runner);

	if (us < LOAD_POLL_US)
		return LOAD_POLL_US;
	return us > LOAD_MAX_WAIT_US ? LOAD_MAX_WAIT_US : us;
}

enum cause
load_await_calls(struct load *load, const struct flash_bank *bank, unsigned *finished,
		 struct reason *why)
{
	uint32_t status = 0;
	enum cause cause = runner_poll(load->runner, finished, &status, why);

	load->is_second_failed = false;
	if (cause != CAUSE_NONE) {
		load->is_calling = false;
		/* It did not return. */
		if (cause == CAUSE_TIMEOUT || cause == CAUSE_FAULT)
			flash_driver_add_status(load->part->driver, load->core, bank->entry,
						why);
		return cause;
	}
	load->is_calling = runner_calls(load->runner) > 0;
	load->is_second_failed =
		algorithm_of(load)->has_pairs && (status & ALGORITHM_SECOND) != 0;
	if (load->is_second_failed)
		status &= ~(uint32_t)ALGORITHM_SECOND;
	if (*finished == 0 && status == 0)
		load->staged.job.wait_us = wait_us(load);
	if (status == 0)
		return CAUSE_NONE;
	cause = flash_driver_explain(load->part->driver, load->core,
				     load->part->geometry.banks[0].entry->registers, status,
				     why);
	/* Then it is no status of the flash's. */
	runner_suspect_written_over(load->runner, why);
	return cause;
}

enum cause
load_open(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause;

	*done = true;
	if (load->began_us == 0)
		load->began_us = clock_now_us(load->clock);
	load_make_parameters(load);
	load_begin_lanes(load);
	cause = runner_open(load->core, load->board, algorithm_of(load), &load->banks,
			    &load->runner, why);
	if (cause != CAUSE_NONE)
		return cause;
	load->is_fast = board_has_raised_clock(load->board);
	staged->job.ram_at = runner_ram_at(load->runner);
	staged->job.ram_size = runner_ram_size(load->runner);
	return CAUSE_NONE;
}

enum cause
load_equip(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);

	*done = true;
	load_measure_supply(load);
	return runner_equip(load->runner, why);
}

/* A call that is made once, before or after erasing or programming. */
static enum cause
call_once(struct load *load, const struct runner_call *call, const char *doing, bool *done,
	  struct reason *why)
{
	unsigned finished;
	enum cause cause;

	if (load->is_calling) {
		cause = load_await_calls(load, &load->part->geometry.banks[0], &finished,
					 why);
		*done = !load->is_calling;
	} else {
		cause = load_start_call(load, call, why);
	}
	return cause == CAUSE_NONE ? cause : reason_while(why, "%s", doing);
}

/* By the names of the stages that make them (load.c). */
static const struct once {
	const char *stage, *doing;
	bool is_init;
	enum algorithm_function function;
} onces[] = {
	{ "prepare to erase", "preparing to erase", true, FUNCTION_ERASE },
	{ "finish the erase", "finishing the erase", false, FUNCTION_ERASE },
	{ "prepare to program", "preparing to program", true, FUNCTION_PROGRAM },
	{ "finish programming", "finishing programming", false, FUNCTION_PROGRAM },
	{ "prepare to read", "preparing to read", true, FUNCTION_VERIFY },
	{ "finish reading", "finishing reading", false, FUNCTION_VERIFY },
};

static const struct once *
once_of(const struct staged_job *staged)
{
	const char *stage = staged->stages[staged->next].name;

	for (size_t i = 0; i < array_len(onces); i++)
		if (strcmp(onces[i].stage, stage) == 0)
			return &onces[i];
	return NULL;
}

enum cause
load_call_once(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct algorithm *algorithm = algorithm_of(load);
	const struct once *once = once_of(staged);
	struct runner_call call = { .success = algorithm->success,
				    .timeout_ms = algorithm->erase_ms };

	if (once == NULL)
		return reason_begin(why, CAUSE_BUG, "no call belongs to the stage \"%s\"",
				    staged->stages[staged->next].name);
	/* Init(address, clock, function), where the clock is not known, or UnInit(function). */
	call.entry = once->is_init ? algorithm->init : algorithm->uninit;
	call.r0 = once->is_init ? load->part->geometry.banks[0].base : once->function;
	call.r2 = once->function;
	return call_once(load, &call, once->doing, done, why);
}

/* A call that is running is given the time it may take: better than to leave the flash in
 * the middle of it. How it ends no longer matters, and none is begun after it. */
enum cause
load_cut_short(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct algorithm *algorithm = algorithm_of(load);
	uint32_t ms = algorithm->erase_ms > algorithm->program_ms ? algorithm->erase_ms
								  : algorithm->program_ms;
	struct reason ignored = REASON_INIT;
	enum cause cause = CAUSE_NONE;

	(void)why;
	if (!load->is_cut_short) {
		load->cut_deadline = deadline_in_ms(load->clock, ms);
		cause = runner_stop(load->runner, &ignored);
	}
	load->is_cut_short = true;
	if (cause == CAUSE_NONE)
		cause = runner_is_idle(load->runner, done, &ignored);
	if (cause != CAUSE_NONE || deadline_is_over(&load->cut_deadline))
		*done = true;
	staged->job.wait_us = *done ? 0 : LOAD_POLL_US;
	load->is_calling = !*done;
	return CAUSE_NONE;
}

enum cause
load_close(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	enum cause cause;

	cause = runner_put_back(load->runner, done, why);
	if (cause == CAUSE_NONE && !*done)
		return CAUSE_NONE;
	runner_free(load->runner);
	load->runner = NULL;
	staged->job.ram_size = 0;
	load->from = 0; /* once more from the start, to verify */
	return cause;
}
