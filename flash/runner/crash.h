/* SPDX-License-Identifier: MIT */
/*
 * crash.h - why code of ours on the chip did not return.
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

/* Halts the core, reads where it is and why, and begins the reason. Returns
 * CAUSE_TIMEOUT when it still ran or had been reset, CAUSE_FAULT when it had crashed or
 * was halted. */
enum cause crash_explain(const struct crash *crash, struct reason *why);

#endif /* FLASH_RUNNER_CRASH_H */
