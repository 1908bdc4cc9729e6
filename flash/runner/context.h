/* SPDX-License-Identifier: MIT */
/*
 * context.h - what running code of ours on a halted core disturbs, and how it is
 * put back: registers, the MPU, the vector table, vector catch.
 */
#ifndef FLASH_RUNNER_CONTEXT_H
#define FLASH_RUNNER_CONTEXT_H

#include "targets/core/core.h"

struct context {
	struct core_value registers[CORE_MAX_VALUES];
	unsigned len;
	struct system {
		uint32_t mpu_ctrl, demcr, vtor;
	} system;
};

/* Where code of ours begins and what it is given. */
struct context_start {
	uint32_t pc, msp, r0, r9;
	uint32_t vectors; /* of its exceptions, NMI and HardFault: a multiple of 128 */
};

/* The core is halted. */
enum cause context_save(struct context *context, struct core *core, struct reason *why);
/* Makes the halted core ready to run code of ours: on the main stack, interrupts masked, MPU
 * off, HardFault caught, an NMI by a vector of ours, since the program's vectors may be erased.
 * An exception that it is in ends there, for good: the log has it. Only after context_save(). */
enum cause context_enter(struct context *context, struct core *core,
			 const struct context_start *start, struct reason *why);
/* Only after context_save(); the core is halted. Goes on after a failure and reports the
 * first. */
enum cause
context_restore(const struct context *context, struct core *core, struct reason *why);

/* The value of a register of a halted core by its name in core_register_table. */
enum cause
context_register(struct core *core, const char *name, uint32_t *value, struct reason *why);

#endif /* FLASH_RUNNER_CONTEXT_H */
