/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include <stdlib.h>

static bool
has_work(struct staged_job *staged)
{
	return load_of(staged)->plan.len > 0;
}

static bool
is_open(struct staged_job *staged)
{
	return load_of(staged)->runner != NULL;
}

/* A second try has read it already. */
static bool
has_to_keep(struct staged_job *staged)
{
	return has_work(staged) && load_of(staged)->request.preserves &&
	       !load_of(staged)->is_kept;
}

static bool
is_spared(struct staged_job *staged)
{
	return has_work(staged) && !load_of(staged)->request.is_full &&
	       !load_of(staged)->is_unreadable;
}

static bool
has_to_erase(struct staged_job *staged)
{
	return plan_erases(&load_of(staged)->plan);
}

static bool
may_erase_a_bank(struct staged_job *staged)
{
	return has_to_erase(staged) && !load_of(staged)->is_unreadable;
}

static bool
has_to_program(struct staged_job *staged)
{
	return plan_programs(&load_of(staged)->plan);
}

static const struct job_stage stages[] = {
	{ "put RAM and registers back before another try", load_close, is_open },
	{ "see whether the flash is read-protected", load_check_readout, has_work },
	{ "read what is to be kept", load_preserve, has_to_keep },
	{ "put the loader into RAM", load_open, has_work },
	{ "examine", load_examine, is_spared },
	{ "see whether sectors are write-protected", load_check_protection,
	  has_to_program },
	{ "examine what else is in a bank", load_survey, may_erase_a_bank },
	{ "prepare to erase", load_init_erase, has_to_erase },
	{ "erase", load_erase, has_to_erase },
	{ "finish the erase", load_uninit_erase, has_to_erase },
	{ "prepare to program", load_init_program, has_to_program },
	{ "program", load_program, has_to_program },
	{ "finish programming", load_uninit_program, has_to_program },
	{ "examine what was programmed", load_check, has_to_program },
	{ "put RAM and registers back", load_close, has_work },
	{ "verify", load_verify, NULL },
	{ 0 },
};

static bool
is_calling(struct staged_job *staged)
{
	return load_of(staged)->is_calling;
}

static const struct job_stage ending[] = {
	{ "let the call finish", load_cut_short, is_calling },
	{ "put RAM and registers back", load_close, is_open },
	{ 0 },
};

static void
load_free(struct staged_job *staged)
{
	struct load *load = load_of(staged);

	plan_clear(&load->plan);
	load_request_clear(&load->request);
	free(load);
}

static const struct staged_ops load_ops = { .free = load_free, .ending = ending };

static enum cause
find_driver(struct load *load, struct reason *why)
{
	load->driver = flash_driver_of(load->geometry.interface->driver);
	if (load->driver != NULL)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_UNSUPPORTED, "there is no flash loader for %s (interface %s)",
		board_device(load->board)->name, load->geometry.interface->name);
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
	staged_job_init(&load->staged, "programming flash", stages, &load_ops);
	load->stages = stages;
	load->core = core;
	load->board = board;
	load->clock = load->staged.clock = board_probe(board)->clock;
	cause = prepare(load, request, why);
	if (cause != CAUSE_NONE) {
		job_free(&load->staged.job);
		return cause;
	}
	if (load->request.image.len == 0)
		load->staged.job.name = "erasing flash";
	load_estimate(load);
	*job = &load->staged.job;
	return CAUSE_NONE;
}

const struct load_result *
load_result(struct job *job)
{
	return &load_of(staged_job_of(job))->result;
}
