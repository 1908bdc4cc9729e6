/* SPDX-License-Identifier: MIT */
/* examine_mainline.c - examine_code.h for Cortex-M3 and later mainline cores: 3.5 instructions a
 * word. */

/* h0 in r0, h1 in r1, the next word's address in r2, the multiplier in r3. */
#define HASH_STEP(word)                      \
	"eor	r0, " word ", r0, ror #27\n" \
	"mul	r0, r0, r3\n"                   \
	"mla	r1, r1, r3, " word "\n"
#define HASH_FOUR                                                                        \
	"ldmia	r2!, {r4, r5, r6, r7}\n" HASH_STEP("r4") HASH_STEP("r5") HASH_STEP("r6") \
		HASH_STEP("r7")
#define HASH_GROUP HASH_FOUR HASH_FOUR

#include "flash/algorithms/examine_code.h"

_Static_assert(HASH_TURN == 27, "as the instruction has it");
