/* SPDX-License-Identifier: MIT */
/*
 * slow_clock.c - a program that saves current by dividing its bus clock by 512 (RCC_CFGR.HPRE,
 * RM0440 7.4.3, RM0008 7.3.2): 31 kHz on the G473, 16 kHz on the F103. It runs on, and the
 * AHB-AP with it, far slower than SWCLK.
 */
#include "test/firmware/modes/board.h"

enum { GOOD_MS = 50 };
#define RCC_CFGR_HPRE_512 (15u << 4)

int
main(void)
{
	wait_ms(GOOD_MS);
	RCC_CFGR |= RCC_CFGR_HPRE_512;
	for (;;) {
	}
}
