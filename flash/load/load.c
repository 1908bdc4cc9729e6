/* SPDX-License-Identifier: MIT */
#include "flash/load/load_internal.h"

#include <stdlib.h>

static bool
has_work(struct staged_job *staged)
{
	return load_of(staged)->part->plan.len > 0;
}

bool
load_is_open(struct staged_job *staged)
{
	return load_of(staged)->runner != NULL;
}

/* A second try has read it already. */
static bool
has_to_keep(struct staged_job *staged)
{
	return has_work(staged) && load_of(staged)->request.preserves &&
	       !load_of(staged)->preserving.is_kept;
}

static bool
is_spared(struct staged_job *staged)
{
	return has_work(staged) && !load_of(staged)->request.is_full &&
	       !load_of(staged)->is_unreadable;
}

bool
load_has_parked(struct staged_job *staged)
{
	return load_of(staged)->parked != 0;
}

static bool
has_to_erase(struct staged_job *staged)
{
	return plan_erases(&load_of(staged)->part->plan);
}

static bool
may_erase_a_bank(struct staged_job *staged)
{
	return has_to_erase(staged) && !load_of(staged)->is_unreadable;
}

static bool
has_to_program(struct staged_job *staged)
{
	return plan_programs(&load_of(staged)->part->plan);
}

static bool
may_pack(struct staged_job *staged)
{
	return has_to_program(staged) && load_may_pack(load_of(staged));
}

static bool
has_to_change(struct staged_job *staged)
{
	return has_to_erase(staged) || has_to_program(staged);
}

/* The chip may go on taking itself for one without a program. */
static bool
may_seem_empty(struct staged_job *staged)
{
	const struct geometry *geometry = &load_of(staged)->part->geometry;

	return has_to_program(staged) && geometry_interface(geometry)->registers.empty != 0;
}

/* A loader from a file makes the memory readable, or compares. */
static bool
is_compared(struct staged_job *staged)
{
	return has_to_program(staged) && load_of(staged)->is_unreadable;
}

static bool
is_hashed(struct staged_job *staged)
{
	return has_to_program(staged) && !load_of(staged)->is_unreadable;
}

static bool
has_uninit(struct staged_job *staged)
{
	return has_work(staged) && algorithm_of(load_of(staged))->uninit != ALGORITHM_NONE;
}

static bool
has_erased(struct staged_job *staged)
{
	return has_to_erase(staged) && has_uninit(staged);
}

static bool
has_programmed(struct staged_job *staged)
{
	return has_to_program(staged) && has_uninit(staged);
}

static bool
has_next_part(struct staged_job *staged)
{
	struct load *load = load_of(staged);

	return load->part + 1 < load->parts + load->parts_len;
}

static bool
has_banks_to_swap(struct staged_job *staged)
{
	const struct load *load = load_of(staged);

	return has_work(staged) && load->part->geometry.banks_len > 1 &&
	       geometry_interface(&load->part->geometry)->registers.bank_select != 0;
}

/* Of memory beside the chip. */
static bool
has_to_set_up(struct staged_job *staged)
{
	return has_work(staged) && load_of(staged)->part->driver->set_up != NULL;
}

static enum cause
load_set_up(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);
	const struct flash_driver *driver = load->part->driver;

	return driver->set_up(driver, load->core, load->set_up_step++, done, why);
}

static load_stage load_next_part;

static const struct job_stage stages[] = {
	{ "put RAM and registers back before another try", load_close, load_is_open },
	{ "see whether the flash is read-protected", load_check_readout, has_work },
	{ "halt the cores", load_park, has_work },
	{ "wait for what the flash is doing", load_await_idle, has_work },
	{ "see whether the banks are swapped", load_look_at_banks, has_banks_to_swap },
	{ "set the memory up", load_set_up, has_to_set_up },
	{ "read what is to be kept", load_preserve, has_to_keep },
	{ "put the loader into RAM", load_open, has_work },
	{ "examine", load_examine, is_spared },
	{ "see whether sectors are write-protected", load_check_protection, has_to_change },
	{ "examine what else is in a bank", load_survey, may_erase_a_bank },
	{ "put the algorithm into RAM", load_equip, has_to_change },
	{ "see whether compression pays", load_weigh, may_pack },
	{ "prepare to erase", load_prepare_erase, has_to_erase },
	{ "erase", load_erase, has_to_erase },
	{ "finish the erase", load_finish_erase, has_to_erase },
	{ "prepare to program", load_prepare_program, has_to_program },
	{ "program", load_program, has_to_program },
	{ "finish programming", load_finish_program, has_to_program },
	{ "examine what was programmed", load_check, has_to_program },
	{ "put RAM and registers back", load_close, has_work },
	{ "verify", load_verify, NULL },
	{ "see whether the chip takes itself for empty", load_clear_empty, may_seem_empty },
	{ "let the other cores run", load_unpark, load_has_parked },
	{ "begin with the next memory", load_next_part, has_next_part },
	{ 0 },
};

/* With a loader from a file: the memory may be readable only after its Init. CMSIS-Pack has UnInit
 * before each further Init. */
static const struct job_stage foreign_stages[] = {
	{ "put RAM and registers back before another try", load_close, load_is_open },
	{ "halt the cores", load_park, has_work },
	{ "put the loader into RAM", load_open, has_work },
	{ "put the algorithm into RAM", load_equip, has_work },
	{ "prepare to read", load_prepare_read, has_work },
	{ "read what is to be kept", load_preserve, has_to_keep },
	{ "examine", load_examine, is_spared },
	{ "finish reading", load_finish_read, has_uninit },
	{ "prepare to erase", load_prepare_erase, has_to_erase },
	{ "erase", load_erase, has_to_erase },
	{ "finish the erase", load_finish_erase, has_erased },
	{ "prepare to program", load_prepare_program, has_to_program },
	{ "program", load_program, has_to_program },
	{ "finish programming", load_finish_program, has_programmed },
	{ "prepare to read", load_prepare_read, has_to_program },
	{ "examine what was programmed", load_check, is_hashed },
	{ "begin to compare", load_begin_comparing, is_compared },
	{ "compare", load_program, is_compared },
	{ "verify", load_verify, NULL },
	{ "finish reading", load_finish_read, has_programmed },
	{ "put RAM and registers back", load_close, has_work },
	{ "let the other cores run", load_unpark, load_has_parked },
	{ "begin with the next memory", load_next_part, has_next_part },
	{ 0 },
};

static void
take_part(struct load *load, struct load_part *part)
{
	load->part = part;
	load->stages = part->driver->algorithm->is_foreign ? foreign_stages : stages;
}

static enum cause
load_next_part(struct staged_job *staged, bool *done, struct reason *why)
{
	struct load *load = load_of(staged);

	(void)done;
	(void)why;
	load->before = load->result;
	load_forget_progress(load);
	load->preserving.bytes = 0;
	load->preserving.is_kept = load->is_unreadable = load->is_protected = false;
	take_part(load, load->part + 1);
	staged_job_go(staged, load->stages);
	return CAUSE_NONE;
}

static bool
is_calling(struct staged_job *staged)
{
	return load_of(staged)->is_calling;
}

static const struct job_stage ending[] = {
	{ "let the call finish", load_cut_short, is_calling },
	{ "put RAM and registers back", load_close, load_is_open },
	{ "let the other cores run", load_unpark, load_has_parked },
	{ 0 },
};

static void
load_free(struct staged_job *staged)
{
	struct load *load = load_of(staged);

	for (unsigned i = 0; i < load->parts_len; i++)
		plan_clear(&load->parts[i].plan);
	packer_free(load->packing.packer);
	load_request_clear(&load->request);
	free(load);
}

static const struct staged_ops load_ops = { .free = load_free, .ending = ending };

static enum cause
find_driver(struct load *load, struct load_part *part, struct reason *why)
{
	const struct flash_interface *interface = geometry_interface(&part->geometry);

	part->driver = flash_driver_for(interface);
	if (part->driver != NULL)
		return CAUSE_NONE;
	return reason_begin(why, CAUSE_UNSUPPORTED,
			    "there is no flash loader for %s (interface %s)",
			    board_device(load->board)->name, interface->name);
}

/* Is it the first of those that one loader programs? */
static bool
begins_part(const struct geometry *geometry, unsigned bank)
{
	const struct flash_interface *interface = geometry->banks[bank].entry->interface;

	return bank == 0 || geometry->banks[bank - 1].entry->interface != interface;
}

/* One part for each loader that has something to do; at least one. */
static enum cause
make_parts(struct load *load, const struct geometry *geometry, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; cause == CAUSE_NONE && i < geometry->banks_len; i++) {
		struct load_part *part = &load->parts[load->parts_len];

		if (!begins_part(geometry, i) || load->parts_len == LOAD_MAX_PARTS)
			continue;
		geometry_part(geometry, i, &part->geometry);
		cause = plan_make(&part->plan, &part->geometry, &load->request, why);
		if (cause == CAUSE_NONE && (part->plan.len > 0))
			load->parts_len++;
	}
	if (load->parts_len == 0) {
		geometry_part(geometry, 0, &load->parts[0].geometry);
		load->parts_len = 1;
	}
	for (unsigned i = 0; cause == CAUSE_NONE && i < load->parts_len; i++)
		cause = find_driver(load, &load->parts[i], why);
	return cause;
}

/* What load_begin() looks at before anything is touched. */
static enum cause
prepare(struct load *load, struct load_request *request, struct reason *why)
{
	struct geometry geometry;
	enum cause cause = load_request_take(request, &load->request, why);

	if (cause == CAUSE_NONE)
		cause = geometry_read(load->board, &geometry, why);
	if (cause == CAUSE_NONE)
		cause = plan_check(load->board, &geometry, &load->request, why);
	if (cause == CAUSE_NONE)
		cause = make_parts(load, &geometry, why);
	if (cause == CAUSE_NONE)
		take_part(load, &load->parts[0]);
	return cause;
}

struct load *
load_new(struct core *core, struct board *board, const struct job_stage *first,
	 struct reason *why)
{
	struct load *load = calloc(1, sizeof(*load));

	if (load == NULL) {
		reason_begin(why, CAUSE_HOST, "this computer has no memory left");
		return NULL;
	}
	staged_job_init(&load->staged, "programming flash", first, &load_ops);
	load->core = core;
	load->board = board;
	load->clock = load->staged.clock = board_probe(board)->clock;
	return load;
}

enum cause
load_begin(struct core *core, struct board *board, struct load_request *request,
	   struct job **job, struct reason *why)
{
	struct load *load = load_new(core, board, stages, why);
	enum cause cause;

	*job = NULL;
	if (load == NULL) {
		load_request_clear(request);
		return CAUSE_HOST;
	}
	cause = prepare(load, request, why);
	if (cause != CAUSE_NONE) {
		job_free(&load->staged.job);
		return cause;
	}
	if (load->request.image.len == 0)
		load->staged.job.name = "erasing flash";
	staged_job_go(&load->staged, load->stages);
	load_estimate(load);
	*job = &load->staged.job;
	return CAUSE_NONE;
}

const struct load_result *
load_result(struct job *job)
{
	return &load_of(staged_job_of(job))->result;
}

enum cause
load_request_erase_starts(struct load_request *request, struct board *board,
			  struct reason *why)
{
	struct geometry geometry;
	enum cause cause = geometry_read(board, &geometry, why);

	for (unsigned i = 0; cause == CAUSE_NONE && i < geometry.banks_len; i++)
		if (geometry.banks[i].entry->interface->driver != FLASH_DRIVER_EXTERNAL)
			cause = load_request_erase(request, board, geometry.banks[i].base,
						   1, why);
	return cause;
}
