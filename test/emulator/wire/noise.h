/* SPDX-License-Identifier: MIT */
/*
 * noise.h - a cable that is clean up to some clock and loses more and more bits above
 * it: reflections and slow edges eat the time in which a bit can be sampled.
 */
#ifndef TEST_EMULATOR_WIRE_NOISE_H
#define TEST_EMULATOR_WIRE_NOISE_H

#include <stdint.h>

#include "test/emulator/base/chance.h"

struct noise {
	struct chance chance;
	double clean_hz; /* 0: clean at any clock */
	uint64_t flipped;
};

/* How likely a bit is lost at this clock. */
double noise_probability(const struct noise *noise, uint32_t hz);
/* Which of the next `count` bits (at most 64) arrive inverted, the first in bit 0. */
uint64_t noise_bits(struct noise *noise, uint32_t hz, unsigned count);

#endif /* TEST_EMULATOR_WIRE_NOISE_H */
