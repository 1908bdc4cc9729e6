/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

/* The second parameter of Init and the only one of UnInit, by CMSIS-Pack. */
enum algorithm_function { FUNCTION_ERASE = 1, FUNCTION_PROGRAM = 2 };

enum cause
load_start_call(struct load *load, uint32_t entry, uint32_t r0, uint32_t r1, uint32_t r2,
		uint32_t timeout_ms, struct reason *why)
{
	enum cause cause = runner_start(load->runner, entry, r0, r1, r2, timeout_ms, why);

	load->is_calling = cause == CAUSE_NONE;
	return cause;
}

static bool
never_came_back(enum cause cause)
{
	return cause == CAUSE_TIMEOUT || cause == CAUSE_FAULT;
}

enum cause
load_await_call(struct load *load, const struct flash_bank *bank, struct reason *why)
{
	bool finished = false;
	uint32_t status = 0;
	enum cause cause = runner_poll(load->runner, &finished, &status, why);

	if (cause != CAUSE_NONE) {
		load->is_calling = false;
		if (never_came_back(cause)) {
			flash_driver_add_status(load->driver, load->core,
						bank->entry->registers, why);
			reason_hint(
				why,
				"reset the chip and load again: the program may have left "
				"it in a state in which flash cannot be programmed, as the "
				"lock-out after a wrong key, which lasts until a reset");
		}
		return cause;
	}
	load->is_calling = !finished;
	if (!finished)
		load->job.wait_us = LOAD_POLL_US;
	if (!finished || status == 0)
		return CAUSE_NONE;
	return flash_driver_explain(load->driver, load->core,
				    load->geometry.banks[0].entry->registers, status, why);
}

enum cause
load_close_runner(struct load *load, struct reason *why)
{
	struct runner *runner = load->runner;
	uint64_t us = clock_now_us(load->clock) - load->began_us;

	if (runner != NULL)
		load->result.device_ms = (uint32_t)((us + 999) / 1000);
	load->runner = NULL;
	return runner_close(runner, why);
}

enum cause
load_open(struct load *load, bool *over, struct reason *why)
{
	*over = true;
	if (!has_work(load))
		return CAUSE_NONE;
	load->began_us = clock_now_us(load->clock);
	return runner_open(load->core, load->board, algorithm_of(load), &load->runner, why);
}

/* A call that is made once, before or after a phase. */
static enum cause
call_once(struct load *load, const char *name, uint32_t entry, uint32_t r0,
	  enum algorithm_function function, bool *over, struct reason *why)
{
	enum cause cause;

	if (!has_work(load)) {
		*over = true;
		return CAUSE_NONE;
	}
	if (load->is_calling) {
		cause = load_await_call(load, &load->geometry.banks[0], why);
		*over = !load->is_calling;
	} else {
		/* UnInit(function), Init(address, clock, function); the clock is not known.
		 */
		cause = load_start_call(load, entry, r0, 0, function,
					algorithm_of(load)->erase_ms, why);
	}
	return cause == CAUSE_NONE ? cause : reason_while(why, "%s", name);
}

enum cause
load_init_erase(struct load *load, bool *over, struct reason *why)
{
	return call_once(load, "preparing to erase", algorithm_of(load)->init,
			 load->geometry.banks[0].base, FUNCTION_ERASE, over, why);
}

enum cause
load_uninit_erase(struct load *load, bool *over, struct reason *why)
{
	return call_once(load, "finishing the erase", algorithm_of(load)->uninit,
			 FUNCTION_ERASE, FUNCTION_ERASE, over, why);
}

enum cause
load_init_program(struct load *load, bool *over, struct reason *why)
{
	return call_once(load, "preparing to program", algorithm_of(load)->init,
			 load->geometry.banks[0].base, FUNCTION_PROGRAM, over, why);
}

enum cause
load_uninit_program(struct load *load, bool *over, struct reason *why)
{
	return call_once(load, "finishing programming", algorithm_of(load)->uninit,
			 FUNCTION_PROGRAM, FUNCTION_PROGRAM, over, why);
}

enum cause
load_close(struct load *load, bool *over, struct reason *why)
{
	*over = true;
	load->from = 0; /* once more from the start, to verify */
	return load_close_runner(load, why);
}
