/* SPDX-License-Identifier: MIT */
/*
 * runner_internal.h - the inside of a runner, for runner.c and calls.c.
 */
#ifndef FLASH_RUNNER_RUNNER_INTERNAL_H
#define FLASH_RUNNER_RUNNER_INTERNAL_H

#include "flash/runner/context.h"
#include "flash/runner/core_clock.h"
#include "flash/runner/extension.h"
#include "flash/runner/kept_ram.h"
#include "flash/runner/ram_map.h"
#include "flash/runner/runner.h"
#include "flash/runner/unpacker.h"

/* Examine of algorithms/examine_code.h, in the instructions of the core. */
struct examine_program {
	const uint8_t *code;
	uint32_t size, entry;
};

/* RAM that the runner takes, but for the buffers. */
enum { KEPT_EXAMINE, KEPT_STACK, KEPT_ALGORITHM, KEPT_FIXED, KEPT_RANGES };

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
	struct kept_ram buffers[RAM_MAP_MAX_BUFFERS];
	unsigned pieces_back; /* of put_back_piece() */
	struct unpacker unpacker;
	struct runner_pace pace;

	struct calls {
		uint32_t posted, done; /* `done` as it was seen last */
		struct call_times {
			uint32_t timeout_ms, typical_us;
		} times[MAILBOX_CALLS];   /* of a call, at its place in the mailbox */
		uint64_t began_us;        /* when the oldest of those that are posted did */
		uint64_t looked_us;       /* at the core */
		struct deadline deadline; /* of the oldest */
	} calls;
	struct extension extension; /* of it, too */
};

#endif /* FLASH_RUNNER_RUNNER_INTERNAL_H */
