/* SPDX-License-Identifier: MIT */
/*
 * examine.c - runs on the chip: hashes ranges of its memory.
 */
#include "flash/algorithms/examine.h"
#include "flash/algorithms/parameters.h"
#include "flash/algorithms/status.h"

enum { GROUP_WORDS = 4 }; /* in one round of the loop */
_Static_assert(BYTES_PER_FEED % (GROUP_WORDS * sizeof(uint32_t)) == 0,
	       "pieces between two feeds are groups");

uint32_t Examine(struct examined *ranges, uint32_t len, uint32_t unused,
		 const struct parameters *chip);

/* Keeps the compiler from reading ahead, for which a Cortex-M0 has no registers. */
static inline __attribute__((always_inline)) void
hash_next(uint32_t hash[2], const uint32_t *at)
{
	hash_add(hash, *at);
	__asm__ volatile("" : : "r"(hash[0]), "r"(hash[1]) : "memory");
}

static void
hash_words(uint32_t result[2], const uint32_t *at, const uint32_t *end)
{
	uint32_t hash[2] = { result[0], result[1] };

	while (end - at >= GROUP_WORDS) {
		hash_next(hash, at++);
		hash_next(hash, at++);
		hash_next(hash, at++);
		hash_next(hash, at++);
	}
	for (; at < end; at++)
		hash_add(hash, *at);
	result[0] = hash[0];
	result[1] = hash[1];
}

static void
examine_one(struct examined *range, const struct parameters *chip)
{
	uint32_t at = range->at, left = range->size, size;

	range->hash[0] = range->hash[1] = 0;
	for (; left > 0; at += size, left -= size) {
		size = left < BYTES_PER_FEED ? left : BYTES_PER_FEED;
		hash_words(range->hash, (const uint32_t *)at,
			   (const uint32_t *)(at + size));
		if (chip->watchdog != 0)
			*(volatile uint32_t *)chip->watchdog = WATCHDOG_RELOAD;
	}
}

uint32_t
Examine(struct examined *ranges, uint32_t len, uint32_t unused,
	const struct parameters *chip)
{
	(void)unused;
	for (uint32_t i = 0; i < len; i++)
		examine_one(&ranges[i], chip);
	return 0;
}
