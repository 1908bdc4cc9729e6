/* SPDX-License-Identifier: MIT */
/*
 * examine_code.h - runs on the chip: hashes ranges of its memory. examine.c and examine_mainline.c
 * include it with HASH_GROUP, hash_add() of eight words in the instructions of their cores: a
 * compiler takes half as many again.
 */
#ifndef FLASH_ALGORITHMS_EXAMINE_CODE_H
#define FLASH_ALGORITHMS_EXAMINE_CODE_H

#include "flash/algorithms/examine.h"
#include "flash/algorithms/status.h"

enum { GROUP_BYTES = 32 }; /* in one round of the loop */
_Static_assert(BYTES_PER_FEED % GROUP_BYTES == 0, "pieces between two feeds are groups");

uint32_t Examine(struct examined *ranges, uint32_t len, uint32_t watchdog);

/* Whole groups, at least one; hash_add() of examine.h word by word. */
static void
hash_groups(uint32_t hash[2], const uint32_t *at, const uint32_t *end)
{
	register uint32_t h0 __asm__("r0") = hash[0];
	register uint32_t h1 __asm__("r1") = hash[1];
	register const uint32_t *from __asm__("r2") = at;
	register uint32_t multiplier __asm__("r3") = HASH_MULTIPLIER;
	register uint32_t turn __asm__("r4") = HASH_TURN;

	__asm__ volatile(
		/* clang-format off */
		".syntax unified\n"
		"1:\n"
		HASH_GROUP
		"cmp	r2, %[end]\n"
		"bne	1b\n"
		/* clang-format on */
		: "+l"(h0), "+l"(h1), "+l"(from), "+l"(turn)
		: "l"(multiplier), [end] "h"(end)
		: "r5", "r6", "r7", "cc", "memory");
	hash[0] = h0;
	hash[1] = h1;
}

static void
hash_words(uint32_t hash[2], uint32_t at, uint32_t end)
{
	uint32_t groups = at + ((end - at) & ~(uint32_t)(GROUP_BYTES - 1));

	if (groups != at)
		hash_groups(hash, (const uint32_t *)at, (const uint32_t *)groups);
	for (; groups < end; groups += sizeof(uint32_t))
		hash_add(hash, *(const uint32_t *)groups);
}

/* The watchdog's IWDG_KR, or 0. */
static void
examine_one(struct examined *range, uint32_t watchdog)
{
	uint32_t at = range->at, left = range->size, size;

	range->hash[0] = range->hash[1] = 0;
	for (; left > 0; at += size, left -= size) {
		size = left < BYTES_PER_FEED ? left : BYTES_PER_FEED;
		hash_words(range->hash, at, at + size);
		if (watchdog != 0)
			*(volatile uint32_t *)watchdog = WATCHDOG_RELOAD;
	}
}

uint32_t
Examine(struct examined *ranges, uint32_t len, uint32_t watchdog)
{
	for (uint32_t i = 0; i < len; i++)
		examine_one(&ranges[i], watchdog);
	return 0;
}

#endif /* FLASH_ALGORITHMS_EXAMINE_CODE_H */
