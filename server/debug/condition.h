/* SPDX-License-Identifier: MIT */
/*
 * condition.h - conditions of breakpoints, which gdb sends as agent expressions: evaluated
 * here, a condition that is false costs a few round trips to the probe instead of a stop.
 *
 * The byte codes are those of the GDB manual, "Agent Expressions", "Bytecode Descriptions";
 * floating point, trace points and printf are not among them, since gdb sends none of these in
 * a condition. Evaluation is bounded in time and memory.
 */
#ifndef SERVER_DEBUG_CONDITION_H
#define SERVER_DEBUG_CONDITION_H

#include "transport/base/reason.h"

#include <stddef.h>
#include <stdint.h>

/* All conditions of one breakpoint, each after its length (a byte). A list that is longer is
 * not taken: the breakpoint then stops always, and gdb evaluates. */
enum { CONDITIONS_MAX = 160, CONDITION_LEN_MAX = 0xff };

struct conditions {
	uint8_t used; /* 0: there are none, the breakpoint always stops */
	uint8_t bytes[CONDITIONS_MAX];
};

/* Where an expression gets its values from; blocking as the calls behind it do. */
struct condition_source {
	void *context;
	enum cause (*memory)(void *context, uint32_t at, void *bytes, uint32_t size,
			     struct reason *why);
	/* By gdb's number. */
	enum cause (*reg)(void *context, unsigned number, uint64_t *value,
			  struct reason *why);
};

/* Evaluates one expression. CAUSE_REQUEST: it is wrong, divides by 0, or is no condition of
 * those above (the reason says which); else as the source fails. */
enum cause condition_evaluate(const uint8_t *code, size_t len,
			      const struct condition_source *source, uint64_t *value,
			      struct reason *why);

/* Is one of them true? So is one that cannot be evaluated: gdb then says why. */
bool
conditions_hold(const struct conditions *conditions, const struct condition_source *source);

#endif /* SERVER_DEBUG_CONDITION_H */
