/* SPDX-License-Identifier: MIT */
/*
 * kept_registers.h - registers of the chip that were changed, in order, and what they held before.
 *
 * One that is written twice is there twice: put back from the last to the first, each holds what
 * it held before the first.
 */
#ifndef FLASH_INTERFACES_KEPT_REGISTERS_H
#define FLASH_INTERFACES_KEPT_REGISTERS_H

#include "targets/core/core.h"

enum { KEPT_REGISTERS_MAX = 96 };

struct kept_registers {
	size_t len;
	struct kept_register {
		uint32_t at, value; /* before */
		uint32_t set;       /* what was written there, */
		bool is_set; /* once: registers of a controller change with each command */
	} each[KEPT_REGISTERS_MAX];
};

void kept_registers_add(struct kept_registers *registers, struct kept_register kept);
/* The bits of `mask` become those of `value`, unless they are that. */
struct register_change {
	uint32_t at, mask, value;
};
enum cause kept_registers_change(struct kept_registers *registers, struct core *core,
				 const struct register_change *change, struct reason *why);
/* What it held before the first change; 0: it was not changed. */
uint32_t kept_registers_value(const struct kept_registers *registers, uint32_t at);
/* Do they hold what was set? Not on a chip that was reset meanwhile, or whose program has written
 * there. */
enum cause kept_registers_check(const struct kept_registers *registers, struct core *core,
				bool *is_as_set, struct reason *why);

#endif /* FLASH_INTERFACES_KEPT_REGISTERS_H */
