/* SPDX-License-Identifier: MIT */
/*
 * examine.h - what examine.c finds out of a range of memory, without its bytes crossing the wire;
 * and the same for bytes on this computer.
 *
 * The two halves of a hash are MurmurHash3's 32-bit mixing (Austin Appleby, public domain) of the
 * words with different constants, without its end: a range that differs in one word differs in
 * both, and two that differ in more agree in both once in 2^64.
 */
#ifndef FLASH_ALGORITHMS_EXAMINE_H
#define FLASH_ALGORITHMS_EXAMINE_H

#include <stdint.h>

/* Words only, in the chip's RAM. */
struct examined {
	uint32_t at, size;     /* of the range: whole words */
	uint32_t hash[2];      /* result */
	uint32_t is_not_blank; /* result: 0 when every word is as erased */
};

static inline uint32_t
hash_rotate(uint32_t value, unsigned bits)
{
	return value << bits | value >> (32 - bits);
}

static inline void
hash_add(uint32_t hash[2], uint32_t word)
{
	hash[0] = hash_rotate(hash[0] ^ hash_rotate(word * 0xcc9e2d51u, 15), 13) * 5 +
		  0xe6546b64u;
	hash[1] = hash_rotate(hash[1] ^ hash_rotate(word * 0x85ebca6bu, 17), 19) * 9 +
		  0x52dce729u;
}

#endif /* FLASH_ALGORITHMS_EXAMINE_H */
