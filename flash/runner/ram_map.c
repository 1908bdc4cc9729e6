/* SPDX-License-Identifier: MIT */
#include "flash/runner/ram_map.h"

#include "flash/runner/algorithm.h"
#include "flash/runner/unpacker.h"
#include "targets/chip/chip.h"
#include "transport/base/bytes.h"

#include <assert.h>

enum {
	VECTORS_ALIGN = 128, /* DDI 0403E.e B3.2.5 */
	RAM_ALIGN = 8,       /* AAPCS: the stack; flash is programmed by up to as much */
	/* Caller and Examine take 88 bytes of it, an NMI 36. */
	EXAMINE_STACK = 128
};

static uint32_t
align_up(uint32_t value)
{
	return align_down(value + RAM_ALIGN - 1, RAM_ALIGN);
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
	before = align_down(algorithm->fixed_at - ram->base, RAM_ALIGN);
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

/* As many as there is room for. */
static void
map_buffers(struct ram_map *map, const struct room *room, uint32_t page_size)
{
	uint32_t used = map->buffers_at - room->at;

	map->buffer_size = align_up(page_size);
	map->buffers = room->size > used ? (room->size - used) / map->buffer_size : 0;
	if (map->buffers > RAM_MAP_MAX_BUFFERS)
		map->buffers = RAM_MAP_MAX_BUFFERS;
}

static void
map_unpacker(struct ram_map *map, const struct core *core, const struct room *room)
{
	uint32_t at = ram_map_buffer_at(map, map->buffers);

	if ((core_identity(core)->features & FEATURE_MAINLINE) != 0 &&
	    room->at + room->size - at >= unpacker_size())
		map->unpacker_at = at;
}

static void
map_program(struct ram_map *map, const struct ram_needs *needs)
{
	const struct algorithm *algorithm = needs->algorithm;

	map->vectors_at = map->at + align_down(algorithm->stack_size + VECTORS_ALIGN - 1,
					       VECTORS_ALIGN);
	map->list_at = map->vectors_at - EXAMINE_STACK - RAM_MAP_SHORT_LIST;
	assert(map->list_at >= map->at);
	map->mailbox_at = map->vectors_at + align_up(sizeof(struct vectors));
	map->caller_at = map->mailbox_at + align_up(sizeof(struct mailbox));
	map->examine_at = map->caller_at + align_up(needs->caller_size);
	map->parameters_at = map->examine_at + align_up(needs->examine_size);
	map->code_at = map->parameters_at + align_up(needs->parameters_size);
	map->buffers_at = map->code_at;
	if (algorithm->is_fixed)
		map->code_at = algorithm->fixed_at;
	else
		map->buffers_at += align_up(algorithm->code_size);
}

enum cause
ram_map_make(struct ram_map *map, const struct chip *chip, const struct core *core,
	     const struct ram_needs *needs, struct reason *why)
{
	const struct algorithm *algorithm = needs->algorithm;
	struct room room = { 0 };
	enum cause cause = find_room(chip, core, algorithm, &room, why);

	*map = (struct ram_map){ .at = room.at };
	if (cause != CAUSE_NONE)
		return cause;
	map_program(map, needs);
	map_buffers(map, &room, algorithm->page_size);
	map_unpacker(map, core, &room);
	if (map->buffers > 0)
		return CAUSE_NONE;
	return reason_begin(
		why, CAUSE_UNSUPPORTED,
		"the loader %s and one page of %u bytes do not fit into %s, which "
		"has %u bytes%s",
		algorithm->name, (unsigned)algorithm->page_size, room.name,
		(unsigned)room.size, algorithm->is_fixed ? " beside it" : "");
}

uint32_t
ram_map_buffer_at(const struct ram_map *map, unsigned buffer)
{
	return map->buffers_at + buffer * map->buffer_size;
}
