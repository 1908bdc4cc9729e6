/* SPDX-License-Identifier: MIT */
/*
 * examine.c - runs on the chip: hashes ranges of its memory and says which are blank.
 */
#include "flash/algorithms/examine.h"
#include "flash/algorithms/parameters.h"
#include "flash/algorithms/status.h"

uint32_t Examine(struct examined *ranges, uint32_t len, uint32_t unused,
		 const struct parameters *chip);

static void
examine_one(struct examined *range, const struct parameters *chip)
{
	uint32_t at = range->at, end = at + range->size, erased = chip->erased;
	uint32_t hash[2] = { 0, 0 }, differs = 0;

	for (; at < end; at += sizeof(uint32_t)) {
		uint32_t word = *(const volatile uint32_t *)at;

		hash_add(hash, word);
		differs |= word ^ erased;
		if ((at & (BYTES_PER_FEED - sizeof(uint32_t))) == 0 && chip->watchdog != 0)
			*(volatile uint32_t *)chip->watchdog = WATCHDOG_RELOAD;
	}
	range->hash[0] = hash[0];
	range->hash[1] = hash[1];
	range->is_not_blank = differs;
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
