/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include "transport/base/log.h"

#include <stdlib.h>

/* The estimate does not count what pads the ends of pieces, so it may be passed. */
void
load_add_progress(struct load *load, uint64_t cost_us)
{
	uint64_t permille;

	load->cost_done_us += cost_us;
	permille = load->cost_done_us * 1000 / (load->cost_us + 1);
	load->job.done_permille = permille < 1000 ? (unsigned)permille : 999;
}

static load_phase *const phases[] = {
	load_open,    load_init_erase,     load_erase, load_uninit_erase, load_init_program,
	load_program, load_uninit_program, load_close, load_verify,
};

/* A call that is running is given the time it may take: better than to leave the flash in
 * the middle of it. */
static void
let_call_finish(struct load *load)
{
	const struct algorithm *algorithm = algorithm_of(load);
	uint32_t ms = algorithm->erase_ms > algorithm->program_ms ? algorithm->erase_ms
								  : algorithm->program_ms;
	struct deadline deadline = deadline_in_ms(load->clock, ms);
	struct reason ignored = REASON_INIT;
	bool finished = false;
	uint32_t status;

	/* How it ended concerns nobody any more. */
	while (!finished && !deadline_is_over(&deadline)) {
		if (runner_poll(load->runner, &finished, &status, &ignored) != CAUSE_NONE)
			break;
		if (!finished)
			clock_sleep_us(load->clock, LOAD_POLL_US);
	}
	load->is_calling = false;
}

static enum cause
clean_up(struct load *load, struct reason *why)
{
	if (load->is_calling)
		let_call_finish(load);
	return load_close_runner(load, why);
}

static enum cause
load_step(struct job *job, bool *done, struct reason *why)
{
	struct load *load = container_of(job, struct load, job);
	struct reason second = REASON_INIT;
	bool over = false;
	enum cause cause = phases[load->phase](load, &over, why);

	if (cause != CAUSE_NONE) {
		/* The first trouble is the one to tell; this may well fail for the same. */
		clean_up(load, &second);
		return cause;
	}
	load->phase += over;
	*done = load->phase == array_len(phases);
	if (!*done)
		return CAUSE_NONE;
	job->done_permille = 1000;
	log_info("flash", "%u bytes programmed, %u verified, %u sectors erased in %u ms",
		 (unsigned)load->result.bytes_programmed,
		 (unsigned)load->result.bytes_verified,
		 (unsigned)load->result.sectors_erased, (unsigned)load->result.device_ms);
	return CAUSE_NONE;
}

static enum cause
load_cancel(struct job *job, struct reason *why)
{
	return clean_up(container_of(job, struct load, job), why);
}

static void
load_free(struct job *job)
{
	struct load *load = container_of(job, struct load, job);
	struct reason ignored = REASON_INIT;

	/* Only when nobody cancelled it; then nobody listens either. */
	clean_up(load, &ignored);
	plan_clear(&load->plan);
	load_request_clear(&load->request);
	free(load);
}

static const struct job_ops load_ops = {
	.step = load_step,
	.cancel = load_cancel,
	.free = load_free,
};

static enum cause
find_driver(struct load *load, struct reason *why)
{
	load->driver = flash_driver_of(load->geometry.device->flash_interface);
	if (load->driver != NULL)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_UNSUPPORTED, "there is no flash loader for %s",
			    load->geometry.device->name);
}

static void
estimate(struct load *load)
{
	uint64_t bytes = load->request.image.bytes_total;

	load->cost_us = load->plan.len * (uint64_t)ERASE_COST_US +
			cost_of(bytes, PROGRAM_COST_US_PER_KIB + VERIFY_COST_US_PER_KIB);
}

/* What load_begin() looks at before anything is touched. */
static enum cause
prepare(struct load *load, struct load_request *request, struct reason *why)
{
	enum cause cause = load_request_take(request, &load->request, why);

	if (cause == CAUSE_NONE)
		cause = geometry_read(load->board, &load->geometry, why);
	if (cause == CAUSE_NONE)
		cause = find_driver(load, why);
	if (cause == CAUSE_NONE)
		cause = plan_make(&load->plan, load->board, &load->geometry, &load->request,
				  why);
	return cause;
}

enum cause
load_begin(struct core *core, struct board *board, struct load_request *request,
	   struct job **job, struct reason *why)
{
	struct load *load = calloc(1, sizeof(*load));
	enum cause cause;

	*job = NULL;
	if (load == NULL) {
		load_request_clear(request);
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	}
	load->job = (struct job){ .ops = &load_ops, .name = "programming flash" };
	load->core = core;
	load->board = board;
	load->clock = board_probe(board)->clock;
	cause = prepare(load, request, why);
	if (cause != CAUSE_NONE) {
		load_free(&load->job);
		return cause;
	}
	estimate(load);
	*job = &load->job;
	return CAUSE_NONE;
}

const struct load_result *
load_result(struct job *job)
{
	return &container_of(job, struct load, job)->result;
}
