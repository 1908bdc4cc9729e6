/* SPDX-License-Identifier: MIT */
/*
 * chance.h - everything random in the lab: noise on wires, an open pin's voltage, what
 * RAM holds when power comes. Each consumer has a source of its own, so that one who
 * asks more often does not change what another gets; all start from --seed.
 */
#ifndef TEST_EMULATOR_BASE_CHANCE_H
#define TEST_EMULATOR_BASE_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

/* `consumer` is a word of the caller's, e.g. "noise". */
void chance_seed(struct chance *chance, uint64_t seed, const char *consumer);
uint64_t chance_next(struct chance *chance);
/* True with this probability, 0 to 1. At 0 nothing is drawn. */
bool chance_happens(struct chance *chance, double probability);

#endif /* TEST_EMULATOR_BASE_CHANCE_H */
