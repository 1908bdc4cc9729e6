/* SPDX-License-Identifier: MIT */
#include "test/emulator/wire/noise.h"

#include <math.h>

#include "test/emulator/wire/timing.h"

double
noise_probability(const struct noise *noise, uint32_t hz)
{
	double probability;

	if (noise->clean_hz <= 0 || hz <= noise->clean_hz)
		return 0;
	probability = NOISE_FLIPS_PER_OCTAVE * log2(hz / noise->clean_hz);
	return probability < NOISE_FLIPS_MOST ? probability : NOISE_FLIPS_MOST;
}

uint64_t
noise_bits(struct noise *noise, uint32_t hz, unsigned count)
{
	double probability = noise_probability(noise, hz);
	uint64_t bits = 0;

	for (unsigned i = 0; i < count; i++) {
		if (!chance_happens(&noise->chance, probability))
			continue;
		bits |= UINT64_C(1) << i;
		noise->flipped++;
	}
	return bits;
}
