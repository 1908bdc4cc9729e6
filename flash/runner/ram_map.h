/* SPDX-License-Identifier: MIT */
/*
 * ram_map.h - which RAM of the chip a runner takes, and what lies where in it.
 *
 * From the bottom: stack, vectors, mailbox, caller, examine, parameters, algorithm, buffers. Where
 * RAM begins a stack that overflows runs into nothing and faults, instead of running over code.
 * What is needed to examine is put there first: from list_at, where a short list lies that no call
 * but Examine's looks at, below the little stack that this one takes, to parameters_at; the rest by
 * runner_equip(). Code that has its place (is_fixed) lies there, and all else beside it.
 */
#ifndef FLASH_RUNNER_RAM_MAP_H
#define FLASH_RUNNER_RAM_MAP_H

#include "flash/algorithms/mailbox.h"
#include "targets/core/core.h"

enum { RAM_MAP_MAX_BUFFERS = MAILBOX_CALLS, RAM_MAP_SHORT_LIST = 64 };

struct algorithm;
struct chip;

struct ram_map {
	uint32_t at; /* the bottom */
	uint32_t list_at, vectors_at, mailbox_at, caller_at, examine_at, parameters_at,
		code_at, buffers_at;
	uint32_t buffer_size;
	unsigned buffers;
	uint32_t unpacker_at; /* behind them; 0: there is no room, or no core for it */
};

struct ram_needs {
	const struct algorithm *algorithm;
	uint32_t caller_size, examine_size, parameters_size;
};

/* With as many page buffers as there is room for. CAUSE_UNSUPPORTED: not even one fits, no RAM of
 * the chip is known to run code, or that of code that has its place is none of it. */
enum cause ram_map_make(struct ram_map *map, const struct chip *chip,
			const struct core *core, const struct ram_needs *needs,
			struct reason *why);
uint32_t ram_map_buffer_at(const struct ram_map *map, unsigned buffer);

#endif /* FLASH_RUNNER_RAM_MAP_H */
