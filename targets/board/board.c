/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "transport/base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint32_t
or_default(uint32_t value, uint32_t instead)
{
	return value != 0 ? value : instead;
}

static struct board_options
without_zeros(const struct board_options *options)
{
	struct board_options full = *options;

	full.nrst_hold_ms = or_default(full.nrst_hold_ms, BOARD_NRST_HOLD_MS);
	full.nrst_settle_ms = or_default(full.nrst_settle_ms, BOARD_NRST_SETTLE_MS);
	full.halt_timeout_ms = or_default(full.halt_timeout_ms, BOARD_HALT_TIMEOUT_MS);
	return full;
}

/* The clock that nobody chose is one that each probe of its kind carries. */
static void
take_probe(struct board *board, struct probe *probe)
{
	board->probe = probe;
	dap_init(&board->dap, probe);
	if (!board->is_speed_chosen)
		board->options.speed_hz = or_default(probe->usual_hz, BOARD_SPEED_HZ);
	else if (probe->usual_hz != 0 && board->options.speed_hz > probe->usual_hz)
		log_warning("board",
			    "--speed %u: this %s may be an isolated one, which carries no "
			    "more than %u kHz",
			    (unsigned)board->options.speed_hz / HZ_PER_KHZ,
			    probe->identity.kind, (unsigned)probe->usual_hz / HZ_PER_KHZ);
}

static const struct board *
board_of(const struct core_map *map)
{
	return (const struct board *)(const void *)((const char *)map -
						    offsetof(struct board, map));
}

static bool
map_is_flash(const struct core_map *map, uint32_t at)
{
	return board_is_flash(board_of(map), at);
}

static bool
map_is_ram(const struct core_map *map, uint32_t at)
{
	return board_is_ram(board_of(map), at);
}

static bool
map_needs_clock(const struct core_map *map, uint32_t at)
{
	return chip_needs_clock(board_chip(board_of(map)), at);
}

static const struct reason *
map_flash_why(const struct core_map *map, uint32_t at)
{
	const struct chip *chip = board_chip(board_of(map));

	return chip_may_be_flash(chip, at) ? &chip->flash_why : NULL;
}

static const char *
map_region_name(const struct core_map *map, uint32_t at)
{
	return board_region_name(board_of(map), at);
}

static const struct read_flag *
map_read_flag(const struct core_map *map)
{
	return board_read_flag(board_of(map));
}

static bool
map_is_option(const struct core_map *map, uint32_t at)
{
	return chip_is_option(board_chip(board_of(map)), at);
}

static const char *
map_owner(const struct core_map *map, const char *core, uint32_t at)
{
	return chip_owner(board_chip(board_of(map)), core, at);
}

static bool
map_may_hide(const struct core_map *map, uint32_t at, uint32_t size)
{
	return hidden_may_be(board_chip(board_of(map)), at, size);
}

static enum cause
map_hidden(const struct core_map *map, struct core *core, struct hidden_ranges *ranges,
	   struct reason *why)
{
	return board_read_hidden(board_of(map), core, ranges, why);
}

enum cause
board_new(struct probe *probe, const struct board_options *options, struct board **board,
	  struct reason *why)
{
	struct board *made = calloc(1, sizeof(*made));

	*board = made;
	if (made == NULL) {
		probe_close(probe);
		return reason_begin(why, CAUSE_HOST, "no memory for a board");
	}
	made->table = &device_table;
	chip_is_unknown(&made->chip);
	made->options = without_zeros(options);
	made->is_speed_chosen = options->speed_hz != 0;
	made->map = (struct core_map){ map_is_flash,  map_is_ram,      map_needs_clock,
				       map_flash_why, map_region_name, map_read_flag,
				       map_is_option, map_owner,       map_may_hide,
				       map_hidden };
	take_probe(made, probe);
	return CAUSE_NONE;
}

const struct device *
board_device(const struct board *board)
{
	return board->chip.device;
}

uint32_t
board_idcode(const struct board *board)
{
	return board->chip.idcode;
}

uint32_t
board_flash_kib(const struct board *board)
{
	return board->chip.flash_kib;
}

const struct chip *
board_chip(const struct board *board)
{
	return &board->chip;
}

const struct reason *
board_flash_why(const struct board *board)
{
	return board->chip.is_flash_known ? NULL : &board->chip.flash_why;
}

const char *
board_describe(const struct board *board)
{
	return board->description;
}

struct probe *
board_probe(struct board *board)
{
	return board->probe;
}

struct dap *
board_dap(struct board *board)
{
	return &board->dap;
}

struct clock *
board_clock(const struct board *board)
{
	return board->probe->clock;
}

unsigned
board_cores(const struct board *board)
{
	return board->cores_len;
}

struct core *
board_core(struct board *board, unsigned index)
{
	assert(index < board->cores_len);
	return &board->cores[index];
}

struct core *
board_core_by_name(struct board *board, const char *name)
{
	for (unsigned i = 0; i < board->cores_len; i++)
		if (strcmp(board->cores[i].name, name) == 0)
			return &board->cores[i];
	return NULL;
}

struct core *
board_main_core(struct board *board)
{
	return &board->cores[board->main_core];
}

unsigned
board_main_index(const struct board *board)
{
	return board->main_core;
}

bool
board_is_asleep(const struct board *board, unsigned core)
{
	return core < board->cores_len && board->runs[core].is_held &&
	       board->cores[core].is_asleep;
}

const struct reason *
board_asleep_why(const struct board *board)
{
	return &board->held_why;
}

const struct core_entry *
board_held_core(const struct board *board)
{
	const struct device *device = board_device(board);

	for (unsigned i = 0; board->cores_len == 2 && i < 2; i++)
		if (board->runs[i].is_held && !board_is_asleep(board, i))
			return board_entry(board, i);
	if (device == NULL || board->cores_len != 1 || board->lacks_second_core ||
	    !board->holds_other_core)
		return NULL;
	return &device->cores[board_entry(board, 0) == &device->cores[0] ? 1 : 0];
}

enum cause
board_open_core(struct board *board, struct core *core, uint32_t ap, struct reason *why)
{
	enum cause cause = mem_ap_open(&core->mem, &board->dap, ap, why);

	return cause == CAUSE_NONE ? core_identify(core, why) : cause;
}

const struct core_entry *
board_entry(const struct board *board, unsigned core)
{
	const struct device *device = board->chip.device;

	for (unsigned i = 0; device != NULL && i < DEVICE_MAX_CORES; i++)
		if (device->cores[i].name != NULL &&
		    device->cores[i].ap == board->cores[core].mem.ap)
			return &device->cores[i];
	return NULL;
}

bool
board_lacks_port(const struct board *board, uint32_t port)
{
	const struct device *device = board->chip.device;

	return board->lacks_second_core && device != NULL && device->cores[1].ap == port;
}

struct facts *
board_facts(struct board *board)
{
	return &board->facts;
}

const struct reason *
board_rescue(const struct board *board)
{
	return board->is_rescued ? &board->rescue : NULL;
}

const struct reason *
board_copy(const struct board *board)
{
	return board->clone != NULL ? &board->copy_why : NULL;
}

size_t
board_tries(const struct board *board, const struct board_try **tries)
{
	*tries = board->tries;
	return board->tries_len;
}

void
board_begin_tries(struct board *board)
{
	memset(&board->facts, 0, sizeof(board->facts));
	board->experiments = board->experiments_short = 0;
	memset(&board->readings, 0, sizeof(board->readings));
	board->is_rescued = false;
	board->tries_len = 0;
}

void
board_tried(struct board *board, const char *name, const char *outcome)
{
	struct board_try *try = &board->tries[board->tries_len];

	if (board->tries_len == BOARD_MAX_TRIES)
		return;
	try->name = name;
	text_copy(try->outcome, sizeof(try->outcome), outcome);
	board->tries_len++;
}

/* A listener may unlisten while it is called. */
void
board_report(struct board *board, const struct board_event *event)
{
	for (size_t i = 0; i < BOARD_MAX_LISTENERS; i++) {
		struct board_listening *listening = &board->listening[i];

		if (listening->listener != NULL)
			listening->listener(event, listening->context);
	}
}

void
board_replace_probe(struct board *board, struct probe *probe)
{
	assert(board->is_lost || !board->is_connected);
	probe_close(board->probe);
	board->has_claim = false;
	take_probe(board, probe);
}

bool
board_listen(struct board *board, board_listener *listener, void *context)
{
	for (size_t i = 0; i < BOARD_MAX_LISTENERS; i++) {
		if (board->listening[i].listener != NULL)
			continue;
		board->listening[i] = (struct board_listening){ listener, context };
		return true;
	}
	return false;
}

void
board_unlisten(struct board *board, board_listener *listener, void *context)
{
	for (size_t i = 0; i < BOARD_MAX_LISTENERS; i++)
		if (board->listening[i].listener == listener &&
		    board->listening[i].context == context)
			board->listening[i] = (struct board_listening){ NULL, NULL };
}

static enum cause
no_job_step(struct job *job, bool *done, struct reason *why)
{
	(void)done;
	return reason_begin(why, CAUSE_HOST, "no memory for %s", job->name);
}

static enum cause
no_job_cancel(struct job *job, struct reason *why)
{
	(void)job, (void)why;
	return CAUSE_NONE;
}

static void
no_job_free(struct job *job)
{
	(void)job;
}

struct job *
board_no_job(struct board *board, const char *name)
{
	static const struct job_ops ops = { .step = no_job_step,
					    .cancel = no_job_cancel,
					    .free = no_job_free };

	board->no_job = (struct job){ .ops = &ops, .name = name };
	return &board->no_job;
}
