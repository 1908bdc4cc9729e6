/* SPDX-License-Identifier: MIT */
/* examine.c - examine_code.h for every core: 5.75 instructions a word. */

/* h0 in r0, h1 in r1, the next word's address in r2, the multiplier in r3, HASH_TURN in
 * r4. */
#define HASH_STEP(word)         \
	"rors	r0, r4\n"         \
	"eors	r0, " word "\n" \
	"muls	r0, r3\n"         \
	"muls	r1, r3\n"         \
	"adds	r1, r1, " word "\n"
#define HASH_PAIR  "ldmia	r2!, {r5, r6}\n" HASH_STEP("r5") HASH_STEP("r6")
#define HASH_GROUP HASH_PAIR HASH_PAIR HASH_PAIR HASH_PAIR

#include "flash/algorithms/examine_code.h"
