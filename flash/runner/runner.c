/* SPDX-License-Identifier: MIT */
#include "flash/runner/runner.h"

#include "flash/algorithms/mailbox.h"
#include "flash/algorithms/unpack.h"
#include "flash/runner/runner_internal.h"
#include "transport/base/bytes.h"

#include "flash/algorithms/caller_algorithm.h"
#include "flash/algorithms/examine_algorithm.h"
#include "flash/algorithms/examine_mainline_algorithm.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE_SIZE = 128 }; /* of RAM that is always there, for trying a clock */

static const struct examine_program any_core = { examine_code, sizeof(examine_code),
						 EXAMINE_Examine };
static const struct examine_program mainline = { examine_mainline_code,
						 sizeof(examine_mainline_code),
						 EXAMINE_MAINLINE_Examine };

static uint32_t
parameters_size(const struct runner_banks *banks)
{
	return banks->len * (uint32_t)sizeof(*banks->parameters);
}

static enum cause
map_ram(struct runner *runner, const struct chip *chip, struct reason *why)
{
	struct ram_needs needs = { .algorithm = runner->algorithm,
				   .caller_size = sizeof(caller_code),
				   .examine_size = runner->examine->size,
				   .parameters_size = parameters_size(runner->banks) };
	enum cause cause = ram_map_make(&runner->map, chip, runner->core, &needs, why);

	runner->unpacker.at = runner->map.unpacker_at;
	return cause;
}

static struct kept_ram
range_between(uint32_t at, uint32_t end)
{
	return (struct kept_ram){ .at = at, .size = end - at };
}

/* All that the runner will take; a range may be empty. */
static void
plan_ranges(struct runner *runner)
{
	const struct ram_map *map = &runner->map;
	const struct algorithm *algorithm = runner->algorithm;

	runner->kept[KEPT_EXAMINE] = range_between(map->list_at, map->parameters_at);
	runner->kept[KEPT_STACK] = range_between(map->at, map->list_at);
	runner->kept[KEPT_ALGORITHM] = range_between(map->parameters_at, map->buffers_at);
	if (algorithm->is_fixed)
		runner->kept[KEPT_FIXED] =
			range_between(map->code_at, map->code_at + algorithm->code_size);
	for (unsigned i = 0; i < map->buffers; i++)
		runner->buffers[i] = (struct kept_ram){ .at = ram_map_buffer_at(map, i),
							.size = map->buffer_size };
}

static uint32_t
program_size(const struct ram_map *map)
{
	return map->buffers_at - map->at;
}

/* The mailbox is empty, but for what is fed between calls: one watchdog serves all banks. */
static void
compose_program(const struct runner *runner, uint8_t *bytes)
{
	const struct ram_map *map = &runner->map;
	const struct algorithm *algorithm = runner->algorithm;
	const struct runner_banks *banks = runner->banks;
	struct mailbox mailbox = { .watchdog = banks->parameters[0].watchdog,
				   .done = runner->calls.done };
	uint32_t ignore = (map->caller_at + CALLER_Ignore) | 1;
	struct vectors vectors = { .nmi = ignore,
				   .hard_fault = ignore,
				   .forget_at = banks->first_at,
				   .forget_value = banks->first_value,
				   .forget_also_at = banks->first_also_at };

	for (unsigned i = 0; i < MAILBOX_CALLS; i++)
		mailbox.calls[i].function = MAILBOX_NONE;
	le32_put_words(bytes + (map->vectors_at - map->at), &vectors, sizeof(vectors));
	le32_put_words(bytes + (map->mailbox_at - map->at), &mailbox, sizeof(mailbox));
	le32_put_words(bytes + (map->parameters_at - map->at), banks->parameters,
		       parameters_size(banks));
	memcpy(bytes + (map->caller_at - map->at), caller_code, sizeof(caller_code));
	memcpy(bytes + (map->examine_at - map->at), runner->examine->code,
	       runner->examine->size);
	if (!algorithm->is_fixed)
		memcpy(bytes + (map->code_at - map->at), algorithm->code,
		       algorithm->code_size);
}

/* Raw memory accesses here and below: a breakpoint that a client has in this RAM must neither
 * get into our code nor be lost. */
static enum cause
load_program(struct runner *runner, uint32_t from, uint32_t end, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	uint32_t size = program_size(map);
	uint8_t *bytes = calloc(1, size);
	enum cause cause;

	if (bytes == NULL)
		return reason_begin(why, CAUSE_HOST,
				    "this computer has no memory for %u bytes",
				    (unsigned)size);
	compose_program(runner, bytes);
	cause = mem_write(core_memory(runner->core), from, bytes + (from - map->at),
			  end - from, why);
	free(bytes);
	return cause;
}

static enum cause
load_algorithm(struct runner *runner, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	enum cause cause = load_program(runner, map->parameters_at, map->buffers_at, why);

	if (cause == CAUSE_NONE && runner->algorithm->is_fixed)
		cause = mem_write(core_memory(runner->core), map->code_at,
				  runner->algorithm->code, runner->algorithm->code_size,
				  why);
	return cause;
}

/* Forgets resets of before: one that is seen from here on is one during the load. */
static enum cause
halt_core(struct core *core, struct reason *why)
{
	enum core_state state = CORE_RUNNING;
	enum cause cause = core_poll(core, &state, NULL, why);

	if (cause != CAUSE_NONE || state == CORE_HALTED)
		return cause;
	cause = core_halt(core, why);
	return cause == CAUSE_NONE ? core_poll(core, &state, NULL, why) : cause;
}

static enum cause
write_first(struct runner *runner, struct reason *why)
{
	const struct runner_banks *banks = runner->banks;
	struct mem_ap *memory = core_memory(runner->core);
	enum cause cause = CAUSE_NONE;

	if (banks->first_at != 0)
		cause = mem_write32(memory, banks->first_at, banks->first_value, why);
	if (cause == CAUSE_NONE && banks->first_also_at != 0)
		cause = mem_write32(memory, banks->first_also_at, banks->first_value, why);
	return cause;
}

static enum cause
start_caller(struct runner *runner, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	struct context_start start = {
		.pc = map->caller_at + CALLER_Caller,
		.msp = map->vectors_at,
		.vectors = map->vectors_at,
		.r0 = map->mailbox_at,
		.r9 = map->code_at + runner->algorithm->data_offset,
	};
	enum cause cause = context_enter(&runner->context, runner->core, &start, why);

	return cause == CAUSE_NONE ? core_resume(runner->core, why) : cause;
}

/* What is needed to examine is kept, and what follows goes at the fastest clock that the link
 * carries, which reading once more the first of it finds out. Later damage is found by parity bits,
 * and by the hashes at the end. */
static enum cause
keep_examine_ram(struct runner *runner, struct reason *why)
{
	struct kept_ram *ram = &runner->kept[KEPT_EXAMINE];
	struct link_sample sample = { ram->at, SAMPLE_SIZE, NULL };
	enum cause cause = kept_ram_keep(ram, runner->core, SAMPLE_SIZE, why);

	assert(ram->size > SAMPLE_SIZE);
	sample.bytes = ram->bytes;
	if (cause == CAUSE_NONE)
		cause = board_raise_clock(runner->board, runner->core, &sample, why);
	return cause == CAUSE_NONE ? kept_ram_keep(ram, runner->core, ram->size, why)
				   : cause;
}

static enum cause
set_up(struct runner *runner, const struct chip *chip, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	enum cause cause = map_ram(runner, chip, why);

	if (cause != CAUSE_NONE)
		return cause;
	plan_ranges(runner);
	cause = halt_core(runner->core, why);
	if (cause == CAUSE_NONE)
		cause = keep_examine_ram(runner, why);
	if (cause == CAUSE_NONE)
		cause = context_save(&runner->context, runner->core, why);
	runner->is_context_saved = cause == CAUSE_NONE;
	if (cause == CAUSE_NONE)
		cause = load_program(runner, map->vectors_at, map->parameters_at, why);
	if (cause == CAUSE_NONE)
		cause = write_first(runner, why);
	if (cause == CAUSE_NONE)
		cause = core_clock_raise(&runner->core_clock, runner->core, chip->device,
					 why);
	return cause == CAUSE_NONE ? start_caller(runner, why) : cause;
}

/* Of so many bytes that have crossed the link. */
static uint32_t
us_per_kib(const struct runner *runner, uint64_t began_us, uint32_t bytes)
{
	uint64_t us = clock_now_us(runner->clock) - began_us;

	return bytes == 0 ? 0 : (uint32_t)(us * 1024 / bytes);
}

static enum cause
keep_ranges(struct runner *runner, struct reason *why)
{
	uint64_t began_us = clock_now_us(runner->clock);
	uint32_t bytes = 0;
	enum cause cause = CAUSE_NONE;

	for (unsigned i = 0; cause == CAUSE_NONE && i < KEPT_RANGES; i++) {
		bytes += runner->kept[i].size - runner->kept[i].kept;
		cause = kept_ram_keep(&runner->kept[i], runner->core, runner->kept[i].size,
				      why);
	}
	runner->pace.link_us_per_kib = us_per_kib(runner, began_us, bytes);
	return cause;
}

/* Where the link is slower than the flash the clock of the core, which runs, is of interest. */
static enum cause
load_and_measure(struct runner *runner, struct reason *why)
{
	struct runner_pace *pace = &runner->pace;
	uint64_t began_us = clock_now_us(runner->clock), us;
	uint32_t before = 0, after = 0;
	struct reason uncounted = REASON_INIT;
	bool counts = pace->link_us_per_kib > runner->algorithm->program_cost.us_per_kib &&
		      extension_cycles(&runner->extension, runner->core, &before,
				       &uncounted) == CAUSE_NONE;
	enum cause cause = load_algorithm(runner, why);

	if (!counts || cause != CAUSE_NONE)
		return cause;
	pace->link_us_per_kib = us_per_kib(
		runner, began_us, runner->map.buffers_at - runner->map.parameters_at);
	us = clock_now_us(runner->clock) - began_us;
	if (us > 0 && extension_cycles(&runner->extension, runner->core, &after,
				       &uncounted) == CAUSE_NONE)
		pace->core_khz = (uint32_t)((uint64_t)(after - before) * 1000 / us);
	return CAUSE_NONE;
}

struct runner_pace
runner_pace(const struct runner *runner)
{
	return runner->pace;
}

/* The caller runs meanwhile, and uses nothing of it. */
enum cause
runner_equip(struct runner *runner, struct reason *why)
{
	enum cause cause;

	if (runner->is_equipped)
		return CAUSE_NONE;
	cause = keep_ranges(runner, why);
	if (cause == CAUSE_NONE)
		cause = load_and_measure(runner, why);
	runner->is_equipped = cause == CAUSE_NONE;
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "loading %s into the RAM of %s", runner->algorithm->name,
			    core_name(runner->core));
}

enum cause
runner_open(struct core *core, struct board *board, const struct algorithm *algorithm,
	    const struct runner_banks *banks, struct runner **out, struct reason *why)
{
	struct runner *runner = calloc(1, sizeof(*runner));
	struct reason second = REASON_INIT;
	bool is_back = false;
	enum cause cause;

	*out = NULL;
	if (runner == NULL)
		return reason_begin(why, CAUSE_HOST, "this computer has no memory left");
	runner->core = core;
	runner->board = board;
	runner->clock = board_probe(board)->clock;
	runner->algorithm = algorithm;
	runner->examine = (core_identity(core)->features & FEATURE_MAINLINE) != 0
				  ? &mainline
				  : &any_core;
	runner->banks = banks;
	runner->calls.posted = runner->calls.done = MAILBOX_FIRST;
	cause = set_up(runner, board_chip(board), why);
	if (cause == CAUSE_NONE) {
		*out = runner;
		return CAUSE_NONE;
	}
	reason_while(why, "loading %s into the RAM of %s", algorithm->name,
		     core_name(core));
	/* Of two failures the first is reported. */
	while (!is_back && runner_put_back(runner, &is_back, &second) == CAUSE_NONE)
		;
	runner_free(runner);
	return cause;
}

static enum cause
put_back_program(struct runner *runner, struct reason *why)
{
	enum cause cause = core_halt(runner->core, why);

	if (cause == CAUSE_NONE)
		cause = extension_end(&runner->extension, runner->core, why);
	if (cause == CAUSE_NONE)
		cause = core_clock_lower(&runner->core_clock, runner->core,
					 board_device(runner->board), why);
	for (unsigned i = KEPT_RANGES; cause == CAUSE_NONE && i-- > 0;)
		cause = kept_ram_put_back(&runner->kept[i], runner->core, why);
	return cause;
}

/* The program's RAM, the buffers, what unpacks, the registers. */
static enum cause
put_back_piece(struct runner *runner, bool *done, struct reason *why)
{
	unsigned piece = runner->pieces_back;
	bool is_whole = true;
	enum cause cause;

	*done = piece == RAM_MAP_MAX_BUFFERS + 2;
	if (piece == 0)
		cause = put_back_program(runner, why);
	else if (piece <= RAM_MAP_MAX_BUFFERS)
		cause = kept_ram_put_back(&runner->buffers[piece - 1], runner->core, why);
	else if (!*done)
		cause = unpacker_put_back(&runner->unpacker, runner->core, &is_whole, why);
	else
		cause = context_restore(&runner->context, runner->core, why);
	runner->pieces_back += is_whole;
	return cause;
}

enum cause
runner_put_back(struct runner *runner, bool *done, struct reason *why)
{
	enum cause cause;

	*done = !runner->is_context_saved;
	cause = *done ? CAUSE_NONE : put_back_piece(runner, done, why);
	if (cause == CAUSE_NONE && *done)
		cause = board_lower_clock(runner->board, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "putting back RAM and registers of %s",
			    core_name(runner->core));
}

void
runner_free(struct runner *runner)
{
	if (runner == NULL)
		return;
	for (unsigned i = 0; i < KEPT_RANGES; i++)
		kept_ram_free(&runner->kept[i]);
	for (unsigned i = 0; i < RAM_MAP_MAX_BUFFERS; i++)
		kept_ram_free(&runner->buffers[i]);
	unpacker_free(&runner->unpacker);
	free(runner);
}

/* With code that has its place that is all between the two. */
uint32_t
runner_ram_at(const struct runner *runner)
{
	const struct ram_map *map = &runner->map;

	return runner->algorithm->is_fixed && map->code_at < map->at ? map->code_at
								     : map->at;
}

uint32_t
runner_ram_size(const struct runner *runner)
{
	const struct algorithm *algorithm = runner->algorithm;
	uint32_t end = runner_buffer_at(runner, runner->map.buffers);

	if (runner->unpacker.kept > 0)
		end = runner->unpacker.at + unpacker_size();
	if (algorithm->is_fixed && runner->map.code_at > end)
		end = runner->map.code_at + algorithm->code_size;
	return end - runner_ram_at(runner);
}

unsigned
runner_buffers(const struct runner *runner)
{
	return runner->map.buffers;
}

bool
runner_has_kept(const struct runner *runner, unsigned buffer)
{
	return runner->buffers[buffer].bytes != NULL;
}

uint32_t
runner_buffer_at(const struct runner *runner, unsigned buffer)
{
	return ram_map_buffer_at(&runner->map, buffer);
}

/* As much as is written there: a list of what to examine is an eighth of a page. What a loader from a
 * file does with its buffer is its own affair. */
static enum cause
keep_buffer(struct runner *runner, unsigned buffer, uint32_t size, struct reason *why)
{
	if (runner->algorithm->is_foreign)
		size = runner->map.buffer_size;
	return kept_ram_keep(&runner->buffers[buffer], runner->core, size, why);
}

bool
runner_can_unpack(const struct runner *runner)
{
	return runner->unpacker.at != 0 && runner->map.buffers > 2 &&
	       !runner->algorithm->is_foreign;
}

enum cause
runner_equip_unpacker(struct runner *runner, bool *done, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	const struct algorithm *algorithm = runner->algorithm;
	struct unpacking given = { .program = (map->code_at + algorithm->program_page) | 1,
				   .part = runner_buffer_at(runner, 0) };
	enum cause cause = unpacker_put(&runner->unpacker, runner->core, &given, done, why);

	if (cause == CAUSE_NONE && *done)
		cause = keep_buffer(runner, 0, UNPACK_PART, why);
	return cause == CAUSE_NONE
		       ? cause
		       : reason_while(why, "loading what expands pages into the RAM of %s",
				      core_name(runner->core));
}

enum cause
runner_fill(struct runner *runner, unsigned buffer, const uint8_t *bytes, uint32_t size,
	    struct reason *why)
{
	uint32_t at = runner_buffer_at(runner, buffer);
	enum cause cause;

	assert(buffer < runner->map.buffers && size <= runner->map.buffer_size);
	cause = keep_buffer(runner, buffer, size, why);
	if (cause == CAUSE_NONE)
		cause = mem_write(core_memory(runner->core), at, bytes, size, why);
	if (cause == CAUSE_NONE)
		return CAUSE_NONE;
	return reason_while(why, "filling a page buffer at 0x%08x", (unsigned)at);
}

uint32_t
runner_buffers_size(const struct runner *runner)
{
	return runner->map.buffers * runner->map.buffer_size;
}

enum cause
runner_fill_at(struct runner *runner, uint32_t offset, const uint8_t *bytes, uint32_t size,
	       struct reason *why)
{
	uint32_t each = runner->map.buffer_size, end = offset + size;
	enum cause cause = CAUSE_NONE;

	assert(end <= runner_buffers_size(runner));
	for (unsigned i = offset / each; cause == CAUSE_NONE && i * each < end; i++)
		cause = keep_buffer(runner, i,
				    end - i * each < each ? end - i * each : each, why);
	if (cause == CAUSE_NONE)
		cause = mem_write(core_memory(runner->core),
				  runner->map.buffers_at + offset, bytes, size, why);
	return cause == CAUSE_NONE
		       ? cause
		       : reason_while(why, "filling the page buffers at 0x%08x",
				      (unsigned)(runner->map.buffers_at + offset));
}

enum cause
runner_read(struct runner *runner, unsigned buffer, uint8_t *bytes, uint32_t size,
	    struct reason *why)
{
	assert(buffer < runner->map.buffers && size <= runner->map.buffer_size);
	return mem_read(core_memory(runner->core), runner_buffer_at(runner, buffer), bytes,
			size, why);
}

uint32_t
runner_list_at(const struct runner *runner, uint32_t size)
{
	return size <= RAM_MAP_SHORT_LIST ? runner->map.list_at
					  : runner_buffer_at(runner, 0);
}

enum cause
runner_write_list(struct runner *runner, const uint8_t *bytes, uint32_t size,
		  struct reason *why)
{
	if (size > RAM_MAP_SHORT_LIST)
		return runner_fill(runner, 0, bytes, size, why);
	return mem_write(core_memory(runner->core), runner->map.list_at, bytes, size, why);
}

enum cause
runner_read_list(struct runner *runner, uint8_t *bytes, uint32_t size, struct reason *why)
{
	return mem_read(core_memory(runner->core), runner_list_at(runner, size), bytes,
			size, why);
}

/* The code of this program does not change itself. A RAM that cannot be read explains nothing. */
void
runner_suspect_written_over(struct runner *runner, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	uint32_t at = map->caller_at;
	uint32_t end = map->examine_at + runner->examine->size;
	uint8_t *loaded = calloc(1, program_size(map));
	struct kept_ram found;
	struct reason unread = REASON_INIT;

	if (runner->is_equipped && !runner->algorithm->is_foreign)
		end = map->buffers_at;
	found = range_between(at, end);
	if (loaded == NULL ||
	    kept_ram_keep(&found, runner->core, found.size, &unread) != CAUSE_NONE) {
		kept_ram_free(&found);
		free(loaded);
		return;
	}
	compose_program(runner, loaded);
	while (at < end && loaded[at - map->at] == found.bytes[at - map->caller_at])
		at++;
	if (at < end) {
		reason_while(why,
			     "the loader's code has been written over: 0x%08x holds 0x%02x "
			     "and not 0x%02x",
			     (unsigned)at, found.bytes[at - map->caller_at],
			     loaded[at - map->at]);
		/* What the flash seems to say besides is what such code makes of it. */
		reason_conclude(why, FINDING_C11, false);
	}
	kept_ram_free(&found);
	free(loaded);
}
