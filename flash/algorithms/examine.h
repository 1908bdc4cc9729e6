/* SPDX-License-Identifier: MIT */
/*
 * examine.h - what examine.c finds out of a range of memory, without its bytes crossing the wire;
 * and the same for bytes on this computer.
 *
 * The halves of a hash go on from word to word in different ways, by odd multipliers, so each step
 * can be undone: a range that differs in one word differs in both, and two that differ in more
 * agree in both once in 2^64. They are made to cost a Cortex-M0 five instructions a word and a
 * mainline core three: after a reset an L4 or U5 has 4 MHz, and its flash is read twice in a load.
 * Blankness is one hash more, of as many words of erased flash, which this computer knows.
 */
#ifndef FLASH_ALGORITHMS_EXAMINE_H
#define FLASH_ALGORITHMS_EXAMINE_H

#include <stdint.h>

/* Words only, in the chip's RAM. */
struct examined {
	uint32_t at, size; /* of the range: whole words */
	uint32_t hash[2];  /* result */
};

/* D. Knuth, "The Art of Computer Programming", 6.4: 2^32 by the golden ratio. */
#define HASH_MULTIPLIER 0x9e3779b1u
enum { HASH_TURN = 27 }; /* to the right */

static inline __attribute__((always_inline)) void
hash_add(uint32_t hash[2], uint32_t word)
{
	hash[0] = ((hash[0] >> HASH_TURN | hash[0] << (32 - HASH_TURN)) ^ word) *
		  HASH_MULTIPLIER;
	hash[1] = hash[1] * HASH_MULTIPLIER + word;
}

#endif /* FLASH_ALGORITHMS_EXAMINE_H */
