/* SPDX-License-Identifier: MIT */
/*
 * crash.h - the story of code of ours that did not come back.
 */
#ifndef FLASH_RUNNER_CRASH_H
#define FLASH_RUNNER_CRASH_H

#include "targets/core/core.h"

struct crash {
	struct core *core;
	const char *name; /* of the code */
	uint32_t code_at, code_size;
	uint32_t waited_ms;
	enum core_state state; /* as core_poll() saw it */
	bool was_reset;
};

/* Halts the core, reads what tells where it is and why, and begins the story. Returns
 * CAUSE_TIMEOUT when it still ran or had been reset, CAUSE_FAULT when it had crashed or
 * was halted. */
enum cause crash_tell(const struct crash *crash, struct reason *why);

#endif /* FLASH_RUNNER_CRASH_H */
