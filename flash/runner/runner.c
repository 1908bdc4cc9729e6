/* SPDX-License-Identifier: MIT */
#include "flash/runner/runner.h"

#include "flash/algorithms/mailbox.h"
#include "flash/algorithms/unpack.h"
#include "flash/runner/context.h"
#include "flash/runner/core_clock.h"
#include "flash/runner/crash.h"
#include "flash/runner/extension.h"
#include "flash/runner/unpacker.h"
#include "transport/base/log.h"

#include "flash/algorithms/caller_algorithm.h"
#include "flash/algorithms/examine_algorithm.h"
#include "flash/algorithms/examine_mainline_algorithm.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	RUNNER_MAX_BUFFERS = MAILBOX_CALLS,
	VECTORS_ALIGN = 128, /* DDI 0403E.e B3.2.5 */
	RUNNER_ALIGN = 8,    /* AAPCS: the stack; flash is programmed by up to as much */
	/* Caller and Examine take 88 bytes of it, an NMI 36. */
	EXAMINE_STACK = 128,
	SHORT_LIST_SIZE = 64,
	SAMPLE_SIZE = 128, /* of RAM that is always there, for trying a clock */
	/* A call may take this much longer than the data sheet has it: the program may have
	 * left a slow clock, and a busy computer may look late. */
	RUNNER_PATIENCE_MS = 5000,
	/* So often the core is looked at while a call runs: a crash is as rare as it is patient. */
	RUNNER_LOOK_US = 20000
};

/*
 * In RAM, from the bottom: stack, vectors, mailbox, caller, examine, parameters, algorithm,
 * buffers. Where RAM begins a stack that overflows runs into nothing and faults, instead of running
 * over code. What is needed to examine is put there first: from list_at, where a short list lies
 * that no call but Examine's looks at, below the little stack that this one takes, to
 * parameters_at; the rest by runner_equip().
 */
struct ram_map {
	uint32_t at; /* the bottom */
	uint32_t list_at, vectors_at, mailbox_at, caller_at, examine_at, parameters_at,
		code_at, buffers_at;
	uint32_t buffer_size;
	unsigned buffers;
};

/* Examine of algorithms/examine_code.h, in the instructions of the core. */
struct examine_program {
	const uint8_t *code;
	uint32_t size, entry;
};
static const struct examine_program any_core = { examine_code, sizeof(examine_code),
						 EXAMINE_Examine };
static const struct examine_program mainline = { examine_mainline_code,
						 sizeof(examine_mainline_code),
						 EXAMINE_MAINLINE_Examine };

/* RAM that the runner takes, but for the buffers, and what was there. */
enum { KEPT_EXAMINE, KEPT_STACK, KEPT_ALGORITHM, KEPT_FIXED, KEPT_RANGES };
struct kept_ram {
	uint32_t at, size;
	uint8_t *bytes; /* NULL: as yet nothing was put there */
};

struct runner {
	struct core *core;
	struct board *board;
	struct clock *clock;
	const struct algorithm *algorithm;
	const struct examine_program *examine;
	const struct runner_banks *banks;
	struct ram_map map;
	struct context context;
	struct core_clock core_clock;
	bool is_context_saved;
	bool is_equipped; /* the algorithm is there */
	struct kept_ram kept[KEPT_RANGES];
	uint8_t *buffer_ram[RUNNER_MAX_BUFFERS];  /* NULL until filled */
	uint32_t buffer_kept[RUNNER_MAX_BUFFERS]; /* bytes of it, from its beginning */
	unsigned pieces_back;                     /* of put_back_piece() */

	uint32_t posted, done; /* calls; `done` as it was seen last */
	struct times {
		uint32_t timeout_ms, typical_us;
	} times[MAILBOX_CALLS];   /* of a call, at its place in the mailbox */
	uint64_t began_us;        /* when the oldest of those that are posted did */
	uint64_t looked_us;       /* at the core */
	struct deadline deadline; /* of the oldest */
	struct extension extension;
	struct runner_pace pace;
	struct unpacker unpacker;
};

static uint32_t
align_up(uint32_t value)
{
	return align_down(value + RUNNER_ALIGN - 1, RUNNER_ALIGN);
}

/* Of RAM, what is left for the runner: all, or the larger part beside code that has its place. */
struct room {
	const char *name;
	uint32_t at, size;
};

static const struct memory *
ram_of_code(const struct chip *chip, const struct algorithm *algorithm)
{
	for (size_t i = 0; i < chip->memories_len; i++) {
		const struct memory *memory = &chip->memories[i];

		if (memory->entry->kind == MEMORY_RAM && memory->entry->alias_of == NULL &&
		    range_contains(memory->base, memory->size, algorithm->fixed_at,
				   algorithm->code_size))
			return memory;
	}
	return NULL;
}

static enum cause
find_room_beside(const struct chip *chip, const struct algorithm *algorithm,
		 struct room *room, struct reason *why)
{
	const struct memory *ram = ram_of_code(chip, algorithm);
	uint32_t before, after, end;

	if (ram == NULL)
		return reason_begin(
			why, CAUSE_UNSUPPORTED,
			"the loader %s is linked to run at 0x%08x, where %s has "
			"no RAM for its %u bytes: it is for another chip",
			algorithm->name, (unsigned)algorithm->fixed_at, chip->device->name,
			(unsigned)algorithm->code_size);
	end = (algorithm->fixed_at + algorithm->code_size + VECTORS_ALIGN - 1) &
	      ~(uint32_t)(VECTORS_ALIGN - 1);
	before = align_down(algorithm->fixed_at - ram->base, RUNNER_ALIGN);
	after = end - ram->base < ram->size ? ram->base + ram->size - end : 0;
	room->name = ram->entry->name;
	room->at = before > after ? ram->base : end;
	room->size = before > after ? before : after;
	return CAUSE_NONE;
}

static enum cause
find_room(const struct chip *chip, const struct core *core,
	  const struct algorithm *algorithm, struct room *room, struct reason *why)
{
	const struct memory *ram = chip_loader_ram(chip, core_name(core));

	if (algorithm->is_fixed)
		return find_room_beside(chip, algorithm, room, why);
	if (ram == NULL)
		return reason_begin(why, CAUSE_UNSUPPORTED,
				    "no RAM of %s is known to run a flash loader",
				    chip->device->name);
	*room = (struct room){ ram->entry->name, ram->base, ram->size };
	return CAUSE_NONE;
}

static uint32_t
parameters_size(const struct runner_banks *banks)
{
	return banks->len * (uint32_t)sizeof(*banks->parameters);
}

/* As many as there is room for. */
static void
map_buffers(struct ram_map *map, const struct room *room, uint32_t page_size)
{
	uint32_t used = map->buffers_at - room->at;

	map->buffer_size = align_up(page_size);
	map->buffers = room->size > used ? (room->size - used) / map->buffer_size : 0;
	if (map->buffers > RUNNER_MAX_BUFFERS)
		map->buffers = RUNNER_MAX_BUFFERS;
}

/* Behind the buffers. */
static void
map_unpacker(struct runner *runner, const struct room *room)
{
	const struct ram_map *map = &runner->map;
	uint32_t at = map->buffers_at + map->buffers * map->buffer_size;

	if ((core_identity(runner->core)->features & FEATURE_MAINLINE) != 0 &&
	    room->at + room->size - at >= unpacker_size())
		runner->unpacker.at = at;
}

static enum cause
map_ram(struct runner *runner, const struct chip *chip, struct reason *why)
{
	const struct algorithm *algorithm = runner->algorithm;
	struct ram_map *map = &runner->map;
	struct room room = { 0 };
	enum cause cause = find_room(chip, runner->core, algorithm, &room, why);

	if (cause != CAUSE_NONE)
		return cause;
	map->at = room.at;
	map->vectors_at = map->at + align_down(algorithm->stack_size + VECTORS_ALIGN - 1,
					       VECTORS_ALIGN);
	map->list_at = map->vectors_at - EXAMINE_STACK - SHORT_LIST_SIZE;
	assert(map->list_at >= map->at);
	map->mailbox_at = map->vectors_at + align_up(sizeof(struct vectors));
	map->caller_at = map->mailbox_at + align_up(sizeof(struct mailbox));
	map->examine_at = map->caller_at + align_up(sizeof(caller_code));
	map->parameters_at = map->examine_at + align_up(runner->examine->size);
	map->code_at = map->parameters_at + align_up(parameters_size(runner->banks));
	map->buffers_at = map->code_at;
	if (algorithm->is_fixed)
		map->code_at = algorithm->fixed_at;
	else
		map->buffers_at += align_up(algorithm->code_size);
	map_buffers(map, &room, algorithm->page_size);
	map_unpacker(runner, &room);
	if (map->buffers > 0)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_UNSUPPORTED,
		"the loader %s and one page of %u bytes do not fit into %s, which "
		"has %u bytes%s",
		algorithm->name, (unsigned)algorithm->page_size, room.name,
		(unsigned)room.size, algorithm->is_fixed ? " beside it" : "");
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
}

static enum cause
no_memory(uint32_t size, struct reason *why)
{
	return reason_begin(why, CAUSE_HOST, "this computer has no memory for %u bytes",
			    (unsigned)size);
}

/* What lies there goes to a new block of this computer's memory. */
static enum cause
keep_ram(struct runner *runner, uint32_t at, uint32_t size, uint8_t **kept,
	 struct reason *why)
{
	uint8_t *bytes = malloc(size);
	enum cause cause;

	if (bytes == NULL)
		return no_memory(size, why);
	cause = mem_read(core_memory(runner->core), at, bytes, size, why);
	if (cause == CAUSE_NONE)
		*kept = bytes;
	else
		free(bytes);
	return cause;
}

static enum cause
keep_range(struct runner *runner, unsigned range, struct reason *why)
{
	struct kept_ram *kept = &runner->kept[range];

	if (kept->size == 0 || kept->bytes != NULL)
		return CAUSE_NONE;
	return keep_ram(runner, kept->at, kept->size, &kept->bytes, why);
}

static uint32_t
program_size(const struct ram_map *map)
{
	return map->buffers_at - map->at;
}

/* Words, in the chip's byte order. */
static void
put_words(uint8_t *to, const void *words, size_t size)
{
	const uint32_t *from = words;

	for (size_t i = 0; i < size / sizeof(*from); i++)
		le32_put(to + i * sizeof(*from), from[i]);
}

/* The mailbox is empty, but for what is fed between calls: one watchdog serves all banks. */
static void
compose_program(const struct runner *runner, uint8_t *bytes)
{
	const struct ram_map *map = &runner->map;
	const struct algorithm *algorithm = runner->algorithm;
	const struct runner_banks *banks = runner->banks;
	struct mailbox mailbox = { .watchdog = banks->parameters[0].watchdog,
				   .done = runner->done };
	uint32_t ignore = (map->caller_at + CALLER_Ignore) | 1;
	struct vectors vectors = { .nmi = ignore,
				   .hard_fault = ignore,
				   .forget_at = banks->first_at,
				   .forget_value = banks->first_value };

	for (unsigned i = 0; i < MAILBOX_CALLS; i++)
		mailbox.calls[i].function = MAILBOX_NONE;
	put_words(bytes + (map->vectors_at - map->at), &vectors, sizeof(vectors));
	put_words(bytes + (map->mailbox_at - map->at), &mailbox, sizeof(mailbox));
	put_words(bytes + (map->parameters_at - map->at), banks->parameters,
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
		return no_memory(size, why);
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
	if (runner->banks->first_at == 0)
		return CAUSE_NONE;
	return mem_write32(core_memory(runner->core), runner->banks->first_at,
			   runner->banks->first_value, why);
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
read_and_raise_clock(struct runner *runner, uint8_t *bytes, uint32_t size,
		     struct reason *why)
{
	struct mem_ap *mem = core_memory(runner->core);
	struct link_sample sample = { runner->kept[KEPT_EXAMINE].at, SAMPLE_SIZE, bytes };
	enum cause cause = mem_read(mem, sample.at, bytes, sample.size, why);

	if (cause == CAUSE_NONE)
		cause = board_raise_clock(runner->board, runner->core, &sample, why);
	if (cause == CAUSE_NONE)
		cause = mem_read(mem, sample.at + sample.size, bytes + sample.size,
				 size - sample.size, why);
	return cause;
}

static enum cause
keep_examine_ram(struct runner *runner, struct reason *why)
{
	struct kept_ram *kept = &runner->kept[KEPT_EXAMINE];
	uint8_t *bytes = malloc(kept->size);
	enum cause cause;

	assert(kept->size > SAMPLE_SIZE);
	if (bytes == NULL)
		return no_memory(kept->size, why);
	cause = read_and_raise_clock(runner, bytes, kept->size, why);
	if (cause == CAUSE_NONE)
		kept->bytes = bytes;
	else
		free(bytes);
	return cause;
}

static enum cause
set_up(struct runner *runner, const struct chip *chip, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	enum cause cause = map_ram(runner, chip, why);

	plan_ranges(runner);
	if (cause == CAUSE_NONE)
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
		if (runner->kept[i].bytes == NULL)
			bytes += runner->kept[i].size;
		cause = keep_range(runner, i, why);
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
	runner->posted = runner->done = MAILBOX_FIRST;
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
	for (unsigned i = KEPT_RANGES; cause == CAUSE_NONE && i-- > 0;) {
		const struct kept_ram *kept = &runner->kept[i];

		if (kept->bytes != NULL)
			cause = mem_write(core_memory(runner->core), kept->at, kept->bytes,
					  kept->size, why);
	}
	return cause;
}

static enum cause
put_back_buffer(struct runner *runner, unsigned buffer, struct reason *why)
{
	if (runner->buffer_ram[buffer] == NULL)
		return CAUSE_NONE;
	return mem_write(core_memory(runner->core), runner_buffer_at(runner, buffer),
			 runner->buffer_ram[buffer], runner->buffer_kept[buffer], why);
}

/* The program's RAM, the buffers, what unpacks, the registers. */
static enum cause
put_back_piece(struct runner *runner, bool *done, struct reason *why)
{
	unsigned piece = runner->pieces_back;
	bool is_whole = true;
	enum cause cause;

	*done = piece == RUNNER_MAX_BUFFERS + 2;
	if (piece == 0)
		cause = put_back_program(runner, why);
	else if (piece <= RUNNER_MAX_BUFFERS)
		cause = put_back_buffer(runner, piece - 1, why);
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
		free(runner->kept[i].bytes);
	for (unsigned i = 0; i < RUNNER_MAX_BUFFERS; i++)
		free(runner->buffer_ram[i]);
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
	return runner->buffer_ram[buffer] != NULL;
}

uint32_t
runner_buffer_at(const struct runner *runner, unsigned buffer)
{
	return runner->map.buffers_at + buffer * runner->map.buffer_size;
}

/* As much as is written there: a list of what to examine is an eighth of a page. What a loader from a
 * file does with its buffer is its own affair. */
static enum cause
keep_buffer(struct runner *runner, unsigned buffer, uint32_t size, struct reason *why)
{
	uint8_t **bytes = &runner->buffer_ram[buffer];
	uint32_t *kept = &runner->buffer_kept[buffer];
	enum cause cause;

	if (runner->algorithm->is_foreign)
		size = runner->map.buffer_size;
	if (size <= *kept)
		return CAUSE_NONE;
	if (*bytes == NULL)
		*bytes = malloc(runner->map.buffer_size);
	if (*bytes == NULL)
		return reason_begin(why, CAUSE_HOST,
				    "this computer has no memory for %u bytes",
				    (unsigned)runner->map.buffer_size);
	cause = mem_read(core_memory(runner->core),
			 runner_buffer_at(runner, buffer) + *kept, *bytes + *kept,
			 size - *kept, why);
	if (cause == CAUSE_NONE)
		*kept = size;
	return cause;
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
	return size <= SHORT_LIST_SIZE ? runner->map.list_at : runner_buffer_at(runner, 0);
}

enum cause
runner_write_list(struct runner *runner, const uint8_t *bytes, uint32_t size,
		  struct reason *why)
{
	if (size > SHORT_LIST_SIZE)
		return runner_fill(runner, 0, bytes, size, why);
	return mem_write(core_memory(runner->core), runner->map.list_at, bytes, size, why);
}

enum cause
runner_read_list(struct runner *runner, uint8_t *bytes, uint32_t size, struct reason *why)
{
	return mem_read(core_memory(runner->core), runner_list_at(runner, size), bytes,
			size, why);
}

unsigned
runner_calls(const struct runner *runner)
{
	return runner->posted - runner->done;
}

bool
runner_has_room(const struct runner *runner)
{
	return runner_calls(runner) < MAILBOX_CALLS;
}

static struct times *
times_of(struct runner *runner, uint32_t call)
{
	return &runner->times[call % MAILBOX_CALLS];
}

/* Of all calls the oldest runs, from when the one before it has ended. */
static void
oldest_begins(struct runner *runner)
{
	runner->began_us = runner->looked_us = clock_now_us(runner->clock);
	extension_forget(&runner->extension);
	runner->deadline =
		deadline_in_ms(runner->clock, times_of(runner, runner->done)->timeout_ms);
}

uint32_t
runner_wait_us(struct runner *runner)
{
	uint64_t typical_us = times_of(runner, runner->done)->typical_us;
	uint64_t us = clock_now_us(runner->clock) - runner->began_us;

	return us < typical_us ? (uint32_t)(typical_us - us) : 0;
}

static uint32_t
entry_of(const struct runner *runner, const struct runner_call *call)
{
	if (call->is_examine)
		return (runner->map.examine_at + runner->examine->entry) | 1;
	if (call->is_unpack)
		return unpacker_entry(&runner->unpacker);
	return (runner->map.code_at + call->entry) | 1;
}

static uint32_t
parameters_at(const struct runner *runner, unsigned bank)
{
	return runner->map.parameters_at + bank * (uint32_t)sizeof(struct parameters);
}

static uint32_t
call_at(const struct runner *runner, uint32_t call)
{
	return runner->map.mailbox_at + (uint32_t)offsetof(struct mailbox, calls) +
	       call % MAILBOX_CALLS * (uint32_t)sizeof(struct mailbox_call);
}

static struct mailbox_second
second_of(const struct runner *runner, const struct runner_call *call)
{
	const struct runner_second *second = &call->second;

	assert(second->bank < runner->banks->len);
	if (call->is_unpack)
		return (struct mailbox_second){
			.r0 = call->packed.size | (call->packed.resets ? UNPACK_RESET : 0),
			.r1 = unpacker_model_at(&runner->unpacker),
			.r2 = call->packed.window,
		};
	return (struct mailbox_second){ .r0 = second->r0,
					.r1 = second->r1,
					.r2 = second->r2,
					.r3 = parameters_at(runner, second->bank) };
}

static enum cause
read_words(struct runner *runner, size_t offset, uint32_t *words, uint32_t len,
	   struct reason *why)
{
	uint8_t bytes[sizeof(struct mailbox)];
	enum cause cause = mem_read(core_memory(runner->core),
				    runner->map.mailbox_at + (uint32_t)offset, bytes,
				    len * (uint32_t)sizeof(*words), why);

	for (uint32_t i = 0; cause == CAUSE_NONE && i < len; i++)
		words[i] = le32_get(bytes + i * sizeof(*words));
	return cause;
}

/* A call whose writing met a clock that was too fast was written twice: by the second time it may
 * have been made, and would be made again when its place has its turn. */
static enum cause
withdraw_second(struct runner *runner, struct reason *why)
{
	uint32_t call = runner->posted - 1, done = 0;
	enum cause cause =
		read_words(runner, offsetof(struct mailbox, done), &done, 1, why);

	if (cause != CAUSE_NONE || done - runner->done <= call - runner->done)
		return cause;
	return mem_write32(core_memory(runner->core),
			   call_at(runner, call) +
				   (uint32_t)offsetof(struct mailbox_call, function),
			   MAILBOX_NONE, why);
}

static enum cause
post(struct runner *runner, uint32_t at, const uint8_t *bytes, uint32_t size,
     struct reason *why)
{
	const struct probe *probe = board_probe(runner->board);
	uint32_t hz = probe->clock_hz;
	enum cause cause = mem_write(core_memory(runner->core), at, bytes, size, why);

	return cause == CAUSE_NONE && probe->clock_hz != hz ? withdraw_second(runner, why)
							    : cause;
}

enum cause
runner_start(struct runner *runner, const struct runner_call *call, struct reason *why)
{
	struct mailbox_call posted = { .r0 = call->r0,
				       .r1 = call->r1,
				       .r2 = call->r2,
				       .r3 = parameters_at(runner, call->bank),
				       .success = call->success,
				       .function = entry_of(runner, call) };
	uint32_t at = call_at(runner, runner->posted);
	uint8_t bytes[sizeof(posted)];
	bool has_second = call->is_pair || call->is_unpack;
	size_t begin = has_second ? 0 : offsetof(struct mailbox_call, r0);

	_Static_assert(offsetof(struct mailbox_call, function) ==
			       sizeof(posted) - sizeof(uint32_t),
		       "it is written in one block, the function last");
	assert(runner_has_room(runner) && call->bank < runner->banks->len);
	assert(call->is_examine || runner->is_equipped);
	if (call->is_examine)
		posted.r2 = runner->banks->parameters[0].watchdog;
	if (has_second)
		posted.second = second_of(runner, call);
	put_words(bytes, &posted, sizeof(posted));
	*times_of(runner, runner->posted) =
		(struct times){ .timeout_ms = call->timeout_ms + RUNNER_PATIENCE_MS,
				.typical_us = call->typical_us };
	if (runner->posted++ == runner->done)
		oldest_begins(runner);
	return post(runner, at + (uint32_t)begin, bytes + begin,
		    (uint32_t)(sizeof(bytes) - begin), why);
}

/* The code of this program does not change itself. A RAM that cannot be read explains nothing. */
void
runner_suspect_written_over(struct runner *runner, struct reason *why)
{
	const struct ram_map *map = &runner->map;
	uint32_t at = map->caller_at;
	uint32_t end = map->examine_at + runner->examine->size;
	uint8_t *loaded = calloc(1, program_size(map)), *found = NULL;
	struct reason unread = REASON_INIT;

	if (runner->is_equipped && !runner->algorithm->is_foreign)
		end = map->buffers_at;
	if (loaded == NULL ||
	    keep_ram(runner, at, end - at, &found, &unread) != CAUSE_NONE) {
		free(loaded);
		return;
	}
	compose_program(runner, loaded);
	while (at < end && loaded[at - map->at] == found[at - map->caller_at])
		at++;
	if (at < end) {
		reason_while(why,
			     "the loader's code has been written over: 0x%08x holds 0x%02x "
			     "and not 0x%02x",
			     (unsigned)at, found[at - map->caller_at],
			     loaded[at - map->at]);
		/* What the flash seems to say besides is what such code makes of it. */
		reason_conclude(why, FINDING_C11, false);
	}
	free(found);
	free(loaded);
}

static enum cause
explain_crash(struct runner *runner, enum core_state state, bool was_reset,
	      struct reason *why)
{
	struct crash crash = { .core = runner->core,
			       .name = runner->algorithm->name,
			       .code_at = runner->map.code_at,
			       .code_size = runner->algorithm->code_size,
			       .waited_ms = times_of(runner, runner->done)->timeout_ms,
			       .state = state,
			       .was_reset = was_reset };
	enum cause cause = crash_explain(&crash, why);

	reason_suspect(why, FINDING_E10);
	if (!was_reset)
		runner_suspect_written_over(runner, why);
	return cause;
}

/* By the computer's clock, and then by cycles of the core. */
static bool
is_time_up(struct runner *runner)
{
	uint32_t ms = times_of(runner, runner->done)->timeout_ms - RUNNER_PATIENCE_MS;

	return deadline_is_over(&runner->deadline) &&
	       extension_is_over(&runner->extension, runner->core, runner->clock, ms);
}

/* Only a core that still runs will ever end a call. */
static enum cause
check_progress(struct runner *runner, struct reason *why)
{
	enum core_state state = CORE_RUNNING;
	bool was_reset = false;
	enum cause cause = core_poll(runner->core, &state, &was_reset, why);

	runner->looked_us = clock_now_us(runner->clock);
	if (cause != CAUSE_NONE)
		return cause;
	if (state == CORE_RUNNING && !was_reset && !is_time_up(runner))
		return CAUSE_NONE;
	return explain_crash(runner, state, was_reset, why);
}

static enum cause
check_now_and_then(struct runner *runner, struct reason *why)
{
	if (clock_now_us(runner->clock) - runner->looked_us < RUNNER_LOOK_US)
		return CAUSE_NONE;
	return check_progress(runner, why);
}

/* RAM of a chip that is held in reset may read as zeros; something may write over it. */
static enum cause
check_mailbox(struct runner *runner, uint32_t at, uint32_t done, struct reason *why)
{
	enum cause cause = check_progress(runner, why);

	if (cause != CAUSE_NONE)
		return cause;
	reason_begin(why, CAUSE_FAULT,
		     "RAM that the loader %s uses has been written over: 0x%08x holds "
		     "0x%08x, which is no count of its calls",
		     runner->algorithm->name, (unsigned)at, (unsigned)done);
	reason_suspect(why, FINDING_C11);
	return CAUSE_FAULT;
}

/* Reading was not answered in time, which says nothing about the loader: the answer was late, or
 * the probe is lost, as the next reading shows. */
static enum cause
ask_again(const struct runner *runner, struct reason *why)
{
	if (deadline_is_over(&runner->deadline))
		return reason_becomes(why, CAUSE_GONE);
	log_warning("flash", "the loader %s is asked again: %s", runner->algorithm->name,
		    reason_root(why));
	*why = (struct reason)REASON_INIT;
	return CAUSE_NONE;
}

/* Takes back what was posted behind a call that failed, and lets the caller go on. */
static enum cause
empty_queue(struct runner *runner, struct reason *why)
{
	uint32_t result_at =
		runner->map.mailbox_at + (uint32_t)offsetof(struct mailbox, result);
	enum cause cause = CAUSE_NONE;

	for (uint32_t call = runner->done; cause == CAUSE_NONE && call != runner->posted;
	     call++)
		cause = mem_write32(
			core_memory(runner->core),
			call_at(runner, call) +
				(uint32_t)offsetof(struct mailbox_call, function),
			MAILBOX_NONE, why);
	if (cause == CAUSE_NONE)
		cause = mem_write32(core_memory(runner->core), result_at, 0, why);
	if (cause == CAUSE_NONE)
		runner->posted = runner->done;
	return cause;
}

/* Counts the calls that ended since it was asked before. */
static enum cause
take_done(struct runner *runner, uint32_t done, unsigned *finished, struct reason *why)
{
	*finished = done - runner->done;
	if (*finished > runner_calls(runner)) {
		*finished = 0;
		return check_mailbox(runner,
				     runner->map.mailbox_at +
					     (uint32_t)offsetof(struct mailbox, done),
				     done, why);
	}
	runner->done = done;
	if (*finished > 0 && runner_calls(runner) > 0)
		oldest_begins(runner);
	return CAUSE_NONE;
}

enum cause
runner_poll(struct runner *runner, unsigned *finished, uint32_t *status, struct reason *why)
{
	size_t done_at = offsetof(struct mailbox, done);
	uint32_t words[2] = { 0 };
	enum cause cause = read_words(runner, done_at, words, 2, why);

	_Static_assert(offsetof(struct mailbox, result) ==
			       offsetof(struct mailbox, done) + sizeof(uint32_t),
		       "both are read in one block");
	assert(runner_calls(runner) > 0);
	*finished = 0;
	*status = 0;
	/* No more calls are made, so now it is certain which of them has failed. */
	if (cause == CAUSE_NONE && words[1] != 0)
		cause = read_words(runner, done_at, words, 1, why);
	if (cause == CAUSE_TIMEOUT)
		return ask_again(runner, why);
	if (cause == CAUSE_NONE)
		cause = take_done(runner, words[0], finished, why);
	if (cause != CAUSE_NONE)
		return cause;
	*status = words[1];
	if (*status != 0)
		return empty_queue(runner, why);
	return *finished == 0 ? check_now_and_then(runner, why) : CAUSE_NONE;
}

enum cause
runner_stop(struct runner *runner, struct reason *why)
{
	return mem_write32(core_memory(runner->core),
			   runner->map.mailbox_at +
				   (uint32_t)offsetof(struct mailbox, result),
			   (uint32_t)MAILBOX_STOP, why);
}

enum cause
runner_is_idle(struct runner *runner, bool *is_idle, struct reason *why)
{
	uint32_t is_calling = 1;
	enum cause cause = read_words(runner, offsetof(struct mailbox, is_calling),
				      &is_calling, 1, why);

	*is_idle = cause == CAUSE_NONE && is_calling == 0;
	return cause;
}
