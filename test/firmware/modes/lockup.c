/* SPDX-License-Identifier: MIT */
/*
 * lockup.c - a fault, and then another in its handler: the HardFault vector leads to where
 * no code can be (DDI 0403E.e, B3.1: 0xE0000000 is never executed; B1.5.15).
 */
#include "test/firmware/modes/board.h"

enum { VECTORS = 16, HARD_FAULT = 3, GOOD_MS = 50 };
#define NOWHERE 0xe0000001u

/* B3.2.5: the table is aligned to its size, rounded up. */
static uint32_t vectors[VECTORS] __attribute__((aligned(512)));

int
main(void)
{
	wait_ms(GOOD_MS);
	vectors[HARD_FAULT] = NOWHERE;
	SCB_VTOR = (uint32_t)vectors;
	__asm__ volatile("dsb\n\tudf #0" ::: "memory");
	for (;;) {
	}
}
