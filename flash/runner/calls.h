/* SPDX-License-Identifier: MIT */
/*
 * calls.h - the calls of a runner: posted in a mailbox in the chip's RAM, made one after another.
 *
 * A call costs one write, and the next begins when one ends. Time is allowed to the oldest alone,
 * by the computer's clock and then by cycles of the core (extension.h). No call of this header waits
 * for one of the chip.
 */
#ifndef FLASH_RUNNER_CALLS_H
#define FLASH_RUNNER_CALLS_H

#include "flash/runner/runner.h"

/* How many calls have not ended, as far as is known; after a failure that is not a status those
 * that never will: then there are no more. */
unsigned runner_calls(const struct runner *runner);
bool runner_has_room(const struct runner *runner); /* for another call */

struct runner_call {
	bool is_examine; /* Examine of algorithms/examine_code.h, not a function of the algorithm */
	bool is_unpack; /* Unpack of algorithms/unpack.h, which gets `second` as well: */
	struct runner_packed {
		uint32_t size, window;
		bool resets;
	} packed;
	uint32_t success; /* what it returns when all went well */
	uint32_t entry;   /* offset of the function in the algorithm */
	uint32_t r0, r1, r2;
	unsigned bank; /* of runner_banks, whose parameters it gets as its fourth */
	bool is_pair;  /* the function works in a second bank as well: */
	struct runner_second {
		uint32_t r0, r1, r2;
		unsigned bank;
	} second;
	uint32_t timeout_ms;
	uint32_t typical_us; /* how long it takes as a rule; 0: not known */
};

/* Posts a call, which begins when those before it have ended: one write. Only where there is
 * room. */
enum cause
runner_start(struct runner *runner, const struct runner_call *call, struct reason *why);
/* How long the oldest call will be busy yet, as a rule; 0: it may have ended. */
uint32_t runner_wait_us(struct runner *runner);
/* Only while there are calls. Never waits. *finished: how many have succeeded since it was asked
 * before. *status is not 0 when the one after these has failed: what it returned, exclusive or what
 * it should have; those behind it are forgotten. CAUSE_TIMEOUT: one has not ended in time, or the
 * chip was reset meanwhile; CAUSE_FAULT: it crashed or was halted, or its RAM was written over. */
enum cause runner_poll(struct runner *runner, unsigned *finished, uint32_t *status,
		       struct reason *why);
/* No further call begins. Then no more runner_start() and runner_poll(), and the core is idle when
 * the call has ended that runs. */
enum cause runner_stop(struct runner *runner, struct reason *why);
enum cause runner_is_idle(struct runner *runner, bool *is_idle, struct reason *why);

#endif /* FLASH_RUNNER_CALLS_H */
