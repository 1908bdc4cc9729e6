/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include "flash/algorithms/status.h"
#include "transport/base/bytes.h"

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

	load->is_second_failed = load->packing.is_damaged = false;
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
	load->packing.is_damaged =
		load->packing.packer != NULL && (status & ALGORITHM_DAMAGED) != 0;
	cause = flash_driver_explain(load->part->driver, load->core,
				     load->part->geometry.banks[0].entry, status, why);
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

/* A call that is made once, before or after erasing, programming or reading. */
static enum cause
call_once(struct staged_job *staged, const struct runner_call *call, const char *doing,
	  bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
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

/* Init(address, clock, function), where the clock is not known. */
static struct runner_call
init_for(struct staged_job *staged, enum algorithm_function function)
{
	struct load *load = load_of(staged);
	const struct algorithm *algorithm = algorithm_of(load);

	return (struct runner_call){ .success = algorithm->success,
				     .timeout_ms = algorithm->erase_ms,
				     .entry = algorithm->init,
				     .r0 = load->part->geometry.banks[0].base,
				     .r2 = function };
}

/* UnInit(function) */
static struct runner_call
uninit_for(struct staged_job *staged, enum algorithm_function function)
{
	const struct algorithm *algorithm = algorithm_of(load_of(staged));

	return (struct runner_call){ .success = algorithm->success,
				     .timeout_ms = algorithm->erase_ms,
				     .entry = algorithm->uninit,
				     .r0 = function };
}

enum cause
load_prepare_erase(struct staged_job *staged, bool *done, struct reason *why)
{
	struct runner_call call = init_for(staged, FUNCTION_ERASE);

	return call_once(staged, &call, "preparing to erase", done, why);
}

enum cause
load_finish_erase(struct staged_job *staged, bool *done, struct reason *why)
{
	struct runner_call call = uninit_for(staged, FUNCTION_ERASE);

	return call_once(staged, &call, "finishing the erase", done, why);
}

enum cause
load_prepare_program(struct staged_job *staged, bool *done, struct reason *why)
{
	struct runner_call call = init_for(staged, FUNCTION_PROGRAM);

	return call_once(staged, &call, "preparing to program", done, why);
}

enum cause
load_finish_program(struct staged_job *staged, bool *done, struct reason *why)
{
	struct runner_call call = uninit_for(staged, FUNCTION_PROGRAM);

	return call_once(staged, &call, "finishing programming", done, why);
}

enum cause
load_prepare_read(struct staged_job *staged, bool *done, struct reason *why)
{
	struct runner_call call = init_for(staged, FUNCTION_VERIFY);

	return call_once(staged, &call, "preparing to read", done, why);
}

enum cause
load_finish_read(struct staged_job *staged, bool *done, struct reason *why)
{
	struct runner_call call = uninit_for(staged, FUNCTION_VERIFY);

	return call_once(staged, &call, "finishing reading", done, why);
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
