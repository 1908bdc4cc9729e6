/* SPDX-License-Identifier: MIT */
#include "test/emulator/base/chance.h"

/* FNV-1a over the consumer's name (Fowler, Noll, Vo), 64 bits. */
static const uint64_t fnv_offset = UINT64_C(0xcbf29ce484222325);
static const uint64_t fnv_prime = UINT64_C(0x100000001b3);

void
chance_seed(struct chance *chance, uint64_t seed, const char *consumer)
{
	uint64_t name = fnv_offset;

	for (; *consumer; consumer++)
		name = (name ^ (uint8_t)*consumer) * fnv_prime;
	chance->state = seed ^ name;
}

/* SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014, figure 16 with David Stafford's mix 13). */
uint64_t
chance_next(struct chance *chance)
{
	uint64_t mixed = chance->state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

bool
chance_happens(struct chance *chance, double probability)
{
	enum { FRACTION_BITS = 53 }; /* of a double */

	if (probability <= 0)
		return false;
	return (double)(chance_next(chance) >> (64 - FRACTION_BITS)) <
	       probability * (double)(UINT64_C(1) << FRACTION_BITS);
}
